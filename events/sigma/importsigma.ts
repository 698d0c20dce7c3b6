// Sigma files to detections: each rule told as exact, relaxed or refused.
import { readDetections } from '../detect/index.ts';
import { FileError } from '../yamlfile.ts';
import { sayRule } from './conjunct.ts';
import { sayCorrelation } from './correlation.ts';
import { type DetectionAsks, detectionFileText } from './detectiontext.ts';
import type { Expression } from './expression.ts';
import { isRecordField } from './fieldkinds.ts';
import { DetectionIds } from './ids.ts';
import { noteLines, type SigmaNote, Unsayable } from './notes.ts';
import { readSigma, type SigmaDocument } from './sigmafile.ts';

/** A detection that was made. */
export interface MadeDetection {
  id: string;
  /** Of its file. */
  text: string;
}

/** What became of one rule. */
export interface ImportedRule {
  source: string;
  line: number;
  title: string;
  /** Its id in Sigma. */
  sigmaId?: string;
  /** `exact`: finds what the rule finds; `relaxed`: more or less; `refused`: no detection says it. */
  outcome: 'exact' | 'relaxed' | 'refused';
  /** How it differs, or why it was refused. */
  notes: string[];
  /** What is strange though it was said as it stands. */
  remarks: string[];
  /** None for one that was refused, or that is only a part of others. */
  detections: MadeDetection[];
  /** Whether a correlation rule counts its events, and nobody else wants them. */
  isPart: boolean;
}

/** A file of Sigma rules. */
export interface SigmaSource {
  source: string;
  text: string;
}

export interface SigmaImport {
  rules: ImportedRule[];
  /** Files that can't be read as Sigma, with every fault. */
  faults: FileError[];
}

/** Makes detections of Sigma rules. Rules of all files together: a correlation names rules of other files, too. */
export function importSigma(sources: readonly SigmaSource[]): SigmaImport {
  const faults: FileError[] = [];
  const documents = sources.flatMap(({ source, text }) => {
    try {
      return readSigma(text, source);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      faults.push(error);
      return [];
    }
  });
  const importer = new Importer(documents);
  return { rules: documents.map((document) => importer.imported(document)), faults };
}

class Importer {
  private readonly ids = new DetectionIds();
  private readonly byName = new Map<string, SigmaDocument>();
  private readonly parts: ReadonlySet<SigmaDocument>;
  /** Rules of each file that become detections. */
  private readonly inFile = new Map<string, number>();

  constructor(documents: readonly SigmaDocument[]) {
    // By title too, last: some collections write titles where ids or names belong.
    for (const key of ['id', 'name', 'title'] as const) for (const document of documents) this.enter(document, document.fields[key]);
    this.parts = new Set(documents.flatMap((document) => this.partsOf(document)));
    for (const document of documents)
      if (!this.parts.has(document)) this.inFile.set(document.source, (this.inFile.get(document.source) ?? 0) + 1);
  }

  private enter(document: SigmaDocument, name: string | undefined): void {
    for (const key of name === undefined ? [] : [name, nameInFile(document.source, name)])
      if (!this.byName.has(key)) this.byName.set(key, document);
  }

  /** The rule of the same file is meant, if it has one of this name. */
  private known(name: string, source: string): SigmaDocument | undefined {
    return this.byName.get(nameInFile(source, name)) ?? this.byName.get(name);
  }

  private partsOf({ source, fields: { correlation } }: SigmaDocument): SigmaDocument[] {
    if (correlation === undefined || correlation.generate === true) return [];
    return correlation.rules.flatMap((name) => this.known(name, source) ?? []);
  }

  imported(document: SigmaDocument): ImportedRule {
    const { source, line, fields } = document;
    const isPart = this.parts.has(document);
    const title = fields.title ?? fields.name ?? fields.id ?? source;
    const rule = { source, line, title, isPart, remarks: [], detections: [], ...(fields.id === undefined ? {} : { sigmaId: fields.id }) };
    try {
      refuseOthers(document);
      return { ...rule, ...this.said(document, isPart) };
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error;
      return { ...rule, outcome: 'refused', notes: [error.message] };
    }
  }

  private said(document: SigmaDocument, isPart: boolean): Pick<ImportedRule, 'outcome' | 'notes' | 'remarks' | 'detections'> {
    const { all, notes } = this.asksOf(document);
    const lines = noteLines(notes);
    const detections = isPart ? [] : all.map((asks) => this.made(document, asks, lines));
    return { outcome: lines.length === 0 ? 'exact' : 'relaxed', notes: lines, remarks: remarksOf(document), detections };
  }

  private asksOf({ source, fields: { correlation }, asks }: SigmaDocument): { all: DetectionAsks[]; notes: readonly SigmaNote[] } {
    if (correlation === undefined) {
      const said = sayRule(asks!);
      return { all: [said], notes: said.notes };
    }
    return sayCorrelation(correlation, (name) => this.rule(name, source));
  }

  private rule(name: string, source: string): SigmaDocument {
    const found = this.known(name, source);
    if (found === undefined) throw new Unsayable(`it names the rule \`${name}\`, which is in none of the files`);
    refuseOthers(found);
    return found;
  }

  private made(document: SigmaDocument, asks: DetectionAsks, notes: readonly string[]): MadeDetection {
    const { fields, source } = document;
    const id = this.ids.idFor(source, fields.title, this.inFile.get(source) === 1);
    const text = detectionFileText(id, fields, asks, notes);
    checkDetection(text, id);
    return { id, text };
  }
}

const nameInFile = (source: string, name: string): string => `${source}\0${name}`;

/** Of products and services that CloudTrail has nothing of, and of documents that are no rules. */
function refuseOthers({ fields: { logsource, correlation, detection, ...rest } }: SigmaDocument): void {
  if (detection === undefined && correlation === undefined)
    throw new Unsayable('filter' in rest ? 'a Sigma filter belongs to other rules: write it as an exclusion' : 'it has no detection');
  const { product, service, category } = logsource ?? {};
  if (correlation !== undefined && product === undefined && service === undefined) return;
  if (product === 'aws' && service === 'cloudtrail') return;
  const named = Object.entries({ product, service, category }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  throw new Unsayable(`its log source is ${named.join(', ') || 'not named'}, not product aws, service cloudtrail`);
}

/** What the reader of detections would refuse: windows that can't be counted, fields that no record has. */
function checkDetection(text: string, source: string): void {
  try {
    readDetections(text, source);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Unsayable(
      error.faults.map(({ path, message, help }) => `\`${path}\` ${message}${help === undefined ? '' : `; ${help}`}`).join('; '),
    );
  }
}

const remarksOf = ({ asks }: SigmaDocument): string[] =>
  [...new Set(asks === undefined ? [] : fieldsIn(asks))]
    .filter((field) => !isRecordField(field))
    .map((field) => `no record has \`${field}\`: look where CloudTrail writes it`);

function fieldsIn(expression: Expression): string[] {
  if (expression.kind === 'field') return [expression.field];
  if (expression.kind === 'not') return fieldsIn(expression.of);
  return expression.kind === 'and' || expression.kind === 'or' ? expression.of.flatMap(fieldsIn) : [];
}
