// The matches of a run, for people and for programs.
import pc from 'picocolors';
import { nameInArn, serviceOfSource } from '../events/cloudtrail.ts';
import type { Entry } from '../events/entry.ts';
import type { Rule } from '../events/rules/index.ts';
import { addressOfFile } from './sources.ts';
import { jsonLine, printable } from './terminal.ts';

type RecordValues = { [key: string]: unknown };

const fieldsOf = (value: unknown): RecordValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RecordValues) : {};
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The caller as the record names it: `alice`, `root`, `assumed-role/ops/alice`, `ec2.amazonaws.com`. A finding says more shortly who is behind it. */
function callerOf(identity: RecordValues, parameters: RecordValues): string {
  if (identity['type'] === 'Root') return 'root';
  const { userName, arn, invokedBy, principalId, type } = identity;
  const caller = textOf(userName) ?? textOf(nameInArn(textOf(arn) ?? '')) ?? textOf(invokedBy);
  return caller ?? textOf(parameters['roleArn']) ?? textOf(principalId) ?? textOf(type) ?? 'unknown';
}

export interface Match {
  time: string | undefined;
  event: string;
  who: string;
  from: string;
  account: string | undefined;
  region: string | undefined;
  errorCode: string | undefined;
  eventID: string | undefined;
  file: string;
  record: number;
}

/** What a person wants to know of a matched record. Only now is the record parsed. */
function matchOf({ record, ref, time, source }: Entry): Match {
  const fields = fieldsOf(JSON.parse(record.text()));
  return {
    time: time ?? textOf(fields['eventTime']),
    event: `${serviceOfSource(source) ?? source}:${textOf(fields['eventName']) ?? 'unknown'}`,
    who: callerOf(fieldsOf(fields['userIdentity']), fieldsOf(fields['requestParameters'])),
    from: textOf(fields['sourceIPAddress']) ?? 'unknown',
    account: textOf(fields['recipientAccountId']) ?? textOf(fields['accountId']),
    region: textOf(fields['awsRegion']),
    errorCode: textOf(fields['errorCode']),
    eventID: textOf(fields['eventID']),
    file: addressOfFile(ref),
    record: record.index,
  };
}

/** One line for each rule that matched: `{"type":"match","rule","title"?,"severity"?,"time","event","who","from","account","region","errorCode"?,"eventID","file","record"}`. */
const jsonLines = (rules: Rule[], match: Match): string =>
  rules.map(({ name, title, severity }) => jsonLine({ type: 'match', rule: name, title, severity, ...match })).join('');

const COLOURS: Record<string, (text: string) => string> = { critical: pc.red, high: pc.red, medium: pc.yellow };

/** `2026-10-05T13:04:41Z console.no-mfa signin:ConsoleLogin by martin from 203.0.113.77 in FILE record 3` */
function textLine({ name, severity = '' }: Rule, { time = 'no time', event, who, from, errorCode, file, record }: Match): string {
  const colour = COLOURS[severity] ?? pc.bold;
  const refused = errorCode === undefined ? '' : ` (${printable(errorCode)})`;
  return `${printable(time)} ${colour(printable(name))} ${printable(event)}${refused} by ${printable(who)} from ${printable(from)} ${pc.dim(`in ${printable(file)} record ${record}`)}\n`;
}

/** The lines of a record that rules matched. */
export function matchLines(rules: Rule[], entry: Entry, json: boolean): string {
  const match = matchOf(entry);
  return json ? jsonLines(rules, match) : rules.map((rule) => textLine(rule, match)).join('');
}
