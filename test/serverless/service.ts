// Runs `serverless` in a folder of its own: it writes to a fixed place beside serverless.yml, so two runs in one folder would disturb each other.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Builds the functions into a temporary folder, once for all `Service`s that share it. */
export async function buildFunctions(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-functions-'));
  await run(process.execPath, ['--import', 'tsx', join(REPOSITORY, 'serverless/build.ts'), folder], { cwd: REPOSITORY });
  return folder;
}

/** A copy of what serverless reads, with functions built before. */
export class Service {
  readonly folder: string;

  constructor(functions: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'trailbus-service-'));
    for (const name of ['serverless.yml', 'package.json']) copyFileSync(join(REPOSITORY, name), join(this.folder, name));
    for (const name of ['serverless', 'node_modules']) symlinkSync(join(REPOSITORY, name), join(this.folder, name));
    symlinkSync(functions, join(this.folder, '.build'));
  }

  /**
   * Runs a command of serverless with parameters.
   * @throws Error with `stdout` and `stderr` when it fails
   */
  async run(command: string, stage: string, parameters: Record<string, string>, environment: Record<string, string> = {}): Promise<string> {
    const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const program = join(REPOSITORY, 'node_modules/serverless/bin/serverless.js');
    const env = { ...process.env, NODE_NO_WARNINGS: '1', SLS_NOTIFICATIONS_MODE: 'off', ...environment };
    const { stdout, stderr } = await run(process.execPath, [program, command, '--stage', stage, ...given], { cwd: this.folder, env });
    return stdout + stderr;
  }

  /** The CloudFormation template that `package` left. */
  get template(): string {
    return join(this.folder, '.serverless/cloudformation-template-update-stack.json');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
