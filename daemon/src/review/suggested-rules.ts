import { suggestRules } from '@gatehouse/policy-schema/suggest/suggest.ts';
import type { Asked } from '@gatehouse/policy-schema/suggest/suggestion.ts';
import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { ConfigFault } from '../core/faults.ts';
import type { SessionRow } from '../recordings/index-rows.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { RecordedOf } from '../recordings/session-page.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { filesNow } from '../workspace/files.ts';
import { variants } from './decide-again.ts';
import type { SuggestRulesParams, SuggestRulesResult, WhichRequest } from './questions.ts';
import { type RecordedRequest, recordedInput } from './recorded-input.ts';

/** Records that are looked through for other requests, the newest, and different requests that are taken of them. */
const window = 20_000;
const maxOthers = 1000;

type Decided = RecordedOf<'request.decided'>;
/** With its session, and what tells it from others. */
type Recorded = RecordedRequest & Pick<Decided, 'session' | 'text'>;

/**
 * The narrowest changes of the policy files after which a recorded request is no longer denied or held, and what they
 * would have made of the last others.
 * @throws RecordFault `store-corrupt`; ConfigFault `usage`
 */
export async function suggestedRules(
  index: StoreIndex,
  workspaceFolder: string,
  { files = [], ...which }: SuggestRulesParams,
): Promise<SuggestRulesResult> {
  const now = await filesNow(workspaceFolder, files);
  const workspace = now.workspace && loadWorkspace(workspaceFile, now.workspace.text).workspace;
  if (now.workspace === undefined || workspace === undefined || now.problems.length > 0)
    return { kind: 'broken', problems: [...now.problems, `${workspaceFile} is not there, or has an error.`] };
  await loadReaders();
  const resources = new Map(workspace.resources.map((resource) => [resource.name, resource]));
  const decided = await requestOf(index, which);
  const ways = new Ways(index, resources);
  const request = ways.of(decided);
  const before = index.position.head.seq;
  const others = (await othersThan(index, ways, decided, before)).flatMap((line) => {
    const asked = ways.of(line);
    return asked === undefined ? [] : [{ line, asked }];
  });
  if (request === undefined)
    throw new ConfigFault(
      'usage',
      'gatehouse.yaml no longer declares the resource that the request was for.',
    );
  const found = suggestRules({
    workspace: { file: workspaceFile, text: now.workspace.text },
    policies: now.policies,
    request,
    others: others.map(({ asked }) => asked),
  });
  if (found.kind === 'broken') return { kind: 'broken', problems: found.problems.slice(0, 50) };
  return {
    ...found,
    looked: others.length,
    suggestions: found.suggestions.map(({ evidence, ...told }) => ({
      ...told,
      evidence: {
        ...evidence,
        examples: evidence.examples.flatMap((place) => {
          const line = others[place]?.line;
          if (line === undefined) return [];
          const { agent, resource } = ways.sessionOf(line.session);
          return [{ seq: line.seq, at: line.at, text: line.text.slice(0, 2000), agent, resource }];
        }),
      },
    })),
  };
}

/** Recorded requests in all the ways that their records leave open. */
class Ways {
  readonly #index: StoreIndex;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #sessions = new Map<string, SessionRow>();

  constructor(index: StoreIndex, resources: ReadonlyMap<string, Resource>) {
    this.#index = index;
    this.#resources = resources;
  }

  sessionOf(id: string): SessionRow {
    const known = this.#sessions.get(id) ?? this.#index.sessionById(id);
    this.#sessions.set(id, known);
    return known;
  }

  /** Undefined for a resource that the workspace has no more. */
  of(decided: Recorded): Asked | undefined {
    const session = this.sessionOf(decided.session);
    const resource = this.#resources.get(session.resource);
    return resource && variants(recordedInput(decided, session, resource));
  }
}

async function requestOf(index: StoreIndex, which: WhichRequest): Promise<Recorded> {
  const found = 'seq' in which ? await requestAt(index, which.seq) : await requestHeld(index, which.approval);
  if (found !== undefined) return found;
  throw new ConfigFault('usage', 'That is not the record of a request, or not one with what it does.');
}

async function requestAt(index: StoreIndex, seq: number): Promise<Recorded | undefined> {
  for (const place of index.placesOf([seq]))
    for await (const { line } of readRecords(index.folder, { at: place, from: seq, to: seq }))
      if (line.kind === 'request.decided') return line;
  return undefined;
}

async function requestHeld(index: StoreIndex, approval: string): Promise<Recorded | undefined> {
  const seq = index.approvalSeq(approval);
  if (seq === undefined) return undefined;
  for await (const { line } of readRecords(index.folder, { from: seq, to: seq }))
    if (line.kind === 'approval.asked' && line.actions !== undefined)
      return { ...line, actions: line.actions };
  return undefined;
}

/** The last requests but those that are the same one, each text of an agent on a resource once. */
async function othersThan(
  index: StoreIndex,
  ways: Ways,
  decided: Recorded,
  head: number,
): Promise<readonly Decided[]> {
  const keyOf = ({ session, text }: Recorded): string => {
    const { agent, person, resource } = ways.sessionOf(session);
    return JSON.stringify([agent, person, resource, text]);
  };
  const own = keyOf(decided);
  const found = new Map<string, Decided>();
  for await (const { line } of readRecords(index.folder, {
    from: Math.max(1, head - window),
    to: head,
    containing: '"kind":"request.decided"',
  })) {
    if (line.kind !== 'request.decided' || line.stage === 'prepare') continue;
    const key = keyOf(line);
    if (key === own) continue;
    found.delete(key);
    found.set(key, line);
    if (found.size > maxOthers) found.delete(found.keys().next().value ?? '');
  }
  return [...found.values()];
}
