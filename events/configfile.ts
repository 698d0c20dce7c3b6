// trailbus.yml: what a deployment, or a run on a laptop, is told beyond its defaults. All of it is optional.
import * as z from 'zod';
import { namedTarget } from './busrules/index.ts';
import { detectionWindow, duration, exclusionFields } from './detect/index.ts';
import { SEVERITIES } from './finding.ts';
import { checkYaml, FileError, type FileFault, readYaml } from './yamlfile.ts';

const text = z.string().min(1, 'must not be empty');
const scalar = z.union([z.string(), z.number()]).transform(String);
const account = scalar.refine(
  (value) => /^\d{12}$/.test(value),
  'must be an account id of 12 digits; write it in quotes, so that leading zeros stay',
);
const listFile = z.strictObject({ file: text.describe('a value on each line; `#` begins a comment') });
const list = z.union([z.array(scalar), listFile]);
const names = z.array(text).meta({ description: 'ids of detections; `iam.*` is all that begin so', suggest: 'ids' });

const override = z.strictObject({
  severity: z.enum(SEVERITIES).optional().describe('in place of the detection’s own'),
  window: detectionWindow.optional().describe('in place of the detection’s own'),
  dryRun: z.boolean().optional().describe('counted and shown, never told'),
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
  storm: z.int().min(1).optional().describe('findings of one detection in an hour, above which they are told as one; default 50'),
  emit: z.enum(['all', 'matched']).optional().describe('what goes on the bus: every record, or what a rule matches'),
});

export type ConfigFields = z.output<typeof configSchema>;

/** trailbus.yml as it was read; files that it names are not. */
export interface ConfigFile {
  fields: ConfigFields;
  source: string;
}

/** What is in force where there is no trailbus.yml. */
export const NO_CONFIG: ConfigFile = { fields: {}, source: 'defaults' };

/**
 * Reads trailbus.yml.
 * @throws FileError with every fault in it
 */
export function readConfigFile(file: string, source: string): ConfigFile {
  const documents = readYaml(file, source);
  if (documents.length > 1) throw new FileError([oneDocument(source)]);
  const [document] = documents;
  if (document === undefined || document.value === null) return { fields: {}, source };
  const checked = checkYaml(document, configSchema);
  if ('faults' in checked) throw new FileError(checked.faults);
  return { fields: checked.value, source };
}

const oneDocument = (source: string): FileFault => ({
  ...{ source, line: 1, column: 1, path: '', message: 'must be one document', help: 'take out the lines `---`' },
});

/** The values in a file of a list: one a line, blank lines and comments left out. */
export const listValues = (file: string): string[] =>
  file
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
