import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import { titleOf, whyOf } from './outcome-words.ts';
import type { TestReport } from './test-report.ts';

/** XML as JUnit writes it, which most CI servers read: a suite a file. */
export function junitReport({ results }: TestReport): readonly string[] {
  const suites = Map.groupBy(results, ({ test }) => test.place.file);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gatehouse" ${counts(results)}>`,
    ...[...suites].flatMap(([file, own]) => [
      `  <testsuite name="${escaped(file)}" ${counts(own)}>`,
      ...own.flatMap((result) => caseLines(file, result)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
}

function counts(results: readonly TestResult[]): string {
  const of = (outcome: TestResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const time = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return `tests="${results.length}" failures="${of('failed')}" errors="${of('broken')}" time="${seconds(time)}"`;
}

function caseLines(file: string, result: TestResult): readonly string[] {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(titleOf(result))}" file="${escaped(file)}" line="${result.test.place.line}" time="${seconds(result.milliseconds)}"`;
  if (result.outcome === 'passed') return [`${head}/>`];
  const [first = '', ...rest] = whyOf(result);
  const element = result.outcome === 'failed' ? 'failure' : 'error';
  return [
    `${head}>`,
    `      <${element} message="${escaped(first)}">${escaped([first, ...rest].join('\n'))}</${element}>`,
    '    </testcase>',
  ];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML 1.0 has no way to write most control characters, nor half of a surrogate pair. */
function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
