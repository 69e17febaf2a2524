import { readRecords } from '../recordings/read-segments.ts';
import { sessionPage } from '../recordings/session-page.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { masksTouching } from './masks-touching.ts';
import type {
  RequestsParams,
  RequestsResult,
  RuleCountsParams,
  RuleCountsResult,
  SessionParams,
  SessionResult,
  SessionsParams,
  SessionsResult,
} from './questions.ts';

/** Records that one question looks through for a text, or counts. What is older is another page's, or told as not counted. */
const window = 200_000;

export function sessions(index: StoreIndex, params: SessionsParams): SessionsResult {
  const { limit = 50, since, ...filter } = params;
  const found = index.listSessions({ ...filter, ...sinceOf(since), limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: page,
    ...(found.length > limit && last !== undefined ? { next: last.place.firstSeq } : {}),
  };
}

/** @throws RecordFault `session-unknown`, `store-corrupt` */
export async function session(
  index: StoreIndex,
  { id, after, limit = 200 }: SessionParams,
): Promise<SessionResult> {
  const found = index.sessionById(id);
  const page = await sessionPage(index, found.id, { limit, ...(after === undefined ? {} : { after }) });
  const settings = after === undefined ? await settingsOf(index, found.place) : undefined;
  const steps = page.steps.map((step) =>
    step.kind === 'approval'
      ? step
      : { ...step, masks: masksTouching(step.decided.actions, step.decided.masks) },
  );
  return { ...page, session: found, ...(settings && { settings }), steps };
}

async function settingsOf(
  { folder }: StoreIndex,
  place: { readonly segment: number; readonly offset: number; readonly firstSeq: number },
): Promise<Readonly<Record<string, string>> | undefined> {
  for await (const { line } of readRecords(folder, { at: place, from: place.firstSeq, to: place.firstSeq }))
    return line.kind === 'session.opened' ? line.client.settings : undefined;
  return undefined;
}

export function requests(index: StoreIndex, params: RequestsParams): RequestsResult {
  const { limit = 50, since, ...filter } = params;
  const newest = filter.before ?? index.position.head.seq + 1;
  // What hardly anything fits is not looked for in all of the past at once.
  const from = Math.max(1, newest - window);
  const found = index.recentRequests(limit, { ...filter, ...sinceOf(since), before: newest, from });
  const last = found.at(-1);
  const next = found.length === limit && last !== undefined ? last.seq : from;
  return {
    requests: found.map((row) => ({ ...row, rules: index.rulesOf(row.seq) })),
    ...(next > 1 ? { next } : {}),
  };
}

export function ruleCounts(index: StoreIndex, { since }: RuleCountsParams): RuleCountsResult {
  const from = Math.max(1, index.position.head.seq - window);
  const rules = index.ruleCounts({ ...sinceOf(since), from });
  return { rules, ...(from > 1 ? { from } : {}) };
}

function sinceOf(since: string | undefined): { readonly since?: Date } {
  return since === undefined ? {} : { since: new Date(since) };
}
