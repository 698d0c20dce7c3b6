// The page that leads to all detections, by service and by what of ATT&CK they cover.
import type { Detection } from '../../events/detect/index.ts';
import { SEVERITIES } from '../../events/finding.ts';
import { coverageOf } from './coverage.ts';
import { MADE_BY, severityWords } from './detectionpage.ts';
import { codeOf, markdownTable, proseOf, wrappedText } from './markdown.ts';

export function indexPage(detections: readonly Detection[]): string {
  const off = detections.filter((detection) => detection.off !== undefined).length;
  return `${[
    `<!-- ${MADE_BY} -->`,
    '# All detections',
    wrappedText(`${introOf(detections.length, off)} with what it looks for, what it leaves out and what to do next.`),
    ...[...byService(detections)].flatMap(([service, of]) => [`## ${codeOf(service)}`, serviceTable(of)]),
    '## What of ATT&CK they cover',
    wrappedText(
      'A detection with several tactics stands under each of them. `attack-navigator.json` beside this page is the same as a layer (format 4.5) for the [ATT&CK Navigator](https://mitre-attack.github.io/attack-navigator/).',
    ),
    coverageTable(detections),
  ].join('\n\n')}\n`;
}

const introOf = (count: number, off: number): string =>
  count === 1
    ? `1 detection, ${off === 0 ? 'on' : 'off'} by itself. It has a page`
    : `${count} detections, ${count - off} of them on by themselves. Each has a page`;

/** By the first word of the id, which is the service or the kind of thing. */
function byService(detections: readonly Detection[]): Map<string, Detection[]> {
  const services = new Map<string, Detection[]>();
  for (const detection of [...detections].sort(bySeverity)) {
    const service = detection.id.split('.')[0]!;
    services.set(service, [...(services.get(service) ?? []), detection]);
  }
  return new Map([...services].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const bySeverity = (left: Detection, right: Detection): number =>
  SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) || (left.id < right.id ? -1 : 1);

const pageLink = ({ id }: Detection): string => `[${codeOf(id)}](${encodeURIComponent(id)}.md)`;

const serviceTable = (detections: readonly Detection[]): string =>
  markdownTable(
    ['detection', 'severity', 'title', 'on'],
    detections.map((detection) => [
      pageLink(detection),
      severityWords(detection),
      proseOf(detection.title),
      detection.off === undefined ? 'yes' : 'no',
    ]),
  );

const coverageTable = (detections: readonly Detection[]): string =>
  markdownTable(
    ['tactic', 'technique', 'detections'],
    coverageOf(detections).map(({ tactic, technique, detections: of }) => [tactic, techniqueLink(technique), of.map(pageLink).join(', ')]),
  );

const techniqueLink = (technique: string | undefined): string =>
  technique === undefined ? '' : `[${technique}](https://attack.mitre.org/techniques/${technique.replace('.', '/')}/)`;
