// What `trailbus rules list` does.
import pc from 'picocolors';
import { compileDetections, type Detection, dayOf } from '../../events/detect/index.ts';
import { SEVERITIES, type Severity } from '../../events/finding.ts';
import { readConfig } from '../../local/configfile.ts';
import { chosenDetections, withAnyAccount } from '../../local/inforce.ts';
import { jsonLine, printable } from '../terminal.ts';
import { counted } from './writenew.ts';

export interface ListOptions {
  config?: string;
  allRules?: boolean;
  json?: boolean;
}

interface Listed {
  detection: Detection;
  /** Why it is off. */
  why: string | undefined;
}

export async function listRules(paths: string[], { config, allRules = false, json = false }: ListOptions): Promise<void> {
  const listed = listedFrom(paths, config, allRules);
  if (json) for (const each of listed) process.stdout.write(jsonLine(listedObject(each)));
  else process.stdout.write(await listedText(listed));
}

function listedFrom(paths: string[], path: string | undefined, all: boolean): Listed[] {
  const config = readConfig(path);
  const { on, off, every } = chosenDetections(config, paths, all);
  const { off: lacking } = compileDetections(on, { lists: withAnyAccount(config.lists), today: dayOf(new Date()) });
  const why = new Map([...off, ...lacking].map((each) => [each.id, each.why]));
  return every
    .map((detection) => ({ detection, why: why.get(detection.id) }))
    .sort((left, right) => (left.detection.id < right.detection.id ? -1 : 1));
}

/** What a detection may come to: its own severity, and those it may be raised to, the lowest first. */
const severitiesOf = ({ severity, raise }: Detection): Severity[] => {
  const all = new Set([severity, ...raise.map(({ to }) => to)]);
  return SEVERITIES.filter((each) => all.has(each)).reverse();
};

const listedObject = ({ detection, why }: Listed) => {
  const { id, severity, title, tags, source } = detection;
  return {
    type: 'detection',
    id,
    severity,
    severities: severitiesOf(detection),
    on: why === undefined,
    ...(why === undefined ? {} : { why }),
    title,
    tags,
    file: source,
  };
};

async function listedText(listed: readonly Listed[]): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['detection', 'severity', 'title', 'off because'],
    style: { head: pc.isColorSupported ? ['bold'] : [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
  });
  for (const { detection, why = '' } of listed)
    table.push([printable(detection.id), severitiesOf(detection).join(' to '), printable(detection.title), printable(why)]);
  const on = listed.filter(({ why }) => why === undefined).length;
  return `${table.toString()}\n${counted(on, 'detection')} on, ${listed.length - on} off\n`;
}
