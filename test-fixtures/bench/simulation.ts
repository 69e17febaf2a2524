import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openIndex } from '@gatehouse/daemon/recordings/store-index.ts';
import type { Measure, Measured } from './simulation-run.ts';
import { type SimulationReport, simulationPage } from './simulation-report.ts';
import { type Traffic, writeTraffic } from './simulation-traffic.ts';
import { median } from './statistics.ts';

const quick = process.argv.includes('--quick');
const requests = quick ? 50_000 : 1_000_000;
const rounds = quick ? 1 : 3;
const run = fileURLToPath(new URL('./simulation-run.ts', import.meta.url));
const page = fileURLToPath(new URL('../../docs/benchmarks/simulation.md', import.meta.url));
const day = 86_400_000;

/** An edit that lets pass more; what the policy reads beside it makes requests differ in more. */
const edit = '  - { name: new, effect: allow, sql: { actions: [select], tables: [public.payrolls] } }\n';
const readsClock = `${edit}  - { name: night, effect: deny, sql: { actions: [delete] }, when: 'now.getHours("Europe/Berlin") < 7' }\n`;
const readsText = `${edit}  - { name: words, effect: deny, sql: { actions: [delete] }, when: 'request.text.contains("4711")' }\n`;

function measure(asked: Measure): Measured {
  const output = execFileSync(process.execPath, [run, JSON.stringify(asked)], { encoding: 'utf8' });
  return JSON.parse(output) as Measured;
}

/** How fast a million recorded requests are decided again, and how much memory that takes. */
export async function benchSimulation(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-bench-'));
  try {
    const traffic = await writeTraffic(folder, requests);
    const index = openIndex(folder);
    const started = performance.now();
    await index.catchUp();
    const indexing = performance.now() - started;
    index.close();
    const text = simulationPage({ ...measureStore(folder), ...traffic, indexing });
    console.log(text);
    if (!quick) writeFileSync(page, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measure with a store of {@link writeTraffic}, indexed. */
export function measureStore(folder: string): Omit<SimulationReport, keyof Traffic | 'indexing'> {
  const since = new Date(Date.now() - 7 * day).toISOString();
  const tenth = new Date(Date.now() - 0.6 * day).toISOString();
  const simulation = (threads: number, more = edit, from = since): Measured =>
    measure({ kind: 'simulate', folder, threads, since: from, more });
  const found = { parse: [] as Measured[], one: [] as Measured[], two: [] as Measured[] };
  for (let round = 0; round < rounds; round++) {
    found.parse.push(measure({ kind: 'parse', folder }));
    found.one.push(simulation(0));
    found.two.push(simulation(2));
  }
  const rate = ({ count, ms }: Measured): number => (count / ms) * 1000;
  const figures = (all: readonly Measured[]) => ({
    rate: median(all.map(rate)),
    ratio: median(all.map(({ ms }, round) => (found.parse[round]?.ms ?? Number.NaN) / ms)),
    rss: median(all.map(({ rss }) => rss)),
    cpu: median(all.map(({ cpu }) => cpu)),
  });
  const text = simulation(2, readsText, tenth);
  return {
    machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version.slice(1)}`,
    lines: found.parse[0]?.count ?? 0,
    rounds,
    parse: { ms: median(found.parse.map(({ ms }) => ms)), rate: median(found.parse.map(rate)) },
    one: figures(found.one),
    two: { ...figures(found.two), least: Math.min(...found.two.map(rate)) },
    clock: rate(simulation(2, readsClock)),
    tenth: simulation(2, edit, tenth),
    text: { rate: rate(text), rss: text.rss },
    totals: found.two[0]?.totals,
  };
}
