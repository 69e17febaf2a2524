/**
 * One measurement in a process of its own, so that its memory is its own: `node simulation-run.ts JSON`, which prints
 * what it found as JSON.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { readLines } from '@gatehouse/daemon/recordings/segments.ts';
import { forThisAlone, simulate } from '@gatehouse/daemon/simulate/simulate.ts';
import type { Outcome } from '@gatehouse/daemon/simulate/simulation.ts';
import { simulationPolicy, simulationWorkspace } from './simulation-traffic.ts';

export type Measure =
  | { readonly kind: 'parse'; readonly folder: string }
  | {
      readonly kind: 'simulate';
      readonly folder: string;
      readonly threads: number;
      readonly since: string;
      /** Rules beside the usual ones. */
      readonly more: string;
    };

export interface Measured {
  readonly ms: number;
  /** Lines of a plain parse, requests of a simulation. */
  readonly count: number;
  /** Microseconds of processor time for each. */
  readonly cpu: number;
  /** Bytes, at the most. */
  readonly rss: number;
  readonly totals?: Readonly<Record<Outcome, number>>;
}

type Found = Omit<Measured, 'rss' | 'cpu'>;

const asked = JSON.parse(process.argv[2] ?? '') as Measure;
const begun = process.cpuUsage();
const found = asked.kind === 'parse' ? parseAll(asked.folder) : await simulated(asked);
const { user, system } = process.cpuUsage(begun);
const told: Measured = { ...found, cpu: (user + system) / found.count, rss: mostMemory() };
process.stdout.write(JSON.stringify(told));

/** The most that this process held. `resourceUsage` would tell of its parent, too, from which it was forked. */
function mostMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Every line as JSON, and nothing else done with it. */
function parseAll(folder: string): Found {
  const started = performance.now();
  let count = 0;
  const segments = path.join(folder, 'segments');
  for (const name of readdirSync(segments).sort()) {
    for (const lines of readLines(path.join(segments, name))) {
      for (const { bytes } of lines) {
        JSON.parse(bytes.toString('utf8'));
        count += 1;
      }
    }
  }
  return { ms: performance.now() - started, count };
}

async function simulated({
  folder,
  threads,
  since,
  more,
}: Extract<Measure, { kind: 'simulate' }>): Promise<Found> {
  const { set, workspace, diagnostics } = checkWorkspace({
    workspace: { file: workspaceFile, text: simulationWorkspace },
    policies: new Map([['.gatehouse/policies/team.policy.yaml', simulationPolicy(more, 'with: hash')]]),
    checks: [],
  });
  if (set === undefined || workspace === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  forThisAlone();
  const started = performance.now();
  const { requests, totals } = await simulate(
    { folder, set, resources: workspace.resources, since, filter: {} },
    { threads },
  );
  return { ms: performance.now() - started, count: requests, totals };
}
