import { type Answers, type RuleCoverage, standingOf } from '@gatehouse/policy-schema/tests/coverage.ts';
import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import { out, type Format } from '../terminal.ts';
import { oneLine, padEnd, plural, widthOf } from '../text.ts';
import { percent, summaryOf, titleOf, whyOf } from './outcome-words.ts';
import type { TrafficCoverage } from '../../review/traffic-coverage.ts';
import type { TestReport } from './test-report.ts';

const looks: Readonly<Record<TestResult['outcome'], { readonly symbol: string; readonly format: Format }>> = {
  passed: { symbol: '✓', format: 'green' },
  failed: { symbol: '✗', format: ['red', 'bold'] },
  broken: { symbol: '!', format: ['yellow', 'bold'] },
};

/** For people: what passed on a line each, what did not with its reasons. */
export function textReport(report: TestReport): readonly string[] {
  const { results, coverage, milliseconds } = report;
  const lines: string[] = [];
  for (const [file, own] of byFile(results)) {
    lines.push(out.paint('bold', file));
    for (const result of own) lines.push(...resultLines(result));
    lines.push('');
  }
  if (coverage !== undefined) lines.push(...coverageLines(coverage.rules, coverage.traffic), '');
  const bad = results.some(({ outcome }) => outcome !== 'passed');
  const words = `${summaryOf(report)} in ${Math.max(1, Math.round(milliseconds))} ms`;
  lines.push(out.paint(bad ? ['red', 'bold'] : 'green', `${bad ? '✗' : '✓'} ${words}`));
  if (coverage !== undefined) {
    const { rules, answers } = coverage.totals;
    const ofRules = `${percent(rules)} of rules (${rules.covered} of ${rules.total})`;
    const ofAnswers = `${percent(answers)} of the answers of conditions (${answers.covered} of ${answers.total})`;
    lines.push(`  coverage: ${ofRules}, ${ofAnswers}`);
    if (coverage.traffic !== undefined) {
      const { requests, open } = coverage.traffic;
      const left =
        open === 0
          ? ''
          : `; ${open} more in part or not at all, as the record lacks a fact that a condition asks for, or the resource is gone`;
      lines.push(`  traffic: ${plural(requests - open, 'recorded request')}${left}`);
    }
  }
  return lines;
}

function resultLines(result: TestResult): readonly string[] {
  const { symbol, format } = looks[result.outcome];
  const { place } = result.test;
  const at = result.outcome === 'passed' ? '' : `  ${out.paint('dim', `${place.file}:${place.line}`)}`;
  return [
    `  ${out.paint(format, symbol)} ${oneLine(titleOf(result))}${at}`,
    ...whyOf(result).map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      return `      ${indent}${oneLine(line)}`;
    }),
  ];
}

function byFile(results: readonly TestResult[]): ReadonlyMap<string, readonly TestResult[]> {
  return Map.groupBy(results, ({ test }) => test.place.file);
}

/** Each rule with how often it decided, and what of its condition was never seen. */
function coverageLines(rules: readonly RuleCoverage[], traffic?: TrafficCoverage): readonly string[] {
  const named = rules.map((rule, at) => ({
    rule,
    name: oneLine(`${rule.policy}/${rule.rule}`),
    seen: traffic?.rules[at],
    ...stood(rule, traffic?.rules[at]),
  }));
  const wide = Math.max(0, ...named.map(({ name }) => widthOf(name)));
  const wideWords = Math.max(0, ...named.map(({ words }) => widthOf(words)));
  return [
    out.paint('bold', 'Coverage of rules'),
    ...named.flatMap(({ rule, name, seen, format, words }) => {
      const place = out.paint('dim', `${rule.location.file}:${rule.location.line}`);
      return [
        `  ${padEnd(name, wide)}  ${out.paint(format, padEnd(words, wideWords))}  ${place}`,
        ...rule.condition.flatMap((answers, at) => {
          const missing = unseen(answers, seen?.condition[at]);
          return missing === undefined
            ? []
            : [`    ${out.paint('yellow', missing)}: ${oneLine(answers.text)}`];
        }),
      ];
    }),
  ];
}

function stood(rule: RuleCoverage, seen: RuleCoverage | undefined): ReturnType<typeof standing> {
  return seen === undefined ? standing(rule) : provenBy(rule, seen);
}

function standing({ deciding, contributing }: RuleCoverage): {
  readonly format: Format;
  readonly words: string;
} {
  if (deciding > 0) return { format: 'green', words: `decided ${deciding}` };
  if (contributing > 0) return { format: 'yellow', words: `matched ${contributing}, decided none` };
  return { format: 'red', words: 'never matched' };
}

/** Tests prove; what only traffic shows may be a mistake that nobody has noticed. */
function provenBy(
  rule: RuleCoverage,
  seen: RuleCoverage,
): { readonly format: Format; readonly words: string } {
  const stands = standingOf(rule.deciding, seen.deciding);
  switch (stands) {
    case 'proven by tests':
      return { format: 'green', words: `${stands} (${rule.deciding}), seen ${seen.deciding}×` };
    case 'only seen in traffic':
      return { format: 'yellow', words: `${stands}, ${seen.deciding}×` };
    case 'never seen':
      return { format: 'red', words: stands };
  }
}

function unseen(answers: Answers, seen?: Answers): string | undefined {
  const missing = unproven(answers);
  if (missing === undefined || seen === undefined) return missing;
  const shown = [answers.true === 0 ? seen.true : 0, answers.false === 0 ? seen.false : 0];
  const only = ['true', 'false'].filter((_, at) => (shown[at] ?? 0) > 0);
  return only.length === 0 ? missing : `${missing} in tests, ${only.join(' and ')} in traffic`;
}

function unproven(answers: Answers): string | undefined {
  if (answers.true > 0 && answers.false > 0) return undefined;
  if (answers.true === 0 && answers.false === 0) return 'never asked';
  return answers.true === 0 ? 'never true' : 'never false';
}
