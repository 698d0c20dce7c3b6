// What `trailbus rules match` does.
import { writeSync } from 'node:fs';
import { compileForEntries, type Rule } from '../../events/rules/index.ts';
import { readRuleFiles } from '../../local/rulefiles.ts';
import { ExitCode } from '../exitcode.ts';
import { complain, quotedPrintable } from '../terminal.ts';
import { checkInputs, type EventOptions, eventsOf, eventTextOf, type GivenEvent } from './events.ts';

export interface MatchOptions extends EventOptions {
  json?: boolean;
}

/** Writes the matching events, each on its line. @returns `fine` for none, `found` for some, `failed` when something could not be read */
export async function matchRules(source: string, events: string[], { json, ...options }: MatchOptions): Promise<ExitCode> {
  checkInputs(source, events);
  const loaded = await readRuleFiles([source]);
  const matcher = compileForEntries(loaded.rules, loaded.files);
  warnOfUnresolved(loaded.rules);
  let matched = 0;
  let failed = 0;
  for await (const given of eventsOf(events, options)) {
    try {
      if ('error' in given) throw given.error;
      const names = 'entry' in given ? matcher.matching(given.entry) : matcher.matchingEvent(given.event);
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
