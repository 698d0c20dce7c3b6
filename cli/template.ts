// What `trailbus template` does.
import { Document } from 'yaml';
import type { DetectionsAsRules } from '../events/busrules/index.ts';
import { UsageError } from '../events/errors.ts';
import { readConfig } from '../local/configfile.ts';
import { detectionsAsRules, PlanError, parameterTexts, rulesTemplate, type StackTemplate, stackTemplate } from '../serverless/template.ts';
import { ExitCode } from './exitcode.ts';
import { counted } from './rules/writenew.ts';
import { jsonLine, jsonText, printable } from './terminal.ts';
import { documentText } from './yamltext.ts';

export interface StackTemplateOptions {
  param?: string[];
  config?: string;
  stage: string;
  asRules?: boolean;
  native?: boolean;
  yaml?: boolean;
  json?: boolean;
}

/** @throws UsageError, FileError */
export async function printTemplate(options: StackTemplateOptions): Promise<ExitCode> {
  checkOptions(options);
  const stackName = `trailbus-${options.stage}`;
  try {
    if (options.asRules) printRules(stackName, options);
    else await printStack(stackName, options);
    return ExitCode.fine;
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    for (const line of error.message.split('\n')) process.stderr.write(`${printable(line)}\n`);
    return ExitCode.failed;
  }
}

async function printStack(stackName: string, options: StackTemplateOptions): Promise<void> {
  const texts = parameterTexts([...(options.param ?? []), ...(options.config === undefined ? [] : [`config=${options.config}`])]);
  const { template, notes } = await stackTemplate(stackName, texts);
  for (const note of notes) process.stderr.write(`${printable(note)}\n`);
  write(template, options);
}

function checkOptions({ stage, asRules, native, param, yaml, json }: StackTemplateOptions): void {
  if (yaml && json) throw new UsageError('`--yaml` and `--json` are two forms of one answer', { help: 'ask for one of them' });
  if (native && !asRules) throw new UsageError('`--native` is for rules', { help: 'add --as-rules' });
  if (asRules && param !== undefined)
    throw new UsageError('`--param` has no use with `--as-rules`', { help: 'take it out; the configuration says which detections are on' });
  if (!/^[a-z][a-z0-9-]*$/i.test(stage)) throw new UsageError(`\`${stage}\` names no stage`, { help: 'write letters, digits and dashes' });
}

function printRules(stackName: string, options: StackTemplateOptions): void {
  const said = detectionsAsRules(readConfig(options.config), options.native ? 'native' : 'trailbus');
  if (options.json) printRuleLines(said);
  else {
    write(rulesTemplate(said.rules, options.native ? undefined : stackName), options);
    printUnsaid(said);
  }
}

function printUnsaid(said: DetectionsAsRules): void {
  for (const { id, words } of said.notes) process.stderr.write(`${printable(id)}: ${printable(words)}\n`);
  for (const { id, why } of said.unsaid) process.stderr.write(`${printable(id)} can’t be said by a rule: ${printable(why)}\n`);
  const detections = new Set(said.rules.map(({ detection }) => detection)).size;
  process.stderr.write(
    `${counted(said.rules.length, 'rule')} of ${counted(detections, 'detection')}; ${said.unsaid.length} can’t be said\n`,
  );
}

function printRuleLines({ rules, notes, unsaid }: DetectionsAsRules): void {
  const lines = [
    ...rules.map((rule) => {
      const left = notes.filter(({ id }) => id === rule.detection).map(({ words }) => words);
      return { type: 'rule', ...rule, ...(left.length > 0 && { notes: left }) };
    }),
    ...unsaid.map(({ id, why }) => ({ type: 'unsaid', detection: id, why })),
  ];
  process.stdout.write(lines.map((line) => jsonLine(line)).join(''));
}

function write(template: StackTemplate, { yaml, json }: StackTemplateOptions): void {
  // As CloudFormation reads it: YAML 1.1, where a date or `on` without quotes is no text.
  const text = () => documentText(new Document(template, { version: '1.1', aliasDuplicateObjects: false }), { lineWidth: 0 });
  process.stdout.write(yaml ? text() : `${jsonText(template, json ? undefined : 2)}\n`);
}
