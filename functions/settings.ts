// The settings of a function, from its environment.
import type * as z from 'zod';
import { TrailbusError } from '../events/errors.ts';

/**
 * The environment as a schema has it.
 * @param piece  the file of the stack that sets it
 * @throws TrailbusError that names every fault
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
  piece: string,
): z.output<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new TrailbusError(`the function's environment is wrong: ${faults.join('; ')}`, {
    source: 'environment',
    help: `deploy again; a deployment sets it in ${piece}`,
  });
}
