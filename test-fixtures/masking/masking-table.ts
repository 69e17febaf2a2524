import type { Attack } from '../corpora/masking/attack.ts';
import { attacks, guarded } from '../corpora/masking/attacks.ts';

const begin = '<!-- table: written by test-fixtures/masking/write-masking-table.ts -->';
const end = '<!-- end of table -->';
const exampleLength = 120;

/** The page with the table between its two marks as the corpus has it now. @throws RangeError without the marks */
export function withMaskingTable(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new RangeError('The page has no marks for the table.');
  return `${page.slice(0, from + begin.length)}\n\n${maskingTable()}\n\n${page.slice(to)}`;
}

function maskingTable(): string {
  const all = [...attacks, ...guarded];
  const families = [...new Set(all.map(({ family }) => family))];
  const count = (of: readonly Attack[], expected: Attack['expected']) =>
    of.filter((each) => each.expected === expected).length;
  const rows = families.map((family) => {
    const own = all.filter((each) => each.family === family);
    return `| ${family} | ${own.length} | ${count(own, 'masked')} | ${count(own, 'refused')} | ${exampleOf(own)} |`;
  });
  return [
    '| family | attacks | run, and masked | refused | for example |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
    `| **all** | **${all.length}** | **${count(all, 'masked')}** | **${count(all, 'refused')}** | |`,
  ].join('\n');
}

/** The first that fits into a line, or else the beginning of the first. */
function exampleOf(own: readonly Attack[]): string {
  const texts = own.map(({ steps }) => steps.join('; '));
  const fitting = texts.find((text) => text.length <= exampleLength);
  const text = fitting ?? `${texts[0]?.slice(0, exampleLength - 2)} …`;
  return `\`${text.replaceAll('|', '\\|')}\``;
}
