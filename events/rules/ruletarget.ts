// The targets that a rule file names, each as JSON with its place kept.
import { type Document, isSeq, Document as NewDocument, type Node, YAMLSeq } from 'yaml';
import { patternTextOf } from './patterntext.ts';

/** A target as its file has it; what only a deployment knows stands in it as text: `${!Ref Topic}`. */
export interface RuleTarget {
  /** JSON: a text, or a map in EventBridge's own words. */
  value: unknown;
  /** The part of the file that it is, for faults in it. */
  document: Document;
  file: string;
  source: string;
}

/**
 * The targets under a key of a rule: one, or several in a list; undefined where there is no such key.
 * @throws NodeError
 */
export function targetsAt(
  node: Node | undefined,
  { document, file, source }: { document: Document; file: string; source: string },
): RuleTarget[] | undefined {
  if (node === undefined) return undefined;
  const items = isSeq(node) && node.tag?.startsWith('!') !== true ? (node.items as Node[]) : [node];
  return items.map((item) => ({ value: jsonValueOf(item, document, file), document: partOf(item), file, source }));
}

/** In a list of its own a node is read as a value, and not as a pattern. */
function jsonValueOf(node: Node, document: Document, file: string): unknown {
  const list = new YAMLSeq();
  list.items.push(node);
  return (JSON.parse(patternTextOf(list, document, file).text) as unknown[])[0];
}

function partOf(node: Node): Document {
  const part = new NewDocument();
  part.contents = node;
  return part;
}
