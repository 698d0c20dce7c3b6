// Who makes a door, read from the source: classes that implement one, alone, beside others or by their parent, and functions that give one.

/** What makes a door, by its name, with the door's. */
export interface DoorMaker {
  maker: string;
  door: string;
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** Names of the doors in the files that declare them: interfaces with something to call, and types of functions. */
export function doorsIn(texts: readonly string[]): string[] {
  const all = texts.map(withoutComments);
  const interfaces = all
    .flatMap((text) => [...text.matchAll(/^export interface (\w+) \{([\s\S]*?)^\}/gm)])
    .filter(([, , body]) => /^ {2}\w+(?:<\w+>)?\(/m.test(body!));
  return [...interfaces, ...all.flatMap((text) => [...text.matchAll(/^export type (\w+) = \(/gm)])].map(([, name]) => name!);
}

/** What makes one of the doors; a class without a name, which could keep no contract, is called `class`. */
export function makersIn(texts: readonly string[], doors: readonly string[]): DoorMaker[] {
  const all = texts.map(withoutComments);
  return [...classesIn(all, doors), ...functionsIn(all, doors)];
}

function classesIn(texts: readonly string[], doors: readonly string[]): DoorMaker[] {
  const heads = texts
    .flatMap((text) => [...text.matchAll(/\bclass\b(?: (?!implements\b|extends\b)(\w+))?([^{'"`;]*)\{/g)])
    .map(([, name = 'class', head = '']) => ({ name, parent: /\bextends (\w+)/.exec(head)?.[1], own: doorsNamed(head, doors) }));
  const doorsOf = (name: string, seen: readonly string[] = []): string[] =>
    heads
      .filter((each) => each.name === name && !seen.includes(name))
      .flatMap(({ parent, own }) => [...own, ...(parent === undefined ? [] : doorsOf(parent, [...seen, name]))]);
  const names = [...new Set(heads.map(({ name }) => name))];
  return names.flatMap((maker) => [...new Set(doorsOf(maker))].map((door) => ({ maker, door })));
}

const doorsNamed = (head: string, doors: readonly string[]): string[] => {
  const [, list = ''] = /\bimplements\b([\s\S]*)$/.exec(head) ?? [];
  return doors.filter((door) => new RegExp(`\\b${door}\\b`).test(list));
};

/** Functions and methods whose body follows: a signature alone makes nothing. */
function functionsIn(texts: readonly string[], doors: readonly string[]): DoorMaker[] {
  const parameters = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
  const giving = new RegExp(
    String.raw`(\w+)\s*(?:= (?:async )?)?(?:<[^>()]*>)?${parameters}\s*: (?:Promise<)?(${doors.join('|')})>?\s*(?:\{|=>)`,
    'g',
  );
  return texts.flatMap((text) => [...text.matchAll(giving)].map(([, maker, door]) => ({ maker: maker!, door: door! })));
}

/** Doors that are made where nobody can name the maker: an object, by its variable's type, `as` or `satisfies`. */
export function namelessIn(texts: readonly string[], doors: readonly string[]): string[] {
  const names = doors.join('|');
  const nameless = new RegExp(
    String.raw`\b(?:const|let|readonly|private|public) \w+: (?:${names}) =(?! new )[^\n]*|\b(?:as|satisfies) (?:${names})\b|<(?:${names})>\s*\{`,
    'g',
  );
  return texts.map(withoutComments).flatMap((text) => [...text.matchAll(nameless)].map(([found]) => found));
}
