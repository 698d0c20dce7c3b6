// The patterns of a detection, wherever they stand in its file: as text with their places, and what is wrong with them.
import { compile, nearestOfFew, offsetAt, PatternError, placeAt, type TextPlace } from '../pattern/index.ts';
import { NodeError, patternTextOf, placeOf, type Segment } from '../rules/index.ts';
import { type FileFault, nodeExactlyAt, placeOfPath, valueAtPath, type YamlDocument } from '../yamlfile.ts';
import { type Lists, listNameOf, withLists } from './lists.ts';
import { isFields } from './record.ts';

/** A pattern as its file has it. */
export interface PlacedPattern {
  /** JSON text; `$lists` are still in it. */
  text: string;
  segments: Segment[];
  /** Where it begins in its file, and under which keys: `raise[0].pattern`. */
  place: TextPlace;
  path: string;
}

type Path = (string | number)[];

/** Reads the patterns of one document, and keeps what is wrong with any of them. */
export class PatternsInFile {
  readonly faults: FileFault[] = [];
  private readonly document: YamlDocument;
  private readonly lists: readonly string[];
  private readonly byPath = new Map<string, PlacedPattern[]>();
  private readonly refused = new Set<PlacedPattern>();

  /**
   * @param lists  names that a `$` may stand before
   * @param paths  where patterns stand, one or a list of them
   */
  constructor(document: YamlDocument, lists: readonly string[], paths: readonly Path[] = pathsIn(document.value)) {
    this.document = document;
    this.lists = lists;
    for (const path of paths) this.byPath.set(JSON.stringify(path), this.read(path));
  }

  /** The patterns under a key: one, or several in a list. */
  at(...path: Path): PlacedPattern[] {
    return this.byPath.get(JSON.stringify(path)) ?? [];
  }

  /** What EventBridge would say of those that it takes, once the lists' values stand in them. */
  refusedWith(lists: Lists): FileFault[] {
    const named = [...this.byPath.values()].flat().filter((placed) => placed.text.includes('"$') && !this.refused.has(placed));
    return named.flatMap((placed) => this.refusalWith(lists, placed));
  }

  /** A list without values makes a pattern void. */
  private refusalWith(lists: Lists, { text, place, path }: PlacedPattern): FileFault[] {
    let isVoid = false;
    const pattern = withLists(JSON.parse(text), lists, () => {
      isVoid = true;
    }) as object;
    try {
      if (!isVoid) compile([{ name: path, pattern }]);
      return [];
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return [{ source: this.document.source, ...place, path, message: `${error.message} (with the values of its lists)` }];
    }
  }

  private read(path: Path): PlacedPattern[] {
    const value = valueAtPath(this.document.value, path);
    const paths = Array.isArray(value) ? value.map((_, at) => [...path, at]) : [path];
    return paths.filter((each) => isFields(valueAtPath(this.document.value, each))).flatMap((each) => this.readOne(each));
  }

  private readOne(path: Path): PlacedPattern[] {
    try {
      const placed = this.textAt(path);
      this.faults.push(...this.unknownLists(placed, path), ...this.refusals(placed, path));
      return [placed];
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { source, file } = this.document;
      this.faults.push({
        ...placeOfPath(this.document, path),
        source,
        ...placeAt(file, error.at),
        message: error.message,
        ...helpOf(error),
      });
      return [];
    }
  }

  private textAt(path: Path): PlacedPattern {
    const { document, file } = this.document;
    const { text, segments } = patternTextOf(nodeExactlyAt(document, path)!, document, file);
    const { line, column, path: under } = placeOfPath(this.document, path);
    return { text, segments, place: { line, column }, path: under };
  }

  private unknownLists(placed: PlacedPattern, path: Path): FileFault[] {
    return [...placed.text.matchAll(/"(\$\w+)"(?!\s*:)/g)].flatMap(({ 1: word, index }) => {
      const name = listNameOf(word);
      if (name === undefined || this.lists.includes(name)) return [];
      return [{ ...this.faultAt(placed, path, index + 1), ...unknownListWords(name, this.lists) }];
    });
  }

  /** What EventBridge would say of it. A list stands for values of the right kind; the values are checked when they are put in. */
  private refusals(placed: PlacedPattern, path: Path): FileFault[] {
    try {
      compile([{ name: path.join('.'), pattern: withBlocks(placed.text) }]);
      return [];
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.refused.add(placed);
      const fault = this.faultAt(placed, path, offsetAt(placed.text, error));
      const within = error.path === undefined || error.path === '' ? fault.path : `${fault.path}.${error.path}`;
      return [{ ...fault, path: within, message: error.message, ...helpOf(error) }];
    }
  }

  private faultAt(placed: PlacedPattern, path: Path, offset: number): Pick<FileFault, 'source' | 'line' | 'column' | 'path'> {
    return { ...placeOfPath(this.document, path), ...placeOf(placed, this.document.file, offset) };
  }
}

const helpOf = ({ help }: { help?: string | undefined }): { help?: string } => (help === undefined ? {} : { help });

/** What to say of a list that there is none of. */
export function unknownListWords(name: string, lists: readonly string[]): { message: string; help: string } {
  const meant = nearestOfFew(name, lists);
  const all = lists.map((each) => `$${each}`).join(', ');
  return { message: `names no list: \`$${name}\``, help: meant === undefined ? `there are ${all}` : `did you mean \`$${meant}\`?` };
}

/** The text with a block of the same length for each list in `cidr`, where no other text is taken. */
export const withBlocks = (text: string): string =>
  text.replace(/("cidr"\s*:\s*)("\$\w+")/g, (_, before: string, list: string) => before + '"::/0"'.padEnd(list.length));

/** Where patterns stand in a document, whatever else is right or wrong in it. */
function pathsIn(value: unknown): Path[] {
  const under = (path: Path): Path[] => listAt(value, path).map((_, at) => [...path, at, 'pattern']);
  return [['pattern'], ...under(['raise']), ...under(['exclusions']), ...under(['window', 'sequence'])];
}

const listAt = (value: unknown, path: Path): unknown[] => {
  const found = valueAtPath(value, path);
  return Array.isArray(found) ? found : [];
};
