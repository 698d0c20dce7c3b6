// Several things that are wrong with one resource, as one colour and one reason.
import { type Line, type Status, worst } from '../../events/advice/index.ts';

export interface Problem {
  status: Exclude<Status, 'ok'>;
  text: string;
}

/** The worst of the problems, and all of them in words. @param fine  what is said when there are none */
export const standing = (problems: readonly Problem[], fine: string): Pick<Line<string>, 'status' | 'reason'> => ({
  status: worst(problems.map(({ status }) => status)),
  reason: problems.length === 0 ? fine : problems.map(({ text }) => text).join('; '),
});

/** The problem of each condition that holds. */
export const problemsOf = (said: readonly (readonly [isSo: boolean, status: Problem['status'], text: string])[]): Problem[] =>
  said.flatMap(([isSo, status, text]) => (isSo ? [{ status, text }] : []));
