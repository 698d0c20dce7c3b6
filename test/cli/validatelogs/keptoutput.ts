// What a check writes, kept for a test to look at.
import type { ReportOutput } from '../../../cli/validatelogs/output.ts';
import { runOrExplain, type ValidateLogsOptions } from '../../../cli/validatelogs/run.ts';
import type { ReportPiece } from '../../../events/digest/awscli/index.ts';
import type { ProgramOutput } from './record.ts';

class KeptOutput implements ReportOutput {
  readonly said: ProgramOutput = { code: null, stdout: '', stderr: '' };
  write({ to, text }: ReportPiece): void {
    this.said[to] += text;
  }
  progress(): void {}
  end(): void {}
}

/** Runs the command's body in this process. */
export async function saidBy(options: Partial<ValidateLogsOptions>, now = new Date()): Promise<ProgramOutput> {
  const output = new KeptOutput();
  output.said.code = await runOrExplain({ concurrency: 32, ...options }, now, output);
  return output.said;
}
