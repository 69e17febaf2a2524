import type { Outcome } from '@gatehouse/daemon/simulate/simulation.ts';
import type { Measured } from './simulation-run.ts';

interface Figures {
  readonly rate: number;
  readonly ratio: number;
  readonly rss: number;
  /** Microseconds of processor time a request. */
  readonly cpu: number;
}

export interface SimulationReport {
  readonly machine: string;
  readonly requests: number;
  readonly lines: number;
  readonly bytes: number;
  readonly rounds: number;
  /** Milliseconds to index all of it, where no daemon has. */
  readonly indexing: number;
  /** Rates are a second, memory is bytes; ratios are to the plain parse of the same round. */
  readonly parse: { readonly ms: number; readonly rate: number };
  readonly one: Figures;
  readonly two: Figures & { readonly least: number };
  readonly clock: number;
  /** A tenth of the requests. */
  readonly tenth: Measured;
  readonly text: { readonly rate: number; readonly rss: number };
  readonly totals: Readonly<Record<Outcome, number>> | undefined;
}

export function simulationPage(report: SimulationReport): string {
  const { parse, one, two, tenth, text, totals } = report;
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return `# Simulation: how fast a million recorded requests are decided again

Written by \`npm run bench -- simulation\`. A store of ${count(report.requests)} requests in six days, with their answers and sessions between
them (${count(report.lines)} lines, ${megabytes(report.bytes)}): six agents, four people, three databases, 160 statements of an application with numbers, names
and days of their own in each request, so that hardly two texts are the same. The policy has 47 rules; the one that it is decided
by again has one more, and other masks. Beside it, in the same round, in a process of its own too: \`JSON.parse\` of every line and
nothing else, in one thread. Medians of ${report.rounds} rounds; starting the threads is part of the time. Machine: ${report.machine}.

| | requests a second | times as fast as parsing all lines | processor time a request | memory |
| --- | ---: | ---: | ---: | ---: |
| two threads | ${count(two.rate)} | ${two.ratio.toFixed(2)} | ${two.cpu.toFixed(1)} µs | ${megabytes(two.rss)} |
| one thread | ${count(one.rate)} | ${one.ratio.toFixed(2)} | ${one.cpu.toFixed(1)} µs | ${megabytes(one.rss)} |

The slowest round with two threads came to ${count(two.least)} a second. Parsing all lines takes ${(parse.ms / 1000).toFixed(1)} s (${count(parse.rate)} lines a second).
Memory is the most that the process ever held, both threads and the parser included. A tenth of the requests (${count(tenth.count)}) takes ${megabytes(tenth.rss)}.

What a policy reads decides how many requests are different ones:

| two threads | requests a second |
| --- | ---: |
| a condition reads the hour in a time zone | ${count(report.clock)} |
| a condition reads the text, so that each literal counts (a tenth of the requests; ${megabytes(text.rss)}) | ${count(text.rate)} |

Sessions that were opened before the time in question come from the index, which the daemon keeps. Where none has, it is made first;
for this store that takes ${(report.indexing / 1000).toFixed(1)} s, once.

Found: ${Object.entries(totals ?? {})
    .map(([outcome, number]) => `${outcome} ${count(number)}`)
    .join(', ')}.
`;
}
