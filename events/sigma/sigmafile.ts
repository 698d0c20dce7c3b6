// Sigma files to their rules: YAML, one or several documents, checked as far as any reader of Sigma must.
import { visit } from 'yaml';
import * as z from 'zod';
import { checkYaml, FileError, type FileFault, placeOfPath, readYaml, type YamlDocument } from '../yamlfile.ts';
import { ConditionError, conditionOf } from './condition.ts';
import type { Expression } from './expression.ts';
import { Unsayable } from './notes.ts';
import { searchOf } from './search.ts';

const texts = z
  .union([z.string(), z.array(z.union([z.string(), z.number()]).nullable())])
  .nullish()
  .transform((given) => [given].flat().flatMap((each) => (each === null || each === undefined || each === '' ? [] : [String(each)])));
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((given) => (given === null || given === undefined || given === '' ? undefined : String(given)));

const counts = z.looseObject({
  field: texts,
  ...Object.fromEntries(['gt', 'gte', 'lt', 'lte', 'eq', 'neq'].map((name) => [name, z.number().optional()])),
});

const correlation = z.looseObject({
  type: z.string(),
  rules: texts,
  'group-by': texts,
  timespan: z.string().optional(),
  condition: counts.nullish(),
  aliases: z.record(z.string(), z.record(z.string(), z.string())).nullish(),
  generate: z.boolean().nullish(),
});

/** Only what is read of a rule; whatever else it has is its own. */
const sigmaSchema = z.looseObject({
  ...{ title: text, id: text, name: text, status: text, description: text, author: texts, license: text, date: text, level: text },
  ...{ references: texts, tags: texts, falsepositives: texts },
  logsource: z.looseObject({ product: text, service: text, category: text }).nullish(),
  detection: z.looseObject({ condition: z.union([z.string(), z.array(z.string()).min(1)]) }).optional(),
  correlation: correlation.optional(),
});

export type SigmaFields = z.output<typeof sigmaSchema>;
export type CorrelationFields = z.output<typeof correlation>;

/** A document of a Sigma file. */
export interface SigmaDocument {
  fields: SigmaFields;
  source: string;
  line: number;
  /** Of a rule with a detection: what it asks, or why that can't be said. */
  asks?: Expression;
}

/**
 * The documents of a Sigma file.
 * @throws FileError with every fault of the file
 */
export function readSigma(file: string, source: string): SigmaDocument[] {
  const documents = readYaml(file, source).filter(({ document }) => document.contents !== null);
  const faults: FileFault[] = [];
  const read = documents.flatMap((each) => {
    const checked = checkYaml({ ...each, value: withNumbersAsWritten(each) }, sigmaSchema);
    if ('faults' in checked) faults.push(...checked.faults);
    else return [documentOf(checked.value, each, faults)];
    return [];
  });
  if (faults.length > 0) throw new FileError(faults);
  return read;
}

/** `012345678901` without quotes is an account, not a number that has lost its zero. */
function withNumbersAsWritten({ document, value }: YamlDocument): unknown {
  let hasZeros = false;
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== 'number' || !/^0\d+$/.test(node.source ?? '')) return;
      hasZeros = true;
      node.value = node.source;
    },
  });
  return hasZeros ? document.toJS({ maxAliasCount: 100 }) : value;
}

function documentOf(fields: SigmaFields, each: YamlDocument, faults: FileFault[]): SigmaDocument {
  const { source, line } = placeOfPath(each, []);
  const read = { fields, source, line };
  if (fields.detection === undefined) return read;
  try {
    return { ...read, asks: detectionAsks(fields.detection) };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    faults.push({ ...placeOfPath(each, ['detection', 'condition']), message: error.message });
    return read;
  }
}

/** Conditions in a list are alternatives. */
function detectionAsks({ condition, timeframe, ...searches }: NonNullable<SigmaFields['detection']>): Expression {
  if (timeframe !== undefined) return { kind: 'unsayable', why: '`timeframe`: Sigma has given it up for correlation rules' };
  const expressions = new Map(Object.entries(searches).map(([name, search]) => [name, searchOf(search)]));
  try {
    const conditions = [condition].flat().map((each) => conditionOf(each, expressions));
    return conditions.length === 1 ? conditions[0]! : { kind: 'or', of: conditions };
  } catch (error) {
    if (!(error instanceof Unsayable)) throw error;
    return { kind: 'unsayable', why: error.message };
  }
}
