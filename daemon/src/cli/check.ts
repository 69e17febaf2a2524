import type { Diagnostic, Severity } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { suggest } from '@gatehouse/policy-schema/syntax/suggest.ts';
import { Command, Option } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace, type PolicyFiles, readPolicyFiles, readTestFiles } from '../workspace/files.ts';
import { placeInRepository } from '../workspace/repository.ts';
import { showPatch, writeFixes } from './check-fix.ts';
import type { CheckReporter } from './check-reports/check-report.ts';
import { codeFrame } from './code-frame.ts';
import { symbolOf } from './effects.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { type Format, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

interface CheckOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly reporter: CheckReporter;
  readonly fix?: boolean;
  readonly unsafeFixes?: boolean;
  readonly diff?: boolean;
  readonly explain?: string;
}

const formats: Readonly<Record<Severity, Format>> = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  information: ['blue', 'bold'],
};

export function checkCommand(): Command {
  return new Command('check')
    .summary('check the policy files')
    .description(
      'Check gatehouse.yaml, every policy file and every test file. Needs no daemon, and changes nothing unless --fix is given.',
    )
    .argument('[folder]', 'the workspace; the one at or above the working folder unless given')
    .option('--strict', 'warnings count as findings too')
    .option('--fix', 'make the safe fixes, and tell what is left')
    .option('--unsafe-fixes', 'with --fix: make fixes too that a person should look at')
    .option('--diff', 'with --fix: show the changes instead of making them')
    .addOption(
      new Option('--reporter <kind>', 'how to write the findings')
        .choices(['text', 'json', 'sarif', 'github', 'gitlab'] satisfies CheckReporter[])
        .default('text'),
    )
    .option('--json', 'one JSON object for each finding; --reporter json')
    .option('--explain <code>', 'tell what a code stands for, and what to write instead')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse check
  $ gatehouse check --strict                 in CI
  $ gatehouse check --fix --diff             what the safe fixes would change
  $ gatehouse check --explain bad-pattern
  $ gatehouse check --json | jq .code
  $ gatehouse check --reporter sarif > gatehouse.sarif

Each finding is FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE]. A comment leaves one:
  # gatehouse-ignore CODE: reason (until 2027-01-31)

