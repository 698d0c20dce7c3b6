// A detection that comes with Trailbus, as the beginning of one of one's own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isScalar, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { packSources, recordsBeside, schemaFor } from '../../local/detectionfiles.ts';

export interface TemplateOptions {
  id?: string;
  out?: string;
}

/** The text of its file under another id: with its own it would take the place of the one it was made of. */
export function templateText(from: string, { id = `mine.${from.replace(/^[^.]*\./, '')}`, out }: TemplateOptions): string {
  const file = join(packSources(), `${from}.yaml`);
  const text = withEvents(readFileSync(file, 'utf8'), file);
  const head = `# yaml-language-server: $schema=${schemaFor(out)}\n# Made of ${from}, which goes on beside it; under that id this one takes its place.\n`;
  return head + text.replace(/^# yaml-language-server:.*\n/, '').replace(/^id: .*$/m, `id: ${id}`);
}

/** With the events of files in the files' places: beside the new file they aren't there. */
function withEvents(text: string, file: string): string {
  const document = parseDocument(text);
  let isChanged = false;
  for (const kind of ['matches', 'ignores']) {
    const list = document.getIn(['tests', kind], true);
    if (isSeq(list)) isChanged = putIn(list as YAMLSeq, document, file) || isChanged;
  }
  return isChanged ? document.toString({ lineWidth: 140, flowCollectionPadding: false }) : text;
}

function putIn(list: YAMLSeq, document: Document, file: string): boolean {
  let isChanged = false;
  list.items = list.items.flatMap((item) => {
    if (isSeq(item)) isChanged = putIn(item as YAMLSeq, document, file) || isChanged;
    if (!isScalar(item) || typeof item.value !== 'string') return [item];
    isChanged = true;
    return recordsBeside(item.value, file).map((record) => document.createNode(record, { flow: true }));
  });
  return isChanged;
}
