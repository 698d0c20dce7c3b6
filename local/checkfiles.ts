// The checks that come with Trailbus: each is a file of the folder `checks/`.
import { existsSync, readdirSync } from 'node:fs';
import type { Check } from '../events/advice/index.ts';

/** Beside the sources, and in dist/. */
const FOLDERS = ['../checks/', './checks/', '../../checks/'].map((path) => new URL(path, import.meta.url));

/** All checks, in order of category and name. */
export async function allChecks(): Promise<Check[]> {
  const extension = new URL(import.meta.url).pathname.endsWith('.ts') ? '.ts' : '.js';
  const folder = FOLDERS.find((each) => existsSync(each) && readdirSync(each).some((name) => name.endsWith(extension)));
  if (folder === undefined) throw new Error('the checks are not there: build the command');
  const files = readdirSync(folder).filter((name) => name.endsWith(extension));
  const modules = await Promise.all(files.map(async (name) => (await import(new URL(name, folder).href)) as { default: Check }));
  return modules.map((module) => module.default).sort((left, right) => (sortedBy(left) < sortedBy(right) ? -1 : 1));
}

const sortedBy = ({ category, name }: Check): string => `${category} ${name}`;
