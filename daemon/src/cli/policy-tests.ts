import path from 'node:path';
import { testFolder } from '@gatehouse/policy-schema/model/layout.ts';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace, readPolicyFiles, readTestFiles } from '../workspace/files.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';
import { statePaths } from '../workspace/state.ts';
import { withRecords } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { MutateInput } from './mutate.ts';
import { run } from './run.ts';
import { err, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';
import { type Reporter, reporters, type TestReport } from './test-reports/test-report.ts';

const week = 7 * 24 * 60 * 60 * 1000;

interface TestOptions {
  readonly filter?: string;
  readonly coverage?: boolean;
  readonly mutate?: boolean;
  readonly threshold?: number;
  readonly since: number;
  readonly reporter: Reporter;
  readonly capture?: string;
  readonly out?: string;
}

/** `gatehouse test`: the tests of policies, not those of Gatehouse itself. */
export function testCommand(): Command {
  return new Command('test')
    .summary('run the tests of the policies')
    .description(
      'Decide the requests of .gatehouse/tests/*.test.yaml by the policy files as they stand, and compare with what is expected. Needs no daemon and no database.',
    )
    .argument('[folder]', 'the workspace; the one at or above the working folder unless given')
    .option('--filter <text>', 'only tests whose file or name holds the text')
    .option('--coverage', 'tell which rules the tests have shown at work, and both answers of conditions')
    .option('--mutate', 'change the policies one thing at a time, and tell which changes no test notices')
    .option(
      '--since <age>',
      'with --mutate: denials of the record that are no older, as 7d or 12h',
      ageOf,
      week,
    )
    .option('--threshold <percent>', 'with --mutate: fail where fewer of the changes are noticed', percentOf)
    .addOption(
      new Option('--reporter <kind>', 'how to write the results')
        .choices(Object.keys(reporters))
        .default('text'),
    )
    .option('--capture <session>', 'write what a recorded session asked as tests, in place of running them')
    .option('--out <file>', `with --capture: where to, below ${testFolder}`)
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse test
  $ gatehouse test --filter orders --coverage
  $ gatehouse test --mutate --threshold 80      are the tests worth anything?
  $ gatehouse test --capture 4f2a               what an agent did becomes tests
  $ gatehouse test --reporter junit > results.xml
  $ gatehouse test --reporter github             in a workflow of GitHub Actions

Exit status: 0 all passed, 1 some failed, 2 could not run (no tests, or files with errors).`,
    )
    .action(
      run(async (folder: string | undefined, options: TestOptions, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const root = await findWorkspace(folder ?? workspace ?? process.cwd());
        if (options.mutate === true && !['text', 'json'].includes(options.reporter))
          throw new ConfigFault('usage', 'With --mutate the reporter is text or json.');
        if (options.capture !== undefined) return capture(root, options.capture, options.out);
        const { report, ran } = await runAll(root, options);
        // What fails on the policies as they are says nothing about others.
        if (options.mutate === true && codeOf(report) === exitCodes.ok) {
          const { mutate } = await import('./mutate.ts');
          return mutate(ran, {
            asJson: options.reporter === 'json',
            since: options.since,
            ...(options.threshold === undefined ? {} : { threshold: options.threshold }),
          });
        }
        for (const line of reporters[options.reporter](report)) out.line(line);
        return codeOf(report);
      }),
    );
}

async function capture(root: string, session: string, to: string | undefined): Promise<ExitCode> {
  const { captureTests } = await import('./capture-tests.ts');
  const context = { workspaceFolder: root, state: statePaths(root) };
  const { file, tests, left } = await withRecords(context, (index) => captureTests(index, root, session, to));
  for (const line of left) err.line(`${err.paint('yellow', 'left out:')} ${oneLine(line)}`);
  out.line(
    `${plural(tests, 'test')} written to ${file}. Run them with \`gatehouse test --filter ${path.basename(file)}\`.`,
  );
  return exitCodes.ok;
}

