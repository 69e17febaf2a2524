import type { Diagnostic, Severity } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { Command } from 'commander';
import { findWorkspace, type PolicyFiles, readPolicyFiles } from '../workspace/files.ts';
import { codeFrame } from './code-frame.ts';
import { symbolOf } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { type Format, json, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

interface CheckOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
}

const formats: Readonly<Record<Severity, Format>> = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  information: ['blue', 'bold'],
};

export function checkCommand(): Command {
  return new Command('check')
    .summary('check the policy files')
    .description('Check gatehouse.yaml and every policy file. Needs no daemon, and changes nothing.')
    .argument('[folder]', 'the workspace; the one at or above the working folder unless given')
    .option('--strict', 'warnings count as findings too')
    .option('--json', 'one JSON object for each finding')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse check
  $ gatehouse check --strict                 in CI
  $ gatehouse check --json | jq .code

Each finding is FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE].

Exit status: 0 sound, 1 findings, 2 could not run.`,
    )
    .action(
      run(async (folder: string | undefined, options: CheckOptions, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const files = await readPolicyFiles(await findWorkspace(folder ?? workspace ?? process.cwd()));
        const { checkWorkspace } = await import('@gatehouse/policy-schema/check/check-workspace.ts');
        const checked = checkWorkspace({ workspace: files.workspace, policies: files.policies });
        const { diagnostics } = checked;
        if (options.json === true) {
          for (const diagnostic of diagnostics) json(diagnostic);
          for (const problem of files.problems) json(problemOf(problem));
        } else {
          show(diagnostics, files);
        }
        const errors = diagnostics.filter((each) => each.severity === 'error').length + files.problems.length;
        const warnings = diagnostics.filter((each) => each.severity === 'warning').length;
        if (options.json !== true) summarise(errors, warnings, checked.set?.policies.length ?? 0, files);
        return errors > 0 || (options.strict === true && warnings > 0) ? exitCodes.no : exitCodes.ok;
      }),
    );
}

function problemOf(problem: string): object {
  const [file = '', ...message] = problem.split(': ');
  return { file, severity: 'error', code: 'unreadable', message: message.join(': ') };
}

function show(diagnostics: readonly Diagnostic[], files: PolicyFiles): void {
  for (const problem of files.problems) {
    out.line(
      `${oneLine(problem).replace(': ', `: ${out.paint(formats.error, 'error')}: `)} ${out.paint('dim', '[unreadable]')}`,
    );
  }
  for (const each of diagnostics) {
    const place = out.paint('bold', `${each.file}:${each.line}:${each.column}:`);
    const severity = out.paint(formats[each.severity], `${each.severity}:`);
    out.line(`${place} ${severity} ${oneLine(each.message)} ${out.paint('dim', `[${each.code}]`)}`);
    if (!out.interactive) continue;
    const text = textOf(files, each.file);
    if (text === undefined) continue;
    for (const line of codeFrame(text, each, formats[each.severity], out)) out.line(line);
    out.line();
  }
}

function textOf(files: PolicyFiles, file: string): string | undefined {
  return files.workspace?.file === file ? files.workspace.text : files.policies.get(file);
}

function summarise(errors: number, warnings: number, policies: number, files: PolicyFiles): void {
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ');
  const read = plural(files.policies.size + (files.workspace === undefined ? 0 : 1), 'file');
  if (errors > 0) out.line(out.paint('red', `${symbolOf('deny')} ${found} in ${read}`));
  else if (warnings > 0)
    out.line(
      out.paint(
        'yellow',
        `${symbolOf('allow')} sound, with ${found}: ${plural(policies, 'policy', 'policies')}`,
      ),
    );
  else
    out.line(
      out.paint('green', `${symbolOf('allow')} sound: ${plural(policies, 'policy', 'policies')} in ${read}`),
    );
}
