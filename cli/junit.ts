// JUnit files, the form that CI systems show.
import { writeFile } from 'node:fs/promises';
import { UsageError } from '../events/errors.ts';
import { printable } from './terminal.ts';

/** One case of a suite; none of the faults when it passed. */
export interface JUnitCase {
  name: string;
  faults: string[];
}

/** XML 1.0 knows no control characters but tab and line ends, and no half of a pair; what a terminal or a page would obey is shown as `\\u{…}`. */
export const xmlText = (text: string): string =>
  text
    .replace(/[^\t\n\r]+/g, printable)
    .replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

/** @param suite  the suite's name, as XML */
export const caseXml =
  (suite: string) =>
  ({ name, faults }: JUnitCase): string => {
    const failures = faults.map((fault) => `<failure message="${xmlText(fault)}"/>`).join('');
    return `    <testcase classname="${suite}" name="${xmlText(name)}">${failures}</testcase>`;
  };

export function suiteXml(name: string, cases: readonly JUnitCase[]): string {
  const failed = cases.filter(({ faults }) => faults.length > 0).length;
  const shown = xmlText(name);
  return `  <testsuite name="${shown}" tests="${cases.length}" failures="${failed}">\n${cases.map(caseXml(shown)).join('\n')}\n  </testsuite>`;
}

export const junitFile = (command: string, suites: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="trailbus ${command}">\n${suites.join('\n')}\n</testsuites>\n`;

/** @throws UsageError when the file can't be written */
export async function writeJUnit(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new UsageError(`can’t write the JUnit file: ${(cause as Error).message}`, {
      source: path,
      help: 'name a file in a folder that is there, as in --junit results.xml',
      cause,
    });
  }
}
