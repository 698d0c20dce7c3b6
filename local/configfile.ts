// trailbus.yml on this machine: found, read, and the files it names with it.
import { readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import {
  accountFaults,
  type ConfigFile,
  type ListedValue,
  listNamesIn,
  listValues,
  NO_CONFIG,
  readConfigFile,
} from '../events/configfile.ts';
import { configuredFaults } from '../events/detect/index.ts';
import { FileError, type FileFault, UsageError } from '../events/errors.ts';
import { placeOfPath, valueAtPath } from '../events/yamlfile.ts';
import { readText } from './textfile.ts';

/** Looked for in the folder a command is started in. */
const DEFAULT_FILE = 'trailbus.yml';

/** A configuration with everything it needs of other files. */
export interface LoadedConfig extends ConfigFile {
  /** Values by the list's name; none of a list that could not be read. */
  lists: Map<string, readonly string[]>;
  /** Files and folders that it names and that are there. */
  named: { detections: readonly string[]; rules: readonly string[] };
  /** A path that the file names, from the folder the command runs in. */
  pathOf: (named: string) => string;
}

/**
 * The configuration: `path`, else `./trailbus.yml` where there is one, else the defaults.
 * @throws UsageError when the named file can't be read, FileError with every fault that can be seen without reading detections
 */
export function loadConfig(path?: string): LoadedConfig {
  const config = readConfig(path);
  if (config.faults.length > 0) throw new FileError(inFileOrder(config.faults, config.source));
  return config;
}

/** The same as far as it is sound, for who looks further: `faults` are still to be told. @throws UsageError */
export function readConfig(path?: string): LoadedConfig {
  if (path === undefined && statSync(DEFAULT_FILE, { throwIfNoEntry: false }) === undefined) return resolved(NO_CONFIG, '.');
  const source = path ?? DEFAULT_FILE;
  return resolved(readConfigFile(textOf(source), source), dirname(source));
}

/** Faults of the configuration before those of files that it names, each file's by line. */
export function inFileOrder(faults: readonly FileFault[], source: string): FileFault[] {
  const files = [...new Set([source, ...faults.map((fault) => fault.source)])];
  const order = new Map(files.map((file, at) => [file, at]));
  return [...faults].sort(
    (left, right) => order.get(left.source)! - order.get(right.source)! || left.line - right.line || left.column - right.column,
  );
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
  const reader = new NamedFiles(config, pathOf);
  const lists = new Map(listNamesIn(config.document?.value).map((name) => [name, reader.valuesOf(name)]));
  const named = { detections: reader.thereOf(['detections', 'files'], DETECTION_FILE), rules: reader.thereOf(['rules'], RULE_FILE) };
  const words = config.document === undefined ? [] : configuredFaults(config.document, lists);
  return { ...config, lists, named, pathOf, faults: [...config.faults, ...reader.faults, ...words] };
}

interface FileKind {
  name: RegExp;
  what: string;
  ends: string;
}

const isOfKind = (file: string, name: RegExp): boolean => name.test(file) && !/(^|\/)(fixtures|node_modules)\//.test(file);

const DETECTION_FILE: FileKind = { name: /\.(json|ya?ml)$/i, what: 'detection files', ends: 'detection files end in .yaml, .yml or .json' };
const RULE_FILE: FileKind = {
  name: /\.(json|ya?ml|template)$/,
  what: 'rule files',
  ends: 'rule files end in .yaml, .yml, .json or .template',
};

/** Files that a configuration names, and what is wrong with them. */
class NamedFiles {
  readonly faults: FileFault[] = [];
  private readonly config: ConfigFile;
  private readonly pathOf: (named: string) => string;

  constructor(config: ConfigFile, pathOf: (named: string) => string) {
    [this.config, this.pathOf] = [config, pathOf];
  }

  /** The values of a list, in the file or in one of its own. */
  valuesOf(name: string): string[] {
    const { lists = {} } = this.config.fields;
    const given = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (Array.isArray(given)) return given;
    const file = given?.file ?? valueAtPath(this.config.document?.value, ['lists', name, 'file']);
    return typeof file === 'string' && file !== '' ? this.valuesIn(this.pathOf(file), name).map(({ value }) => value) : [];
  }

  private valuesIn(path: string, name: string): ListedValue[] {
    try {
      const values = listValues(readText(path));
      if (name === 'accounts') this.faults.push(...accountFaults(values, path));
      return values;
    } catch (cause) {
      this.fault(['lists', name, 'file'], `can’t be read: ${(cause as Error).message}`);
      return [];
    }
  }

  /** Files and folders in a list. @returns the paths of those that are there */
  thereOf(path: string[], kind: FileKind): string[] {
    const named = valueAtPath(this.config.document?.value, path);
    return (Array.isArray(named) ? (named as unknown[]) : []).flatMap((each, at) =>
      typeof each === 'string' && each !== '' && this.isThere(each, [...path, at], kind) ? [this.pathOf(each)] : [],
    );
  }

  private isThere(named: string, path: (string | number)[], { name, what, ends }: FileKind): boolean {
    const folder = this.pathOf(named);
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) this.fault(path, `names no file or folder: \`${named}\``);
    else if (!stat.isDirectory() || readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((file) => isOfKind(file, name)))
      return true;
    else this.fault(path, `has no ${what} in it: \`${named}\``, ends);
    return false;
  }

  private fault(path: (string | number)[], message: string, help = 'paths begin at the folder of this file'): void {
    this.faults.push({ ...placeOfPath(this.config.document!, path), message, help });
  }
}
