import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { testFolder } from '@gatehouse/policy-schema/model/layout.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace } from '../workspace/files.ts';
import { statePaths } from '../workspace/state.ts';
import { withRecords } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { err, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';
import { lcov } from './test-reports/lcov.ts';
import { type Reporter, reporters, type TestReport } from './test-reports/test-report.ts';
import { watching } from './watch-tests.ts';

const week = 7 * 24 * 60 * 60 * 1000;

interface TestOptions {
  readonly filter?: string;
  readonly coverage?: boolean;
  readonly traffic?: boolean;
  readonly lcov?: string;
  readonly watch?: boolean;
  readonly mutate?: boolean;
  readonly threshold?: Thresholds;
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
    .option('--traffic', 'with --coverage: tell also which rules recorded requests show')
    .option(
      '--since <age>',
      'with --traffic and --mutate: how old recorded requests may be, as 7d or 12h',
      ageOf,
      week,
    )
    .option('--lcov <file>', 'write the coverage there, too, for editors and CI services')
    .option(
      '--threshold <percents>',
      'fail where less is shown: a percentage, or one for each, as rules=90,answers=80,mutants=70',
      thresholdsOf,
    )
    .option('--watch', 'run again whenever a file changes')
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
  $ gatehouse test --traffic --threshold 90     rules that tests prove, and those only seen
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
        checkThreshold(options);
        if (options.capture !== undefined) return capture(root, options.capture, options.out);
        const once = () => runOnce(root, options);
        return options.watch === true ? watching(root, once, exitCodes.unable) : once();
      }),
    );
}

async function runOnce(root: string, options: TestOptions): Promise<ExitCode> {
  const { filter, mutate: mutates = false, threshold, since } = options;
  const coverage = options.coverage === true || options.traffic === true || options.lcov !== undefined;
  const { report, ran } = await runPolicyTests(root, {
    coverage: coverage || (threshold !== undefined && !mutates),
    mutate: mutates,
    ...(filter === undefined ? {} : { filter }),
    ...(options.traffic === true ? { traffic: since } : {}),
  });
  // What fails on the policies as they are says nothing about others.
  if (mutates && codeOf(report) === exitCodes.ok) {
    const { mutate } = await import('./mutate.ts');
    return mutate(ran, {
      asJson: options.reporter === 'json',
      since,
      ...(threshold?.mutants === undefined ? {} : { threshold: threshold.mutants }),
    });
  }
  for (const line of reporters[options.reporter](report)) out.line(line);
  if (options.lcov !== undefined && report.coverage !== undefined)
    writeFileSync(options.lcov, lcov(report.coverage.rules, ran.policies));
  const low = lowCoverage(report, threshold);
  for (const line of low) err.line(`${err.paint('red', 'too little:')} ${line}`);
  return codeOf(report) === exitCodes.ok && low.length > 0 ? exitCodes.no : codeOf(report);
}

/** What is below the threshold, a line each. */
function lowCoverage({ coverage }: TestReport, thresholds: Partial<Thresholds> = {}): readonly string[] {
  if (coverage === undefined) return [];
  const { rules, answers } = coverage.totals;
  const kinds = [
    { what: 'rules decided a test', least: thresholds.rules ?? 0, ...rules },
    { what: 'answers of conditions were seen', least: thresholds.answers ?? 0, ...answers },
  ];
  return kinds
    .filter(({ covered, total, least }) => covered * 100 < total * least)
    .map(
      ({ what, covered, total, least }) =>
        `${covered} of ${total} ${what}, and ${least} % is asked for; --coverage lists them.`,
    );
}

async function capture(root: string, session: string, to: string | undefined): Promise<ExitCode> {
  const { captureTests } = await import('./capture-tests.ts');
  const context = { workspaceFolder: root, state: statePaths(root) };
  const { file, tests, otherwise, left } = await withRecords(context, (index) =>
    captureTests(index, root, session, to),
  );
  for (const line of left) err.line(`${err.paint('yellow', 'left out:')} ${oneLine(line)}`);
  for (const line of otherwise) err.line(`${err.paint('yellow', 'decided otherwise now:')} ${oneLine(line)}`);
  out.line(
    `${plural(tests, 'test')} written to ${file}. Run them with \`gatehouse test --filter ${path.basename(file)}\`.`,
  );
  return exitCodes.ok;
}

function codeOf({ results }: TestReport): ExitCode {
  if (results.some(({ outcome }) => outcome === 'broken')) return exitCodes.unable;
  return results.some(({ outcome }) => outcome === 'failed') ? exitCodes.no : exitCodes.ok;
}

function ageOf(value: string): number {
  const match = /^(\d{1,5})([mhdw])$/.exec(value);
  if (match === null) throw new InvalidArgumentError('It is a number and one of m, h, d, w, as 7d.');
  const [, amount = '', unit = ''] = match;
  return Number(amount) * ({ m: week / 10_080, h: week / 168, d: week / 7, w: week }[unit] ?? 0);
}

const thresholdKinds = ['rules', 'answers', 'mutants'] as const;

/** The least percentages. */
type Thresholds = { readonly kind: 'all' | 'each' } & {
  readonly [Kind in (typeof thresholdKinds)[number]]?: number;
};

/** A threshold that nothing is compared with must not look as if it were kept. */
function checkThreshold({ mutate = false, threshold }: TestOptions): void {
  if (threshold === undefined || threshold.kind === 'all') return;
  if (mutate && (threshold.rules ?? threshold.answers) !== undefined)
    throw new ConfigFault('usage', 'With --mutate the threshold is of mutants alone.');
  if (!mutate && threshold.mutants !== undefined)
    throw new ConfigFault('usage', 'A threshold of mutants needs --mutate.');
}

/** One percentage is for all kinds. */
function thresholdsOf(value: string): Thresholds {
  if (!value.includes('=')) {
    const each = percentOf(value);
    return { kind: 'all', rules: each, answers: each, mutants: each };
  }
  const found: { -readonly [Key in keyof Thresholds]: Thresholds[Key] } = { kind: 'each' };
  for (const part of value.split(',')) {
    const [name = '', percent = ''] = part.split('=').map((word) => word.trim());
    const kind = thresholdKinds.find((each) => each === name);
    if (kind === undefined)
      throw new InvalidArgumentError(`There is no "${name}"; there are ${thresholdKinds.join(', ')}.`);
    found[kind] = percentOf(percent);
  }
  return found;
}

function percentOf(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError('It is a number from 0 to 100.');
}