Exit status: 0 sound, 1 findings, 2 could not run.`,
    )
    .action(
      run(async (folder: string | undefined, options: CheckOptions, command: Command) => {
        if (options.explain !== undefined) return await explain(options.explain);
        if (options.fix !== true && (options.diff === true || options.unsafeFixes === true))
          throw new ConfigFault('usage', '--diff and --unsafe-fixes go with --fix.');
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const root = await findWorkspace(folder ?? workspace ?? process.cwd());
        const files = await readAll(root);
        const checked = await (options.fix === true ? fix(root, files, options) : check(files));
        const { diagnostics } = checked;
        const errors = diagnostics.filter((each) => each.severity === 'error').length + files.problems.length;
        const warnings = diagnostics.filter((each) => each.severity === 'warning').length;
        const reporter = options.json === true ? 'json' : options.reporter;
        if (reporter === 'text') {
          show(diagnostics, checked.files);
          summarise(errors, warnings, checked.policies, files);
        } else {
          const { checkReporters } = await import('./check-reports/check-report.ts');
          const report = {
            diagnostics,
            problems: files.problems,
            texts: textsOf(checked.files),
            place: await placeInRepository(root),
          };
          for (const line of await checkReporters[reporter](report)) out.line(line);
        }
        return errors > 0 || (options.strict === true && warnings > 0) ? exitCodes.no : exitCodes.ok;
      }),
    );
}

interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** How many policies are in force; 0 while a file is broken. */
  readonly policies: number;
  /** As they are now. */
  readonly files: AllFiles;
}

/** Policies and their tests. */
interface AllFiles extends PolicyFiles {
  readonly tests: ReadonlyMap<string, string>;
}

async function readAll(root: string): Promise<AllFiles> {
  const [files, { tests, problems }] = await Promise.all([readPolicyFiles(root), readTestFiles(root)]);
  return { ...files, tests, problems: [...files.problems, ...problems] };
}

async function check(files: AllFiles): Promise<Checked> {
  const { checkWorkspace } = await import('@gatehouse/policy-schema/check/check-workspace.ts');
  const { workspace, policies, tests } = files;
  const { diagnostics, set } = checkWorkspace({ workspace, policies, tests });
  return { diagnostics, policies: set?.policies.length ?? 0, files };
}

async function fix(root: string, files: AllFiles, options: CheckOptions): Promise<Checked> {
  const { fixWorkspace } = await import('@gatehouse/policy-schema/check/fix-workspace.ts');
  const { changed, mended } = fixWorkspace(
    { workspace: files.workspace, policies: files.policies },
    { unsafe: options.unsafeFixes === true },
  );
  if (options.diff === true) {
    showPatch(files, changed, out);
    return check(files);
  }
  await writeFixes(root, changed);
  if (options.json !== true && options.reporter === 'text') {
    for (const { finding, fix: made } of mended) {
      const place = `${finding.file}:${finding.line}:${finding.column}:`;
      out.line(
        `${out.paint('bold', place)} ${out.paint('green', 'fixed:')} ${oneLine(made.title)} ${out.paint('dim', `[${finding.code}]`)}`,
      );
    }
  }
  return check(await readAll(root));
}

/** The page of a code, as it stands in docs/checks. */
async function explain(code: string): Promise<ExitCode> {
  const { codes, pageOf } = await import('./check-page.ts');
  const known = codes().map((each) => each.code);
  if (!known.includes(code)) {
    const meant = suggest(code, known);
    const hint = meant === undefined ? 'docs/checks/README.md lists them all.' : `Did you mean ${meant}?`;
    throw new ConfigFault('usage', `No check has the code "${code}". ${hint}`);
  }
  const page = await pageOf(code);
  for (const line of page.trimEnd().split('\n')) out.line(/^#/.test(line) ? out.paint('bold', line) : line);
  return exitCodes.ok;
}

function show(diagnostics: readonly Diagnostic[], files: AllFiles): void {
  for (const problem of files.problems) {
    out.line(
      `${oneLine(problem).replace(': ', `: ${out.paint(formats.error, 'error')}: `)} ${out.paint('dim', '[unreadable]')}`,
    );
  }
  for (const each of diagnostics) {
    const place = out.paint('bold', `${each.file}:${each.line}:${each.column}:`);
    const severity = out.paint(formats[each.severity], `${each.severity}:`);
    out.line(`${place} ${severity} ${oneLine(each.message)} ${out.paint('dim', `[${each.code}]`)}`);
    for (const { title, safety } of each.fixes ?? [])
      out.line(out.paint('dim', `  ${safety === 'safe' ? 'fix' : 'unsafe fix'}: ${oneLine(title)}`));
    for (const place of each.related ?? []) {
      const line = textOf(files, place.file)?.slice(0, place.start).split('\n').length;
      out.line(
        out.paint(
          'dim',
          `  see ${place.file}${line === undefined ? '' : `:${line}`}: ${oneLine(place.message)}`,
        ),
      );
    }
    if (!out.interactive) continue;
    const text = textOf(files, each.file);
    if (text === undefined) continue;
    for (const line of codeFrame(text, each, formats[each.severity], out)) out.line(line);
    out.line();
  }
}

function textsOf({ workspace, policies, tests }: AllFiles): ReadonlyMap<string, string> {
  const own: readonly [string, string][] = workspace === undefined ? [] : [[workspace.file, workspace.text]];
  return new Map([...policies, ...tests, ...own]);
}

function textOf(files: AllFiles, file: string): string | undefined {
  return files.workspace?.file === file
    ? files.workspace.text
    : (files.policies.get(file) ?? files.tests.get(file));
}

function summarise(errors: number, warnings: number, policies: number, files: AllFiles): void {
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ');
  const read = plural(
    files.policies.size + files.tests.size + (files.workspace === undefined ? 0 : 1),
    'file',
  );
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
