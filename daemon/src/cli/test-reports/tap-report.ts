import { oneLine } from '../text.ts';
import { titleOf, whyOf } from './outcome-words.ts';
import type { TestReport } from './test-report.ts';

/** TAP version 14 (testanything.org): a line for each test, a block of YAML below those that did not pass. */
export function tapReport({ results }: TestReport): readonly string[] {
  return [
    'TAP version 14',
    `1..${results.length}`,
    ...results.flatMap((result, index) => {
      const { file, line } = result.test.place;
      const ok = result.outcome === 'passed' ? 'ok' : 'not ok';
      const head = `${ok} ${index + 1} - ${escaped(oneLine(`${file}: ${titleOf(result)}`))}`;
      if (result.outcome === 'passed') return [head];
      return [
        head,
        '  ---',
        `  at: ${JSON.stringify(`${file}:${line}`)}`,
        '  message: |-',
        ...whyOf(result).map((each) => `    ${/^ */.exec(each)?.[0] ?? ''}${oneLine(each)}`),
        '  ...',
      ];
    }),
  ];
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}
