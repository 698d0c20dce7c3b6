// Ids of detections: which one a name means, and that none stands twice.
import type { TextPlace } from '../pattern/index.ts';
import type { FileFault } from '../yamlfile.ts';

/** Whether a name means a detection: its id, or with `*` at the end the beginning of it. */
export const isNamed = (name: string, id: string): boolean => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : name === id);

/** What is wrong where an id is given to a second detection. */
export function repeatedIds(detections: readonly { id: string; source: string; place: TextPlace }[]): FileFault[] {
  const seen = new Map<string, string>();
  return detections.flatMap(({ id, source, place }) => {
    const first = seen.get(id);
    if (first !== undefined)
      return [
        {
          source,
          ...place,
          path: 'id',
          message: `is \`${id}\` a second time: ${first} has it`,
          help: 'give each detection an id of its own',
        },
      ];
    seen.set(id, `${source}:${place.line}`);
    return [];
  });
}
