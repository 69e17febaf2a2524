import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PgbenchProtocol } from './pgbench.ts';
import { median } from './statistics.ts';

/** One cell of the pgbench table: a target's rates, one a round, under one protocol and number of clients. */
export interface Cell {
  readonly target: string;
  readonly protocol: PgbenchProtocol;
  readonly clients: number;
  readonly rates: readonly number[];
}

export interface RowsResult {
  readonly target: string;
  readonly masked: 'no' | 'redact' | 'tokenize';
  readonly rates: readonly number[];
}

export interface DecisionResult {
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface Report {
  readonly machine: string;
  readonly versions: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly cells: readonly Cell[];
  readonly rows: readonly RowsResult[];
  readonly decision: DecisionResult;
}

/** The median over rounds of this target's rate over the base's in the same round. */
export function ratio(cells: readonly Cell[], cell: Cell, base: string): number {
  const other = cells.find(
    (each) => each.target === base && each.protocol === cell.protocol && each.clients === cell.clients,
  );
  return median(cell.rates.map((rate, round) => rate / (other?.rates[round] ?? Number.NaN)));
}

const targetsToShow = ['direct', 'pgbouncer', 'relay', 'gatehouse written', 'gatehouse durable'];

export function tables(report: Report): string {
  const lines = [
    '| clients | protocol | target | tps | of direct | of pgbouncer |',
    '| ---: | --- | --- | ---: | ---: | ---: |',
  ];
  for (const cell of report.cells) {
    const direct = ratio(report.cells, cell, 'direct').toFixed(2);
    const bouncer = ratio(report.cells, cell, 'pgbouncer').toFixed(2);
    const rate = Math.round(median(cell.rates)).toLocaleString('en');
    lines.push(`| ${cell.clients} | ${cell.protocol} | ${cell.target} | ${rate} | ${direct} | ${bouncer} |`);
  }
  lines.push('', '| 100,000 rows, 6 columns | rows/s | of unmasked, same target |', '| --- | ---: | ---: |');
  for (const result of report.rows) {
    const clear = report.rows.find((each) => each.target === result.target && each.masked === 'no');
    const share = median(result.rates.map((rate, round) => rate / (clear?.rates[round] ?? Number.NaN)));
    const name = `${result.target}${result.masked === 'no' ? '' : `, one column under ${result.masked}`}`;
    lines.push(
      `| ${name} | ${Math.round(median(result.rates)).toLocaleString('en')} | ${share.toFixed(2)} |`,
    );
  }
  return lines.join('\n');
}

export function writeReport(folder: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'postgres.md'), page(report));
  writeFileSync(path.join(folder, 'postgres.svg'), plot(report));
}

function page(report: Report): string {
  return `# PostgreSQL: what the gate costs

![pgbench rates relative to pgbouncer](postgres.svg)

Written by \`npm run bench\`. Every statement that goes through Gatehouse is decided by a policy of fifty rules and
recorded; \`written\` and \`durable\` are the two settings of \`records.durability\`. \`relay\` is a Node process that
only moves bytes. All of it, load generator and database too, shares one machine: ${report.machine}, ${report.versions}.

\`pgbench -S\` in ${report.rounds} interleaved rounds of ${report.seconds} s. Rates are medians; ratios are medians of the
ratios inside each round, so that a slow minute of the machine harms no target more than another.

A decision about a statement of known shape takes ${report.decision.p50.toFixed(1)} µs (median; ${report.decision.p99.toFixed(1)} µs at the 99th percentile).

${tables(report)}
`;
}

const colours: Readonly<Record<string, string>> = {
  direct: '#8a8f98',
  pgbouncer: '#3b82f6',
  relay: '#a78bfa',
  'gatehouse written': '#10b981',
  'gatehouse durable': '#f59e0b',
};

/** Bars in groups, one group a protocol and number of clients. No background: it sits on light and dark pages alike. */
function plot(report: Report): string {
  const groups = new Map<string, Cell[]>();
  for (const cell of report.cells) {
    const key = `${cell.protocol}, ${cell.clients}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  const bar = 13;
  const gap = 22;
  const height = 220;
  const left = 44;
  const top = 40;
  const groupWidth = targetsToShow.length * bar + gap;
  const width = left + groups.size * groupWidth + 10;
  const highest = Math.max(1.5, ...report.cells.map((cell) => ratio(report.cells, cell, 'pgbouncer'))) * 1.05;
  const y = (value: number) => top + height - (value / highest) * height;
  const parts: string[] = [];
  for (let mark = 0; mark <= highest; mark += 0.5) {
    parts.push(
      `<line x1="${left}" x2="${width - 10}" y1="${y(mark)}" y2="${y(mark)}" class="grid"/>`,
      `<text x="${left - 6}" y="${y(mark) + 4}" text-anchor="end">${mark.toFixed(1)}</text>`,
    );
  }
  let x = left + gap / 2;
  for (const [name, cells] of groups) {
    for (const [index, target] of targetsToShow.entries()) {
      const cell = cells.find((each) => each.target === target);
      if (cell === undefined) continue;
      const value = ratio(report.cells, cell, 'pgbouncer');
      parts.push(
        `<rect x="${x + index * bar}" y="${y(value).toFixed(1)}" width="${bar - 2}" height="${(top + height - y(value)).toFixed(1)}" fill="${colours[target]}"><title>${target}, ${name}: ${value.toFixed(2)}</title></rect>`,
      );
    }
    parts.push(
      `<text x="${x + (targetsToShow.length * bar) / 2}" y="${top + height + 16}" text-anchor="middle">${name}</text>`,
    );
    x += groupWidth;
  }
  const legend = targetsToShow.map(
    (target, index) =>
      `<rect x="${left + index * 140}" y="8" width="10" height="10" fill="${colours[target]}"/><text x="${left + 15 + index * 140}" y="17">${target}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + height + 44}" role="img" aria-label="pgbench rates relative to pgbouncer">
<style>text{font:11px system-ui,sans-serif;fill:#57606a}.grid{stroke:#57606a;stroke-opacity:.25}@media(prefers-color-scheme:dark){text{fill:#adbac7}.grid{stroke:#adbac7}}</style>
${legend.join('\n')}
${parts.join('\n')}
<text x="${left}" y="${top + height + 36}">pgbench -S, transactions a second relative to pgbouncer; protocol, clients</text>
</svg>
`;
}
