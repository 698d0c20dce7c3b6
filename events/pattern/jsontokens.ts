// JSON text as tokens, one at a time, with their places: number spellings and repeated keys stay visible, which `JSON.parse` hides.

export type TokenKind = '{' | '}' | '[' | ']' | 'key' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end';

/** What a text that isn't JSON says, and where. */
export class JsonTextError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Deepest nesting that is read: what Event Ruler's JSON reader (Jackson) accepts. */
const MAX_DEPTH = 1000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS = ['true', 'false', 'null'] as const;

/**
 * Reads a JSON text token by token: `next()` gives the kind, `value` its text (escapes undone), `at` and `end` its place.
 * Keys are tokens of their own; commas and colons are checked and not given.
 */
export class JsonTokens {
  readonly text: string;
  kind: TokenKind = 'end';
  value = '';
  at = 0;
  end = 0;
  private open: ('{' | '[')[] = [];
  /** What may come next: a value, a key or `}`, a key, a value or `]`, a comma or closing, nothing. */
  private expect: 'value' | 'key-or-close' | 'value-or-close' | 'comma' | 'nothing' = 'value';

  constructor(text: string) {
    this.text = text;
  }

  next(): TokenKind {
    this.skipSpace();
    if (this.expect === 'comma') this.separator();
    else if (this.expect === 'key-or-close') this.keyOrClose();
    else if (this.expect === 'value-or-close' && this.text[this.end] === ']') this.close('[');
    else if (this.expect === 'nothing') this.nothingMore();
    else this.readValue();
    return this.kind;
  }

  private nothingMore(): void {
    this.at = this.end;
    if (this.end < this.text.length) this.fail(`Unexpected character (${this.here()}): expected the end of the pattern`);
    this.kind = 'end';
  }

  private separator(): void {
    const open = this.open[this.open.length - 1]!;
    const char = this.text[this.end];
    if (char === (open === '{' ? '}' : ']')) this.close(open);
    else this.nextEntry(open, char);
  }

  private nextEntry(open: '{' | '[', char: string | undefined): void {
    if (char !== ',')
      this.fail(`Unexpected character (${this.here()}): was expecting comma to separate ${open === '{' ? 'Object' : 'Array'} entries`);
    this.end++;
    this.skipSpace();
    if (open === '{') this.key();
    else this.readValue();
  }

  private keyOrClose(): void {
    if (this.text[this.end] === '}') this.close('{');
    else this.key();
  }

  private key(): void {
    this.at = this.end;
    if (this.text[this.end] !== '"') this.fail(`Unexpected character (${this.here()}): was expecting double-quote to start field name`);
    this.value = this.string();
    this.kind = 'key';
    const end = this.end;
    this.skipSpace();
    if (this.text[this.end] !== ':')
      this.fail(`Unexpected character (${this.here()}): was expecting a colon to separate field name and value`);
    this.end++;
    this.expect = 'value';
    this.afterKey = this.end;
    this.end = end;
  }

  /** Where the value after a key begins: `end` of a key token is the end of the key itself. */
  private afterKey = -1;

  private readValue(): void {
    this.at = this.end;
    const char = this.text[this.end];
    if (char === '{' || char === '[') this.opened(char);
    else if (char === '"') this.scalar('string', this.string());
    else this.numberOrWord();
  }

  private opened(char: '{' | '['): void {
    if (this.open.length >= MAX_DEPTH) this.fail(`Document nesting depth (${MAX_DEPTH + 1}) exceeds the maximum allowed (${MAX_DEPTH})`);
    this.open.push(char);
    this.kind = char;
    this.value = char;
    this.end++;
    this.expect = char === '{' ? 'key-or-close' : 'value-or-close';
  }

  private close(open: '{' | '['): void {
    this.open.pop();
    this.at = this.end;
    this.kind = open === '{' ? '}' : ']';
    this.value = this.kind;
    this.end++;
    this.expect = this.open.length > 0 ? 'comma' : 'nothing';
  }

  private scalar(kind: TokenKind, value: string): void {
    this.kind = kind;
    this.value = value;
    this.expect = this.open.length > 0 ? 'comma' : 'nothing';
  }

  private numberOrWord(): void {
    const word = WORDS.find((each) => this.text.startsWith(each, this.end));
    const text = word ?? this.run(NUMBER);
    if (text === '')
      this.fail(`Unexpected character (${this.here()}): expected a valid value (JSON String, Number, Array, Object, true, false or null)`);
    if (word !== undefined) this.end += word.length;
    if (/[\w.+-]/.test(this.text[this.end] ?? ' '))
      this.fail(`Unexpected character (${this.here()}): expected a valid value after ${text}`);
    this.scalar(word ?? 'number', text);
  }

  private string(): string {
    this.end++;
    let value = this.run(PLAIN);
    for (; this.text[this.end] !== '"'; value += this.run(PLAIN)) {
      if (this.end >= this.text.length) this.fail('Unexpected end-of-input: was expecting closing quote for a string value');
      if (this.text[this.end] !== '\\')
        this.fail(
          `Illegal unquoted character ((CTRL-CHAR, code ${this.text.charCodeAt(this.end)})): has to be escaped using backslash to be included in string value`,
        );
      value += this.escape();
    }
    this.end++;
    return value;
  }

  private escape(): string {
    const char = this.text[this.end + 1] ?? '';
    const plain = ESCAPES[char];
    const hex = this.text.slice(this.end + 2, this.end + 6);
    if (plain === undefined && !(char === 'u' && /^[0-9a-fA-F]{4}$/.test(hex))) this.fail(`Unrecognized character escape '${char}'`);
    this.end += plain === undefined ? 6 : 2;
    return plain ?? String.fromCharCode(Number.parseInt(hex, 16));
  }

  private run(pattern: RegExp): string {
    pattern.lastIndex = this.end;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.end += found.length;
    return found;
  }

  private skipSpace(): void {
    if (this.afterKey >= 0) this.end = this.afterKey;
    this.afterKey = -1;
    this.run(SPACE);
  }

  private here(): string {
    const char = this.text[this.end];
    return char === undefined ? 'end-of-input' : `'${char}' (code ${char.charCodeAt(0)})`;
  }

  private fail(message: string): never {
    const ended = this.end >= this.text.length && !message.startsWith('Unexpected end');
    throw new JsonTextError(ended ? 'Unexpected end-of-input within/between entries' : message, Math.min(this.end, this.text.length));
  }
}
