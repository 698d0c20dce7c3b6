// A check as a JUnit file: one suite for each span, one test case for each digest with its log files.
import { writeFile } from 'node:fs/promises';
import type { ToldOutcome } from '../../events/digest/awscli/index.ts';
import { displayTime, type StrictProblem } from '../../events/digest/index.ts';
import type { CheckedSpan } from './reporters.ts';

interface TestCase {
  name: string;
  faults: string[];
}

/** XML 1.0 knows no control characters but tab and line ends. */
const xml = (text: string) =>
  text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

const caseXml =
  (suite: string) =>
  ({ name, faults }: TestCase): string => {
    const failures = faults.map((fault) => `<failure message="${xml(fault)}"/>`).join('');
    return `    <testcase classname="${suite}" name="${xml(name)}">${failures}</testcase>`;
  };

export class JUnitFile {
  private readonly suites: string[] = [];
  private cases: TestCase[] = [];

  tell(outcome: ToldOutcome): void {
    if (outcome.kind === 'gap') return;
    const address = `s3://${outcome.bucket}/${outcome.key}`;
    if (outcome.kind === 'digest') this.cases.push({ name: address, faults: outcome.reason === undefined ? [] : [outcome.reason] });
    else if (outcome.reason !== undefined) this.cases.at(-1)?.faults.push(`${address}: ${outcome.reason}`);
  }

  problem({ bucket, key, from, text }: StrictProblem): void {
    const name = key === undefined ? `hours from ${from ? displayTime(from) : 'the start'}` : `s3://${bucket}/${key}`;
    this.cases.push({ name: `strict: ${name}`, faults: [text] });
  }

  endSuite({ span, trailArn }: CheckedSpan): void {
    const failed = this.cases.filter(({ faults }) => faults.length > 0).length;
    const name = xml(`${trailArn} ${span.place.accountId} ${span.place.sourceRegion}`);
    const cases = this.cases.map(caseXml(name));
    this.suites.push(`  <testsuite name="${name}" tests="${this.cases.length}" failures="${failed}">\n${cases.join('\n')}\n  </testsuite>`);
    this.cases = [];
  }

  /** Keeps what was told before the check stopped, and the reason as an error: a check that wasn't done must not look passed. */
  endUnfinished(message: string): void {
    const cases = this.cases.map(caseXml('unfinished'));
    const stop = `    <testcase classname="unfinished" name="the check was finished"><error message="${xml(message)}"/></testcase>`;
    const failed = this.cases.filter(({ faults }) => faults.length > 0).length;
    const head = `name="unfinished" tests="${cases.length + 1}" failures="${failed}" errors="1"`;
    this.suites.push(`  <testsuite ${head}>\n${[...cases, stop].join('\n')}\n  </testsuite>`);
    this.cases = [];
  }

  async write(path: string): Promise<void> {
    const text = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="trailbus validate-logs">\n${this.suites.join('\n')}\n</testsuites>\n`;
    await writeFile(path, text);
  }
}
