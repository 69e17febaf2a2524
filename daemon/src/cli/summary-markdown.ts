import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import type { Flip } from '../simulate/simulation.ts';
import { diffBlocks } from './diff-markdown.ts';
import { count, dayAndTime } from './format.ts';
import { block, code, table } from './markdown.ts';
import type { Comparison, PullRequest } from './pull-request.ts';
import type { ToldSimulation } from './simulation-file.ts';
import { titleOf, whyOf } from './test-reports/outcome-words.ts';
import { plural } from './text.ts';

const maxRows = 20;

/**
 * The summary of a pull request, the gravest first: what the change means, what it does to recorded traffic, and what checks
 * and tests say.
 * @param place where the workspace lies in its repository; tells comments of several workspaces apart
 */
export async function summaryBlocks(pull: PullRequest, place: string): Promise<readonly string[]> {
  const { comparison, simulation } = pull;
  const [title, ...means] = await comparisonBlocks(comparison);
  return [
    // By it a bot finds the comment that it made before.
    `<!-- gatehouse-summary ${encodeURIComponent(place).replaceAll('-', '%2D')} -->`,
    title,
    resultsTable(pull),
    ...failedTests(pull.tests),
    ...(simulation === undefined ? [] : simulationBlocks(simulation)),
    ...means,
  ];
}

async function comparisonBlocks(
  comparison: Comparison,
): Promise<readonly [title: string, ...blocks: string[]]> {
  if (comparison.kind === 'broken') {
    return [
      '## Gatehouse: ✗ not compared\n\nThe policy files cannot be compared, as they have errors:',
      block(comparison.why, 'text'),
    ];
  }
  const { loosens, tightens } = comparison.workspace;
  const [title = '', from = '', ...blocks] = await diffBlocks(comparison.compared);
  const head = `${title}${loosens.length > 0 ? ', ↑ and gatehouse.yaml' : ''}\n\n${from}`;
  if (loosens.length + tightens.length === 0) return [head, ...blocks];
  const rows = [
    ...loosens.map((words) => ['↑ a person must accept', code(words)]),
    ...tightens.map((words) => ['↓ stricter', code(words)]),
  ];
  const shown = table(['', 'gatehouse.yaml'], rows.slice(0, maxRows));
  const more = rows.length - maxRows;
  return [head, shown, ...(more > 0 ? [`and ${more} more`] : []), ...blocks];
}

function resultsTable({ findings, problems, tests }: PullRequest): string {
  const errors = findings.error + problems.length;
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(findings.warning > 0 ? [plural(findings.warning, 'warning')] : []),
    ...(findings.information > 0 ? [`${findings.information} for information`] : []),
  ];
  const bad = tests.filter(({ outcome }) => outcome !== 'passed').length;
  const ran =
    tests.length === 0
      ? ['–', 'no tests ran']
      : bad > 0
        ? ['✗', `${bad} of ${tests.length} failed`]
        : ['✓', `${tests.length} passed`];
  return table(
    ['', '', 'result'],
    [
      [errors > 0 ? '✗' : '✓', 'check', found.length === 0 ? 'no findings' : found.join(', ')],
      [ran[0] ?? '', 'tests', ran[1] ?? ''],
    ],
  );
}

const flipWords: Readonly<Record<Flip, string>> = {
  allowed: '↑ newly allowed',
  bounds: '↕ other masks or limits',
  held: '‖ newly held for a person',
  denied: '↓ newly denied',
};

function simulationBlocks({ since, requests, totals, flips, policy }: ToldSimulation): readonly string[] {
  const head = [
    '### Recorded traffic',
    `${plural(requests, 'request')} since ${dayAndTime(since)}, decided again by ${code(policy)}: ${count(totals.same)} have the same answer${totals.open > 0 ? `, and for ${count(totals.open)} the record does not say enough` : ''}.`,
  ];
  if (flips.length === 0) return head;
  const rows = flips
    .slice(0, maxRows)
    .map(({ flip, cause, requests: own, examples: [first] }) => [
      flipWords[flip],
      count(own),
      code([cause.policy, cause.name].filter((each) => each !== undefined).join('/')),
      first === undefined ? '' : code(first.text),
    ]);
  const more = flips.length - rows.length;
  return [
    ...head,
    table(['', 'requests', 'because of', 'such as'], rows),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function failedTests(tests: readonly TestResult[]): readonly string[] {
  const failed = tests.filter(({ outcome }) => outcome !== 'passed');
  if (failed.length === 0) return [];
  const rows = failed.slice(0, maxRows).map((result) => {
    const { file, line } = result.test.place;
    return [code(titleOf(result)), code(`${file}:${line}`), code(whyOf(result)[0] ?? '')];
  });
  const more = failed.length - rows.length;
  return [
    '### Failed tests',
    table(['test', 'where', 'why'], rows),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}
