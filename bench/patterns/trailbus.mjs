// Our engine on the same rules and events as EventRuler.java: node trailbus.mjs RULES.json EVENTS.ndjson WARMUPS PASSES
import { readFileSync } from 'node:fs';
import { compile } from '../../dist/events/pattern/index.js';

const [rulesFile, eventsFile, warmups, passes] = process.argv.slice(2);
const rules = JSON.parse(readFileSync(rulesFile, 'utf8'));
const events = readFileSync(eventsFile, 'utf8').split('\n').filter(Boolean);
const compiled = compile(rules);
let best = Number.POSITIVE_INFINITY;
let matches = {};
for (let pass = 0; pass < Number(warmups) + Number(passes); pass++) {
  matches = {};
  const before = process.cpuUsage();
  for (const event of events) for (const name of compiled.matchText(event)) matches[name] = (matches[name] ?? 0) + 1;
  const { user, system } = process.cpuUsage(before);
  if (pass >= Number(warmups)) best = Math.min(best, (user + system) / 1e6);
}
console.log(JSON.stringify({ events: events.length, cpuSeconds: best, matches }));
