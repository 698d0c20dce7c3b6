// `success-and-error`: a detection of calls that went well, whose pattern asks for an error, finds nothing.
import { leavesOf, parsePattern } from '../../../pattern/index.ts';
import { withBlocks } from '../../patternsinfile.ts';
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const asking = (error: string) => `${SOUND_EXAMPLE.replace('[CreateUser] } }', `[CreateUser], errorCode: [${error}] } }`)}success: true\n`;

export const successAndError: DetectionLintRule = {
  id: 'success-and-error',
  severity: 'error',
  title: '`success: true` beside a pattern that asks for an error: nothing is both',
  example: { wrong: asking('AccessDenied'), right: asking('{ exists: false }') },
  check: ({ detection: { success, patterns } }) =>
    patterns.flatMap(({ text, path }, at) =>
      success && asksForError(text)
        ? [
            {
              path: path === 'pattern' ? ['pattern'] : ['pattern', at],
              message: 'asks for an error, and `success: true` for none',
              help: 'take one of the two out',
            },
          ]
        : [],
    ),
};

/** Whether every event that matches has an error; a field inside `$or` may be any arm's, and is not looked at. */
function asksForError(text: string): boolean {
  if (text.includes('"$or"')) return false;
  return [...leavesOf(parsePattern(withBlocks(text), 'pattern').root)].some(
    ({ key, matchers }) =>
      /^detail\.error(Code|Message)$/.test(key.path) && !matchers.some((each) => each.kind === 'exists' && !each.value),
  );
}
