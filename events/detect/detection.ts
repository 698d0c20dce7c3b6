// What a detection file may say: the schema that reads it, that editors complete by, and that the type comes from.
import * as z from 'zod';
import { SEVERITIES } from '../finding.ts';
import { DURATION, dayOf, isDay } from './duration.ts';
import { windowFaults } from './windowlimits.ts';

export const duration = z.string().regex(DURATION, 'must be a length of time such as 90s, 15m, 24h or 10d');
const text = z.string().min(1, 'must not be empty');
const texts = z.union([text, z.array(text)]).describe('one, or a list of them');
const severity = z.enum(SEVERITIES);
/** Which known words editors offer for a text, beside any other: tools/jsonschema.ts has them. */
const offering = (suggest: 'fields' | 'countedBy' | 'lists' | 'tags' | 'pattern', description: string) => ({ description, suggest });
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, { message: 'must be a day such as 2027-01-31', abort: true })
  .refine(isDay, 'is no day that the calendar has');
const date = z.union([day, z.date()]).transform(dayOf);

/** A dotted path in a record, arrays gone from it: `requestParameters.ipPermissions.items.cidrIp`. */
const field = z
  .string()
  .regex(/^[A-Za-z_][\w-]*(\.[\w:/-]+)*$/, 'must be a field of the record such as `requestParameters.userName`')
  .meta(offering('fields', 'a field of the record: `requestParameters.userName`'));

export const pattern = z
  .record(z.string(), z.unknown())
  .meta(offering('pattern', 'an EventBridge event pattern; `$accounts` and other lists may stand for values'));
const patterns = z.union([pattern, z.array(pattern).min(1)]).describe('an EventBridge event pattern, or a list of which any may match');

const cidrs = z.strictObject({
  field,
  cidrs: z.array(text).min(1).meta(offering('lists', 'blocks such as 10.0.0.0/8, or $lists of them')),
});

/** Conditions that a pattern can't say. All of a list must hold. */
export type Condition =
  | { differ: [string, string] }
  | { same: [string, string] }
  | { inCidr: { field: string; cidrs: string[] } }
  | { notInCidr: { field: string; cidrs: string[] } }
  | { grantsAdmin: string }
  | { isPublic: string }
  | { foreignAccount: string }
  | { any: Condition[] }
  | { none: Condition[] };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({
      differ: z.tuple([field, field]).describe('the first has a value that is not among those of the second, which may be absent'),
    }),
    z.strictObject({ same: z.tuple([field, field]).describe('the two have a value in common') }),
    z.strictObject({ inCidr: cidrs.describe('an address in one of the blocks') }),
    z.strictObject({ notInCidr: cidrs.describe('an address, and in none of the blocks') }),
    z.strictObject({
      grantsAdmin: field.describe('a policy document that allows everything, everything but some, or everything in IAM, on every resource'),
    }),
    z.strictObject({ isPublic: field.describe('a policy document or grant that lets everyone in') }),
    z.strictObject({ foreignAccount: field.describe('an account, ARN or policy document that names an account not in $accounts') }),
    z.strictObject({ any: z.array(condition).min(1).describe('at least one of these holds') }),
    z.strictObject({ none: z.array(condition).min(1).describe('none of these holds') }),
  ]),
);
export const conditions = z.union([condition, z.array(condition).min(1)]).describe('what a pattern can’t say; all of a list must hold');

