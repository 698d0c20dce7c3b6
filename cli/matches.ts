// The matches of a run, for people and for programs.
import pc from 'picocolors';
import type { Entry } from '../events/entry.ts';
import type { Rule } from '../events/rule.ts';
import { addressOf } from './sources.ts';
import { printable } from './terminal.ts';

type Fields = { [key: string]: unknown };

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Who made a call, as briefly as tells: `alice`, `root`, `assumed-role/ops/alice`, `ec2.amazonaws.com`. */
function whoOf(identity: Fields, parameters: Fields): string {
  if (identity['type'] === 'Root') return 'root';
  const { userName, arn, invokedBy, principalId, type } = identity;
  const caller = textOf(userName) ?? textOf(arn)?.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '') ?? textOf(invokedBy);
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
export function matchOf({ record, ref, time, source }: Entry): Match {
  const fields = fieldsOf(JSON.parse(record.text()));
  return {
    time: time ?? textOf(fields['eventTime']),
    event: `${source.replace(/^cloudtrail\./, '')}:${textOf(fields['eventName']) ?? 'unknown'}`,
    who: whoOf(fieldsOf(fields['userIdentity']), fieldsOf(fields['requestParameters'])),
    from: textOf(fields['sourceIPAddress']) ?? 'unknown',
    account: textOf(fields['recipientAccountId']) ?? textOf(fields['accountId']),
    region: textOf(fields['awsRegion']),
    errorCode: textOf(fields['errorCode']),
    eventID: textOf(fields['eventID']),
    file: addressOf(ref),
    record: record.index,
  };
}

/** One object for each rule that matched: `{"type":"match","rule","title"?,"severity"?,"time","event","who","from","account","region","errorCode"?,"eventID","file","record"}`. */
export const matchObject = ({ name, title, severity }: Rule, match: Match): Record<string, unknown> => ({
  type: 'match',
  rule: name,
  title,
  severity,
  ...match,
});

const COLOURS: Record<string, (text: string) => string> = { critical: pc.red, high: pc.red, medium: pc.yellow };

/** `2026-10-05T13:04:41Z console.no-mfa signin:ConsoleLogin by martin from 203.0.113.77 in FILE record 3` */
export function matchText({ name, severity = '' }: Rule, { time = 'no time', event, who, from, errorCode, file, record }: Match): string {
  const colour = COLOURS[severity] ?? pc.bold;
  const refused = errorCode === undefined ? '' : ` (${printable(errorCode)})`;
  return `${printable(time)} ${colour(printable(name))} ${printable(event)}${refused} by ${printable(who)} from ${printable(from)} ${pc.dim(`in ${printable(file)} record ${record}`)}`;
}

/** Writes matches as they come; out of the way of a progress bar, and of a reader that has gone. */
export class MatchWriter {
  private readonly stream: NodeJS.WriteStream;
  private readonly json: boolean;
  private gone = false;

  constructor(stream: NodeJS.WriteStream, json: boolean) {
    this.stream = stream;
    this.json = json;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.gone = true;
    });
  }

  write(rules: Rule[], entry: Entry): void {
    if (this.gone) return;
    const match = matchOf(entry);
    const lines = rules.map((rule) => (this.json ? JSON.stringify(matchObject(rule, match)) : matchText(rule, match)));
    // A progress bar may stand on this line.
    if (this.stream.isTTY && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    this.stream.write(`${lines.join('\n')}\n`);
  }
}
