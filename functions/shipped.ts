// What packaging put beside a function, read at its cold start.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TrailbusError } from '../events/errors.ts';

/**
 * A JSON file from the folder that Lambda unpacks the function into, and what is made of it.
 * @param what  what the file holds, for the message: `rules`
 * @throws TrailbusError when it is not there, or what `make` throws
 */
export function readShipped<Content, Made>(path: string, what: string, make: (content: Content) => Made): Made {
  const file = resolve(process.env['LAMBDA_TASK_ROOT'] ?? '.', path);
  try {
    return make(JSON.parse(readFileSync(file, 'utf8')) as Content);
  } catch (cause) {
    if (cause instanceof TrailbusError) throw cause;
    throw new TrailbusError(`the ${what} could not be read: ${(cause as Error).message}`, {
      source: file,
      help: `deploy again, with the parameter \`${what}\``,
      cause,
    });
  }
}