function codeOf({ results }: TestReport): ExitCode {
  if (results.some(({ outcome }) => outcome === 'broken')) return exitCodes.unable;
  return results.some(({ outcome }) => outcome === 'failed') ? exitCodes.no : exitCodes.ok;
}

/** @throws ConfigFault `workspace-invalid`: files with errors; `usage`: no test is there */
async function runAll(
  root: string,
  { filter, coverage = false, mutate = false }: TestOptions,
): Promise<{ readonly report: TestReport; readonly ran: MutateInput }> {
  const start = performance.now();
  const [files, found] = await Promise.all([readPolicyFiles(root), readTestFiles(root)]);
  const [
    { checkWorkspace },
    { compilePolicies },
    { loadTests },
    { runTest },
    { CoverageCount, coverageTotals },
    { loadReaders },
  ] = await Promise.all([
    import('@gatehouse/policy-schema/check/check-workspace.ts'),
    import('@gatehouse/policy-schema/evaluate/decide.ts'),
    import('@gatehouse/policy-schema/tests/load-tests.ts'),
    import('@gatehouse/policy-schema/tests/run-tests.ts'),
    import('@gatehouse/policy-schema/tests/coverage.ts'),
    import('@gatehouse/policy-schema/vocabulary/readers.ts'),
  ]);
  const { workspace, policies } = files;
  const checked = checkWorkspace({ workspace, policies, tests: found.tests, checks: [] });
  const broken = [
    ...files.problems,
    ...found.problems,
    ...checked.diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticLine),
  ];
  if (broken.length > 0 || checked.set === undefined) throw invalid(broken);
  const tests = [...found.tests].flatMap(([file, text]) => loadTests(file, text).tests?.cases ?? []);
  const chosen = tests.filter((test) => fits(test, filter));
  // Without tests every mutant survives, with the tests that should be written.
  if (chosen.length === 0 && !(mutate && tests.length === 0)) throw nothing(tests.length, filter);
  await loadReaders();
  const tested = {
    policies: compilePolicies(checked.set),
    resources: checked.workspace?.resources ?? [],
  };
  const count = new CoverageCount();
  const results = chosen.map((test) => runTest(test, tested, coverage ? count : undefined));
  const rules = count.of(checked.set);
  return {
    report: {
      results,
      milliseconds: performance.now() - start,
      ...(coverage && { coverage: { rules, totals: coverageTotals(rules) } }),
    },
    ran: { root, set: checked.set, resources: tested.resources, policies: files.policies, tests: chosen },
  };
}

function ageOf(value: string): number {
  const match = /^(\d{1,5})([mhdw])$/.exec(value);
  if (match === null) throw new InvalidArgumentError('It is a number and one of m, h, d, w, as 7d.');
  const [, amount = '', unit = ''] = match;
  return Number(amount) * ({ m: week / 10_080, h: week / 168, d: week / 7, w: week }[unit] ?? 0);
}

function percentOf(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError('It is a number from 0 to 100.');
}

function fits(test: TestCase, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  const words = filter.toLowerCase();
  return [test.place.file, test.name, test.id].some((each) => each.toLowerCase().includes(words));
}

const shown = 10;

function invalid(broken: readonly string[]): ConfigFault {
  const more = broken.length > shown ? `\n  and ${broken.length - shown} more` : '';
  return new ConfigFault(
    'workspace-invalid',
    `The files have errors; see \`gatehouse check\`.\n  ${broken.slice(0, shown).join('\n  ')}${more}`,
  );
}

function nothing(all: number, filter: string | undefined): ConfigFault {
  return new ConfigFault(
    'usage',
    all > 0
      ? `None of the ${all} tests has "${filter}" in its file or name.`
      : 'There are no tests. Write some in .gatehouse/tests/NAME.test.yaml; docs/testing.md tells how.',
  );
}