const by = texts.meta(offering('countedBy', 'what is counted together: fields of the record, or principal, account, region, address'));
const distinct = field.meta(
  offering('countedBy', 'whose values are counted: a field of the record, or principal, account, region, address'),
);
const firstSeen = texts.meta(offering('countedBy', 'fields whose values together were never seen before'));
/** The forms of a window, with what may stand for `by`. */
const windowBy = <By extends z.ZodType>(by: By) => {
  const spanned = {
    within: duration.describe('how far apart by eventTime'),
    by,
    dedup: duration.optional().describe('one finding per key in each such period'),
  };
  return z
    .union([
      z.strictObject({
        threshold: z.int().min(1).describe('so many events; 1 makes one finding of all events of a key in a period'),
        ...spanned,
      }),
      z.strictObject({ distinct, atLeast: z.int().min(2).describe('so many different values'), ...spanned }),
      z.strictObject({
        sequence: z
          .array(
            z.strictObject({
              pattern: patterns,
              where: conditions.optional(),
              atLeast: z.int().min(1).optional().describe('so many events of this step; 1 where none is given'),
            }),
          )
          .min(2)
          .describe('these, one after the other'),
        ...spanned,
      }),
      z.strictObject({
        firstSeen,
        by,
        learn: duration.optional().describe('how long nothing is told after the first event; default from trailbus.yml'),
        remember: duration.optional().describe('how long a value is known after it was last seen; default 30d'),
      }),
    ])
    .describe('how many events make a finding, over eventTime');
};

export const detectionWindow = windowBy(by);

export const exclusionFields = z.strictObject({
  pattern: patterns,
  reason: text.describe('why this is no finding'),
  owner: text.describe('who answers for it'),
  until: date.optional().describe('the last day it holds'),
});

const raise = z
  .strictObject({
    to: severity.describe('the severity that the finding then has at least'),
    pattern: patterns.optional(),
    where: conditions.optional(),
    window: windowBy(by.optional()).optional(),
  })
  .refine(
    (each) => each.pattern !== undefined || each.where !== undefined || each.window !== undefined,
    'needs a pattern, where or window',
  );

/** An event of a test: a record, an event of the bus, or the name of a file beside the detection; a list of them is told in order. */
const testEvent = z.union([text.describe('a file beside this one'), z.record(z.string(), z.unknown())]);
const testCase = z.union([testEvent, z.array(testEvent).min(1)]);
const lists = z.record(z.string(), z.array(z.union([z.string(), z.number()]).transform(String)));

const tests = z.strictObject({
  lists: lists.optional().describe('lists for these tests: accounts, regions …'),
  matches: z.array(testCase).optional().describe('each makes a finding'),
  ignores: z.array(testCase).optional().describe('none makes one'),
});

export const detectionSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be of letters, digits, dots, dashes and underscores')
      .max(100)
      .optional()
      .describe('its name, in findings and in trailbus.yml; the file’s where none is given'),
    title: text
      .max(500)
      .optional()
      .describe('what a finding is called; `{userIdentity.userName}` stands for a field, `{who}` for the caller'),
    description: text.optional().describe('what it notices, and why that matters'),
    severity: severity.optional().describe('medium where none is given'),
    raise: z.array(raise).min(1).optional().describe('what lifts the severity'),
    tags: texts.meta(offering('tags', 'attack.t1562.008, attack.defense-evasion, cis.4.5')).optional(),
    references: texts.optional().describe('pages that tell more'),
    falsePositives: texts.optional().describe('what else looks like this'),
    runbook: texts.optional().describe('what to do next'),
    pattern: patterns.optional(),
    where: conditions.optional(),
    success: z.literal(true).optional().describe('only calls that went well: without errorCode and errorMessage'),
    window: detectionWindow.optional(),
    exclusions: z.array(exclusionFields).optional().describe('what the pattern matches and is no finding'),
    off: text.optional().describe('why it is off unless it is turned on'),
    dryRun: z.boolean().optional().describe('counted and shown, never told'),
    targets: z
      .union([text, z.array(z.union([text, z.record(z.string(), z.unknown())]))])
      .optional()
      .describe('of a rule file: where matching events are sent'),
    tests: tests.optional().describe('what it must find and what not; `trailbus rules test` runs them'),
  })
  .refine((each) => each.pattern !== undefined || (each.window !== undefined && 'sequence' in each.window), {
    path: ['pattern'],
    message: 'is missing: only a sequence does without',
  })
  .superRefine((each, context) => {
    for (const { path, message } of windowFaults(each)) context.addIssue({ code: 'custom', path, message });
  });

export type DetectionFields = z.output<typeof detectionSchema>;
export type WindowFields = z.output<typeof detectionWindow>;
export type ExclusionFields = z.output<typeof exclusionFields>;
export type TestCase = z.output<typeof testCase>;
