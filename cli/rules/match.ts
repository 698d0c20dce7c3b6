// What `trailbus rules match` does.
import { writeSync } from 'node:fs';
import { UsageError } from '../../events/errors.ts';
import { compileForEntries, type Rule } from '../../events/rules/index.ts';
import { ExitCode } from '../exitcode.ts';
import { complain, quotedPrintable } from '../terminal.ts';
import { type AskedRules, readAsked } from './asked.ts';
import { checkInputs, type EventOptions, entryIn, eventsOf, eventTextOf, type GivenEvent } from './events.ts';

export interface MatchOptions extends EventOptions {
  json?: boolean;
  config?: string;
}

/** Writes the matching events, each on its line. @returns `fine` for none, `found` for some, `failed` when something could not be read */
export async function matchRules(source: string, events: string[], { json, config, ...options }: MatchOptions): Promise<ExitCode> {
  checkInputs(source, events);
  const asked = await readAsked(source, config);
  const matching = matcherOf(asked);
  warnOfUnresolved(asked.rules);
  warnOfDetectionsOff(asked);
  let matched = 0;
  let failed = 0;
  for await (const given of eventsOf(events, options)) {
    try {
      if ('error' in given) throw given.error;
      const names = matching(given);
      if (names.length === 0) continue;
      matched++;
      if (!writeLine(json ? matchedLine(names, given) : asItCame(given))) break;
    } catch (error) {
      failed++;
      complain(new Error(`${given.place}: ${(error as Error).message}`));
    }
  }
  if (failed > 0) return ExitCode.failed;
  return matched > 0 ? ExitCode.found : ExitCode.fine;
}

/** Names of the rules that an event matches, and of the detections it is a hit of. */
function matcherOf({ rules, files, detections }: AskedRules): (given: GivenEvent) => readonly string[] {
  const matcher = compileForEntries(rules, files);
  return (given) => {
    const names = 'entry' in given ? matcher.matching(given.entry) : matcher.matchingEvent(given.event);
    if (detections.length === 0) return names;
    const entry = entryIn(given);
    return [...names, ...detections.filter((each) => each.ask(entry).hits.length > 0).map(({ detection }) => detection.id)];
  };
}

function warnOfDetectionsOff({ detections }: AskedRules): void {
  for (const { detection, off } of detections)
    if (off !== undefined)
      complain(new UsageError(`${detection.id} is off: ${off}`, { help: 'give them in trailbus.yml, or name one with --config' }));
}

/** The event's own text, its numbers as they came; the same JSON, safe to show. */
const matchedLine = (names: readonly string[], given: GivenEvent): string =>
  quotedPrintable(`{"rules":${JSON.stringify(names)},"event":${eventTextOf(given).replace(/[\r\n]+/g, ' ')}}`);

/** Character for character for whoever reads on; a terminal must not obey what is in it. */
const asItCame = ({ line }: GivenEvent): string => (process.stdout.isTTY ? quotedPrintable(line) : line);

/** Says which rules have values that are known only once they are deployed: these values match nothing here. */
export function warnOfUnresolved(rules: Rule[]): void {
  for (const { name, source, unresolved } of rules)
    if (unresolved.length > 0)
      process.stderr.write(
        `rule ${name} in ${source}: ${unresolved.length} value(s) are known only after deployment and match nothing here\n`,
      );
}

/** Writes at once, so that a reader downstream sees each line as it comes. @returns false when the reader has gone */
function writeLine(line: string): boolean {
  try {
    writeSync(1, `${line}\n`);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EPIPE') return false;
    if (code !== 'EAGAIN') throw error;
    process.stdout.write(`${line}\n`);
    return true;
  }
}
