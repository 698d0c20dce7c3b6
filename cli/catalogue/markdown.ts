// Text as Markdown: whatever it says, it stays text.
import { printable } from '../terminal.ts';

/** Lines of pages end here; tables and code aside. */
const WIDTH = 120;

const withoutBreaks = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());

/** Text of a detection: what stands between backticks is code, all else is shown as it is. */
export const proseOf = (text: string): string =>
  withoutBreaks(text)
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? codeOf(part.slice(1, -1)) : escapedMarkdown(part)))
    .join('');

const escapedMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** A value as code, backticks and all. */
export function codeOf(text: string): string {
  const plain = withoutBreaks(text);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}

/** A block of code, whatever fences stand in it. */
export function codeBlock(language: string, text: string): string {
  const lines = text.trimEnd().split('\n').map(printable);
  const longest = Math.max(2, ...lines.map((line) => /^\s*(`{3,})/.exec(line)?.[1]?.length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** Prose in lines; what would begin a list or a heading at a line's begin is kept from it. @param indent  of the lines after the first */
export function wrappedText(text: string, first = '', indent = first.replace(/./g, ' ')): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const begins = line === first || line === indent;
    if (!begins && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + harmless(word);
    } else line += begins ? harmless(word) : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

const harmless = (word: string): string => word.replace(/^([-+#=]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));

/** A list of links; one that leaves no room on its line stands on the next. */
export const linkList = (links: readonly string[]): string =>
  links.map((link) => (link.length + 2 > WIDTH ? `-\n  ${link}` : wrappedText(link, '- '))).join('\n');

export const bullets = (items: readonly string[]): string => items.map((item) => wrappedText(item, '- ')).join('\n');
export const numbered = (items: readonly string[]): string => items.map((item, at) => wrappedText(item, `${at + 1}. `)).join('\n');

/** Cells hold Markdown that was escaped already; only their borders are kept. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cellText))].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A bar in code ends a cell, too. */
const cellText = (text: string): string => text.replace(/(?<!\\)\|/g, '\\|');

/** A page of the web, where it is one. */
export const linkOf = (text: string): string => (/^https?:\/\/[^\s<>"`\\]+$/.test(text) ? `<${text}>` : proseOf(text));
