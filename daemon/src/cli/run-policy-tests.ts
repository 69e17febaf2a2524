/** Run the tests of a workspace by its policy files as they stand. */
import { existsSync } from 'node:fs';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import { ConfigFault } from '../core/faults.ts';
import { readPolicyFiles, readTestFiles } from '../workspace/files.ts';
import { placeInRepository } from '../workspace/repository.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';
import type { MutateInput } from './mutate.ts';
import type { TestReport } from './test-reports/test-report.ts';
import type { TrafficCoverage } from '../review/traffic-coverage.ts';
import type { Traffic } from '../review/recorded-traffic.ts';
import { statePaths } from '../workspace/state.ts';
import { withRecords } from './context.ts';
import { Progress } from './progress.ts';

export interface RunOptions {
  readonly filter?: string;
  readonly coverage?: boolean;
  /** Coverage by recorded requests, too, of so many milliseconds. */
  readonly traffic?: number;
  readonly mutate?: boolean;
}

/** @throws ConfigFault `workspace-invalid`: files with errors; `usage`: no test is there */
export async function runPolicyTests(
  root: string,
  { filter, coverage = false, traffic, mutate = false }: RunOptions,
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
  const seen =
    traffic === undefined
      ? undefined
      : await coverageByTraffic(root, { ...tested, since: new Date(Date.now() - traffic) });
  return {
    report: {
      results,
      milliseconds: performance.now() - start,
      place: await placeInRepository(root),
      ...(coverage && { coverage: { rules, totals: coverageTotals(rules), ...(seen && { traffic: seen }) } }),
    },
    ran: { root, set: checked.set, resources: tested.resources, policies: files.policies, tests: chosen },
  };
}

/** Where nothing is recorded, nothing is shown. */
async function coverageByTraffic(root: string, traffic: Omit<Traffic, 'progress'>): Promise<TrafficCoverage> {
  const state = statePaths(root);
  if (!existsSync(state.records)) {
    const { CoverageCount } = await import('@gatehouse/policy-schema/tests/coverage.ts');
    return { rules: new CoverageCount().of(traffic.policies.set), requests: 0, open: 0 };
  }
  const { trafficCoverage } = await import('../review/traffic-coverage.ts');
  const progress = new Progress('Deciding the record', 'requests');
  const seen = await withRecords({ workspaceFolder: root, state }, (index) =>
    trafficCoverage(index, { ...traffic, progress: (share, done) => progress.show(share, done) }),
  );
  progress.end();
  return seen;
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
