import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { DecisionInput } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Observed } from '@gatehouse/policy-schema/learn/learn.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { SessionRow } from '../recordings/index-rows.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { RecordedOf } from '../recordings/session-page.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { variants } from './decide-again.ts';
import { recordedInput } from './recorded-input.ts';

export interface TrafficFilter {
  readonly since: Date;
  readonly agent?: string;
  readonly resource?: string;
}

/** What one agent did on one resource. */
export interface AgentTraffic {
  readonly agent: string;
  readonly resource: string;
  /** That passed, or that a person let pass; each different request once for each time. */
  readonly observed: readonly Observed[];
  readonly refused: number;
  /** `columns with kind` of masks that were in force, as they were written. */
  readonly masks: ReadonlySet<string>;
  /** The most that one answer held. */
  readonly most: { readonly rows: number; readonly bytes: number };
  /** Who was asked last, and for how long. */
  readonly approval?: { readonly by: readonly string[]; readonly within: number };
  /** Different requests, as `decide` takes them. */
  readonly inputs: readonly {
    readonly text: string;
    readonly passed: boolean;
    readonly inputs: readonly DecisionInput[];
  }[];
}

interface Collected {
  readonly agent: string;
  readonly resource: string;
  readonly observed: Observed[];
  refused: number;
  readonly masks: Set<string>;
  most: { rows: number; bytes: number };
  approval?: { readonly by: readonly string[]; readonly within: number };
  readonly inputs: Map<string, AgentTraffic['inputs'][number]>;
}

/** Different requests that are kept for being decided again. */
const maxInputs = 20_000;

export function maskKey(mask: { readonly columns: readonly string[]; readonly with: string }): string {
  return JSON.stringify([[...mask.columns].sort(), mask.with]);
}

/**
 * What agents did, from the record; the busiest first. `loadReaders` must have finished before.
 * @throws RecordFault `store-corrupt`
 */
export async function agentTraffic(
  index: StoreIndex,
  resources: readonly Resource[],
  { since, agent, resource: wanted }: TrafficFilter,
  onProgress: (share: number, requests: number) => void,
): Promise<readonly AgentTraffic[]> {
  const declared = new Map(resources.map((resource) => [resource.name, resource]));
  const sessions = new Map<string, SessionRow>();
  const found = new Map<string, Collected>();
  const from = since.toISOString();
  const head = index.position.head.seq;
  let requests = 0;
  for await (const { line } of readRecords(index.folder)) {
    if (line.kind !== 'request.decided' && line.kind !== 'request.answered' && line.kind !== 'approval.asked')
      continue;
    if (line.at < from) continue;
    const session = sessions.get(line.session) ?? index.sessionById(line.session);
    sessions.set(line.session, session);
    const resource = declared.get(session.resource);
    if (
      resource === undefined ||
      (agent ?? session.agent) !== session.agent ||
      (wanted ?? resource.name) !== resource.name
    )
      continue;
    const own = collectedOf(found, session);
    if (line.kind === 'request.answered') {
      own.most = { rows: Math.max(own.most.rows, line.rows), bytes: Math.max(own.most.bytes, line.bytes) };
    } else if (line.kind === 'approval.asked') {
      own.approval = {
        by: line.by[0] ?? ['*'],
        within: minutes(Date.parse(line.expires) - Date.parse(line.at)),
      };
    } else if (line.stage !== 'prepare') {
      requests++;
      onProgress(line.seq / head, requests);
      take(own, line, session, resource);
    }
  }
  return [...found.values()]
    .map(({ inputs, ...rest }) => ({ ...rest, inputs: [...inputs.values()] }))
    .sort((a, b) => b.observed.length - a.observed.length || (a.agent < b.agent ? -1 : 1));
}

/** As a policy says it: at least one, and no longer than it may be. */
function minutes(milliseconds: number): number {
  const rounded = Math.round(milliseconds / 60_000);
  return Math.min(7 * 24 * 60, Math.max(1, rounded)) * 60_000;
}

function collectedOf(found: Map<string, Collected>, { agent, resource }: SessionRow): Collected {
  const key = JSON.stringify([agent, resource]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const made: Collected = {
    agent,
    resource,
    observed: [],
    refused: 0,
    masks: new Set(),
    most: { rows: 0, bytes: 0 },
    inputs: new Map(),
  };
  found.set(key, made);
  return made;
}

function take(
  own: Collected,
  line: RecordedOf<'request.decided'>,
  session: SessionRow,
  resource: Resource,
): void {
  const passed = line.effect !== 'deny';
  if (passed) {
    for (const mask of line.masks) own.masks.add(maskKey(mask));
    own.observed.push({
      text: line.text,
      at: line.at,
      actions: line.actions.map(({ kind, facts, implied, effect }) => ({
        vocabulary: 'sql',
        kind,
        facts,
        ...(implied === true && { implied }),
        effect: effect === 'approve' ? 'approve' : 'allow',
      })),
    });
  } else own.refused++;
  const key = `${line.digest} ${passed}`;
  if (own.inputs.size >= maxInputs || own.inputs.has(key)) return;
  own.inputs.set(key, { text: line.text, passed, inputs: variants(recordedInput(line, session, resource)) });
}

export interface Proof {
  /** Different requests that passed, and would be refused now: there must be none. */
  readonly lost: readonly string[];
  /** Different requests that were refused, and would be. */
  readonly refused: readonly string[];
  /** Different requests that were refused, and would pass. */
  readonly opened: readonly string[];
}

/** Decide all of it by other policies. */
export function prove({ inputs }: AgentTraffic, compiled: CompiledPolicies): Proof {
  const [lost, refused, opened]: [string[], string[], string[]] = [[], [], []];
  for (const { text, passed, inputs: all } of inputs) {
    const passes = all.every((input) => decide(compiled, input).effect !== 'deny');
    if (passed && !passes) lost.push(text);
    if (!passed) (passes ? opened : refused).push(text);
  }
  return { lost, refused, opened };
}
