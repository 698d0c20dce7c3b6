// What `trailbus rules port` does.
import { writeFileSync } from 'node:fs';
import type { Feed } from '../../events/cloudtrail.ts';
import { UsageError } from '../../events/errors.ts';
import { portRules } from '../../events/rules/index.ts';
import { INLINE, readRuleFiles } from '../../local/rulefiles.ts';
import { jsonLine, printable } from '../terminal.ts';

export interface PortOptions {
  to: string;
  write?: boolean;
  json?: boolean;
}

/** Writes the ported file to standard output, or back into it. */
export async function port(source: string, { to, write, json }: PortOptions): Promise<void> {
  if (to !== 'native' && to !== 'trailbus')
    throw new UsageError(`no feed is called \`${to}\``, { help: 'write --to trailbus or --to native' });
  const { files } = await readRuleFiles([source]);
  const [[name, text] = ['', ''], ...more] = files;
  if (more.length > 0) throw new UsageError('port takes one file at a time', { help: 'name a file, not a folder' });
  const ported = portRules(text, name, to as Feed);
  if (json) process.stdout.write(jsonLine({ type: 'ported', file: name, to, ...ported }));
  else if (!write) process.stdout.write(ported.text);
  if (write) {
    if (name === INLINE || source === '-')
      throw new UsageError('`--write` needs a file', { help: 'leave it out to have the answer on standard output' });
    writeFileSync(source, ported.text);
  }
  for (const line of notes(ported, to as Feed)) process.stderr.write(`${printable(line)}\n`);
}

function* notes({ changed, left }: { changed: string[]; left: string[] }, to: Feed): Generator<string> {
  yield changed.length === 0 ? 'nothing to change' : `changed ${changed.join(', ')}`;
  for (const name of left) yield `left ${name}: its detail-type is not one of CloudTrail's, so its events stay on the default bus`;
  if (changed.length > 0 && to === 'trailbus') yield 'in a template, EventBusName must name the Trailbus bus';
}
