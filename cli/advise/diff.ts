// What changed between two runs, in words.
import { changesBetween, type KeptRun, type Status, type StatusChange } from '../../events/advice/index.ts';
import { UsageError } from '../../events/errors.ts';
import { ExitCode } from '../exitcode.ts';
import { jsonLine, printable } from '../terminal.ts';
import { readKept } from './kept.ts';
import { STATUS_PAINT, STATUS_WORDS } from './statuswords.ts';

const coloured = (status: Status | undefined): string => STATUS_PAINT[status ?? 'ok'](STATUS_WORDS[status ?? 'ok']);

export function changesText(changes: readonly StatusChange[], since: string): string {
  if (changes.length === 0) return `nothing changed since ${printable(since)}\n`;
  const lines = changes.map(({ line: { name, resource, account, region = '', reason }, from, to }) => {
    const why = to === undefined ? '' : `: ${printable(reason)}`;
    return `  ${coloured(from)} → ${coloured(to)}  ${printable(name)}  ${printable([account, region, resource].filter(Boolean).join(' '))}${why}`;
  });
  return `changed since ${printable(since)}:\n${lines.join('\n')}\n`;
}

/** @returns `found` when something became worse */
export function tellDiff(path: string, json: boolean): ExitCode {
  const { before, last } = readKept(path);
  if (before === undefined || last === undefined)
    throw new UsageError(`\`${path}\` has no two runs to compare`, { help: 'run `trailbus advise --state FILE` twice' });
  const changes = changesBetween(before, last);
  if (json) for (const change of changes) process.stdout.write(jsonLine(changeObject(change, last)));
  else process.stdout.write(changesText(changes, before.at));
  return changes.some(({ to }) => to === 'error' || to === 'warning') ? ExitCode.found : ExitCode.fine;
}

const changeObject = (
  { line: { checkId, name, resource, account, region, reason }, from = 'ok', to = 'ok' }: StatusChange,
  { at }: KeptRun,
) => ({
  ...{ type: 'change', at, checkId, name, account, region: region ?? null, resource, from, to },
  reason: to === 'ok' ? null : reason,
});
