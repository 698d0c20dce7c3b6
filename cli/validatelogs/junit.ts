// A check as a JUnit file: one suite for each span, one test case for each digest with its log files.
import type { ToldOutcome } from '../../events/digest/awscli/index.ts';
import { displayTime, type StrictProblem } from '../../events/digest/index.ts';
import { caseXml, type JUnitCase, junitFile, suiteXml, writeJUnit, xmlText } from '../junit.ts';
import type { CheckedSpan } from './reporters.ts';

export class JUnitFile {
  private readonly suites: string[] = [];
  private cases: JUnitCase[] = [];

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
    this.suites.push(suiteXml(`${trailArn} ${span.place.accountId} ${span.place.sourceRegion}`, this.cases));
    this.cases = [];
  }

  /** Keeps what was told before the check stopped, and the reason as an error: a check that wasn't done must not look passed. */
  endUnfinished(message: string): void {
    const cases = this.cases.map(caseXml('unfinished'));
    const stop = `    <testcase classname="unfinished" name="the check was finished"><error message="${xmlText(message)}"/></testcase>`;
    const failed = this.cases.filter(({ faults }) => faults.length > 0).length;
    const head = `name="unfinished" tests="${cases.length + 1}" failures="${failed}" errors="1"`;
    this.suites.push(`  <testsuite ${head}>\n${[...cases, stop].join('\n')}\n  </testsuite>`);
    this.cases = [];
  }

  async write(path: string): Promise<void> {
    await writeJUnit(path, junitFile('validate-logs', this.suites));
  }
}
