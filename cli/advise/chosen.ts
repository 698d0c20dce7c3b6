// Which checks a command line means.
import { CATEGORIES, type Category, type Check } from '../../events/advice/index.ts';
import { UsageError } from '../../events/errors.ts';
import { nearest } from '../../events/pattern/index.ts';

export interface ChosenBy {
  /** Ids or names. */
  check?: readonly string[];
  category?: readonly string[];
}

/** @throws UsageError for a check or category that isn't there */
export function chosenChecks(all: readonly Check[], { check: names = [], category: categories = [] }: ChosenBy): Check[] {
  const unknown = categories.find((category) => !CATEGORIES.includes(category as Category));
  if (unknown !== undefined)
    throw new UsageError(`no category is called \`${unknown}\``, { help: `write one of ${CATEGORIES.join(', ')}` });
  const named = names.length === 0 ? all : names.map((name) => checkNamed(all, name));
  return named.filter(({ category }) => categories.length === 0 || categories.includes(category));
}

/** @throws UsageError */
export function checkNamed(all: readonly Check[], name: string): Check {
  const found = all.find((each) => each.id === name || each.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const meant = nearest(
    name,
    all.map(({ id }) => id),
  );
  throw new UsageError(`no check is called \`${name}\``, {
    help: meant === undefined ? 'see `trailbus advise list`' : `did you mean \`${meant}\`?`,
  });
}
