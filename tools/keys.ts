// The tables of keys in docs/detections.md, made of the schemas that read the files.
import * as z from 'zod';
import { configSchema } from '../events/configfile.ts';
import { conditions, detectionSchema } from '../events/detect/detection.ts';

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  description?: string;
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  $ref?: string;
  definitions?: Record<string, SchemaNode>;
}

const nodeOf = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as SchemaNode;

const keyTable = (properties: Record<string, SchemaNode>, head: string): string =>
  [
    `| ${head} | what it says |`,
    '| --- | --- |',
    ...Object.entries(properties).map(([key, { description = '' }]) => `| \`${key}\` | ${description.replaceAll('|', '\\|')} |`),
  ].join('\n');

export const detectionKeysTable = (): string => keyTable(nodeOf(detectionSchema).properties ?? {}, 'key');

/** Keys of the first level, and those of `detections`. */
export function configKeysTable(): string {
  const { properties = {} } = nodeOf(configSchema);
  const entries = Object.entries(properties).flatMap(([key, node]): [string, SchemaNode][] =>
    key === 'detections'
      ? [[key, node], ...Object.entries(node.properties ?? {}).map(([inner, each]): [string, SchemaNode] => [`detections.${inner}`, each])]
      : [[key, node]],
  );
  return keyTable(Object.fromEntries(entries), 'key');
}

/** Every condition of `where`. */
export function conditionsTable(): string {
  const { definitions = {} } = nodeOf(conditions);
  const [choice] = Object.values(definitions).filter(({ anyOf }) => anyOf !== undefined);
  return keyTable(
    Object.assign({}, ...(choice?.anyOf ?? []).map(({ properties }) => properties)) as Record<string, SchemaNode>,
    'condition',
  );
}
