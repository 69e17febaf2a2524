import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { whatIsRead } from '@gatehouse/policy-schema/evaluate/what-is-read.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { KeptTraffic } from '../simulate/kept-traffic.ts';
import { policyOf } from '../simulate/policy-of.ts';
import { simulate } from '../simulate/simulate.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { Judge, Tally } from '../simulate/tally.ts';
import { filesNow } from '../workspace/files.ts';
import type { SimulateParams, SimulateResult } from './questions.ts';

const hour = 3_600_000;
const usualSpan = 7 * 24 * hour;

const traffic = new WeakMap<StoreIndex, KeptTraffic>();
/** One question at a time: they share what is kept. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Decide what was recorded in a time again by the files as they stand, some texts in their place.
 * @throws RecordFault `store-corrupt`; ConfigFault `usage`
 */
export async function simulated(
  index: StoreIndex,
  workspaceFolder: string,
  { files = [], since, resource, agent, rule }: SimulateParams,
): Promise<SimulateResult> {
  const policy = policyOf(await filesNow(workspaceFolder, files));
  if (policy.kind === 'broken') return { kind: 'broken', problems: policy.problems.slice(0, 50) };
  const from = since ?? new Date(Math.floor((Date.now() - usualSpan) / hour) * hour).toISOString();
  const task = {
    folder: index.folder,
    set: policy.set,
    resources: policy.resources,
    since: new Date(from).toISOString(),
    filter: {
      ...(resource !== undefined && { resource }),
      ...(agent !== undefined && { agent }),
      ...(rule !== undefined && { rule }),
    },
  };
  const turn = last.then(async () => (await ofKept(index, task)) ?? simulate(task, { threads: 0 }));
  last = turn.catch(() => {});
  return { kind: 'simulated', ...(await turn) };
}

/** Undefined where there are too many different requests to be kept. */
async function ofKept(
  index: StoreIndex,
  { set, resources: declared, since, filter }: Parameters<typeof simulate>[0],
): Promise<Simulation | undefined> {
  await loadReaders();
  const resources = new Map(declared.map((each) => [each.name, each]));
  const judge = new Judge({ compiled: compilePolicies(set), resources }, filter);
  const tally = new Tally();
  const kept = traffic.get(index) ?? new KeptTraffic(index);
  traffic.set(index, kept);
  const isKept = await kept.visit({ since, read: whatIsRead(set), resources }, (line, asker, times) => {
    if (filter.resource !== undefined && asker?.resource !== filter.resource) return;
    if (filter.agent !== undefined && asker?.agent !== filter.agent) return;
    tally.add(judge.judge(line, asker), times);
  });
  return isKept ? tally.result(since) : undefined;
}
