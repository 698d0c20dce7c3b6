// trailbus.yml on this machine: found, read, and the files it names with it.
import { statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type ConfigFile, listValues, NO_CONFIG, readConfigFile } from '../events/configfile.ts';
import { UsageError } from '../events/errors.ts';
import { FileError } from '../events/yamlfile.ts';
import { readText } from './textfile.ts';

/** Looked for in the folder a command is started in. */
const DEFAULT_FILE = 'trailbus.yml';

/** A configuration with everything it needs of other files. */
export interface LoadedConfig extends ConfigFile {
  /** Values by the list's name. */
  lists: Map<string, readonly string[]>;
  /** A path that the file names, from the folder the command runs in. */
  pathOf: (named: string) => string;
}

/**
 * The configuration: `path`, else `./trailbus.yml` where there is one, else the defaults.
 * @throws UsageError when the named file can't be read, FileError with every fault in it
 */
export function loadConfig(path?: string): LoadedConfig {
  if (path === undefined && statSync(DEFAULT_FILE, { throwIfNoEntry: false }) === undefined) return resolved(NO_CONFIG, '.');
  const source = path ?? DEFAULT_FILE;
  return resolved(readConfigFile(textOf(source), source), dirname(source));
}

function textOf(path: string): string {
  try {
    return readText(path);
  } catch (cause) {
    throw new UsageError(`can’t read the configuration: ${(cause as Error).message}`, {
      source: path,
      cause,
      help: 'name a file as in --config trailbus.yml',
    });
  }
}

function resolved(config: ConfigFile, folder: string): LoadedConfig {
  const pathOf = (named: string) => (isAbsolute(named) ? named : join(folder, named));
  const lists = Object.entries(config.fields.lists ?? {}).map(([name, list]): [string, readonly string[]] => [
    name,
    Array.isArray(list) ? list : valuesIn(list!.file, pathOf, config.source, name),
  ]);
  return { ...config, lists: new Map(lists), pathOf };
}

function valuesIn(file: string, pathOf: (named: string) => string, source: string, name: string): string[] {
  try {
    return listValues(readText(pathOf(file)));
  } catch (cause) {
    const message = `can’t be read: ${(cause as Error).message}`;
    throw new FileError([
      { source, line: 1, column: 1, path: `lists.${name}.file`, message, help: 'paths begin at the folder of this file' },
    ]);
  }
}
