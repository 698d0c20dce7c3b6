// trailbus.yml: what a deployment, or a run on a laptop, is told beyond its defaults. All of it is optional.
import * as z from 'zod';
import { namedTarget } from './busrules/index.ts';
import { detectionWindow, duration, exclusionFields, MAX_STORM_LIMIT } from './detect/index.ts';
import { SEVERITIES } from './finding.ts';
import { checkYaml, FileError, type FileFault, readYaml, valueAtPath, type YamlDocument } from './yamlfile.ts';

const text = z.string().min(1, 'must not be empty');
const scalar = z.union([z.string(), z.number()]).transform(String);
const isAccount = (text: string): boolean => /^\d{12}$/.test(text);
const account = scalar.refine(isAccount, 'must be an account id of 12 digits; write it in quotes, so that leading zeros stay');
const listFile = z.strictObject({ file: text.describe('a value on each line; `#` begins a comment') });
const list = z.union([z.array(scalar), listFile]);
const names = z.array(text).meta({ description: 'ids of detections; `iam.*` is all that begin so', suggest: 'ids' });

const override = z.strictObject({
  severity: z.enum(SEVERITIES).optional().describe('in place of the detection’s own'),
  window: detectionWindow.optional().describe('in place of the detection’s own'),
  dryRun: z.boolean().optional().describe('counted and shown, never told'),
});

const { reason, owner, until } = exclusionFields.shape;
const patternsOf = (what: string) => z.array(text).optional().describe(`only ${what}; \`*\` stands for any characters`);

const checkExclusion = z.strictObject({
  checks: patternsOf('of these checks, by id'),
  resources: patternsOf('these resources'),
  accounts: z.array(account).optional().describe('only in these accounts'),
  regions: patternsOf('in these regions, `global` for what is in none'),
  ...{ reason, owner, until },
});

export const configSchema = z.strictObject({
  lists: z
    .strictObject({
      accounts: z
        .union([z.array(account), listFile])
        .optional()
        .describe('accounts that are yours'),
    })
    .catchall(list)
    .optional()
    .describe('values for `$accounts`, `$regions`, `$automation`, `$logBuckets`, `$adminGroups`, `$ownRules` and lists of your own'),
  learn: duration.optional().describe('how long a detection of something new only watches; default 7d'),
  rules: z
    .array(text)
    .optional()
    .describe('your rule files and folders: those with targets are put on the bus; what they match goes there with `emit: matched`'),
  targets: z
    .record(z.string(), namedTarget)
    .optional()
    .describe('targets by a name that rule files may give: an ARN, or a target in EventBridge’s own words'),
  detections: z
    .strictObject({
      pack: z.boolean().optional().describe('false leaves out the detections that come with Trailbus'),
      files: z.array(text).optional().describe('your detection files and folders'),
      on: names.optional().describe('turned on, though they are off by themselves'),
      off: names.optional().describe('turned off'),
      override: z.record(z.string(), override).optional().meta({ description: 'by id, what is changed of a detection', suggest: 'idKeys' }),
    })
    .optional()
    .describe('which detections are asked'),
  exclusions: z
    .array(
      exclusionFields.extend({
        rules: names.optional().describe('only of these detections'),
        accounts: z.array(account).optional().describe('only in these accounts'),
      }),
    )
    .optional()
    .describe('what is no finding, for all detections or some, in all accounts or some'),
  storm: z
    .int()
    .min(1)
    .max(MAX_STORM_LIMIT)
    .optional()
    .describe('findings of one detection in an hour, above which they are told as one; default 50, at most 1,000'),
  checks: z
    .strictObject({
      off: z.array(text).optional().describe('ids of checks that are not asked'),
      exclusions: z.array(checkExclusion).optional().describe('resources that are looked at and let be: grey, and no finding'),
    })
    .optional()
    .describe('what `trailbus advise` asks'),
  emit: z.enum(['all', 'matched']).optional().describe('what goes on the bus: every record, or what a rule matches'),
});

export type ConfigFields = z.output<typeof configSchema>;

/** trailbus.yml as it was read; files that it names are not. */
export interface ConfigFile {
  /** What is sound of it. */
  fields: ConfigFields;
  source: string;
  /** Undefined where there is no file, or nothing in it. */
  document: YamlDocument | undefined;
  /** What is wrong in it. */
  faults: readonly FileFault[];
}

/** What is in force where there is no trailbus.yml. */
export const NO_CONFIG: ConfigFile = { fields: {}, source: 'defaults', document: undefined, faults: [] };

/** Reads trailbus.yml as far as it is sound. */
export function readConfigFile(file: string, source: string): ConfigFile {
  try {
    const documents = readYaml(file, source);
    if (documents.length > 1) throw new FileError([oneDocument(source)]);
    const [document] = documents;
    if (document === undefined || document.value === null) return { ...NO_CONFIG, source };
    const checked = checkYaml(document, configSchema);
    if ('value' in checked) return { fields: checked.value, source, document, faults: [] };
    return { fields: soundFields(document.value), source, document, faults: checked.faults };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { ...NO_CONFIG, source, faults: error.faults };
  }
}

/** Keys whose values are sound; of lists each by itself. */
function soundFields(value: unknown): ConfigFields {
  const { lists: _, ...others } = configSchema.shape;
  const lists = listNamesIn(value).flatMap((name) => soundPart(list, value, ['lists', name]));
  return {
    ...Object.fromEntries(Object.entries(others).flatMap(([key, schema]) => soundPart(schema, value, [key]))),
    lists: Object.fromEntries(lists),
  };
}

function soundPart<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string[]): [string, z.output<Schema>][] {
  const { success, data } = schema.safeParse(valueAtPath(value, path));
  return success && data !== undefined ? [[path.at(-1)!, data]] : [];
}

/** Names of all lists that a trailbus.yml has, sound or not. */
export function listNamesIn(value: unknown): string[] {
  const lists = valueAtPath(value, ['lists']);
  return typeof lists === 'object' && lists !== null && !Array.isArray(lists) ? Object.keys(lists) : [];
}

const oneDocument = (source: string): FileFault => ({
  ...{ source, line: 1, column: 1, path: '', message: 'must be one document', help: 'take out the lines `---`' },
});

/** A value in a file of a list, and its line. */
export interface ListedValue {
  value: string;
  line: number;
}

/** The values in a file of a list: one a line, blank lines and comments left out. */
export const listValues = (file: string): ListedValue[] =>
  file
    .split(/\r?\n/)
    .map((line, at) => ({ value: line.replace(/(^|\s)#.*$/, '').trim(), line: at + 1 }))
    .filter(({ value }) => value !== '');

/** What is wrong with a file of accounts. */
export const accountFaults = (values: readonly ListedValue[], source: string): FileFault[] =>
  values
    .filter(({ value }) => !isAccount(value))
    .map(({ value, line }) => ({ source, line, column: 1, path: '', message: `must be an account id of 12 digits: \`${value}\`` }));
