import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import type { SessionRow } from '../recordings/index-rows.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { RecordedOf } from '../recordings/session-page.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { decideAgain } from './decide-again.ts';
import { policyNow } from './policy-now.ts';
import type { DecideAgainParams, DecideAgainResult } from './questions.ts';

/** Requests of a session that one answer speaks of. */
const maxRequests = 1000;

/** @throws RecordFault `session-unknown`, `store-corrupt`; ConfigFault `usage` */
export async function again(
  index: StoreIndex,
  workspaceFolder: string,
  { of, files = [] }: DecideAgainParams,
): Promise<DecideAgainResult> {
  const now = await policyNow(workspaceFolder, files);
  if ('problems' in now) return { kind: 'broken', problems: now.problems.slice(0, 50) };
  await loadReaders();
  const sessions = new Map<string, SessionRow>();
  const sessionOf = (id: string): SessionRow => {
    const known = sessions.get(id) ?? index.sessionById(id);
    sessions.set(id, known);
    return known;
  };
  const { records, next } =
    of.kind === 'session'
      ? await ofSession(index, of)
      : { records: await ofSeqs(index, of.seqs), next: undefined };
  return {
    kind: 'decided',
    requests: records.map((line) => decideAgain(line, sessionOf(line.session), now)),
    ...(next === undefined ? {} : { next }),
  };
}

type Decided = RecordedOf<'request.decided'>;

async function ofSession(
  index: StoreIndex,
  { id, after = 0 }: { readonly id: string; readonly after?: number },
): Promise<{ readonly records: readonly Decided[]; readonly next: number | undefined }> {
  const session = index.sessionById(id).id;
  const rows = index.requestsOf(session, { after, limit: maxRequests + 1 });
  const seqs = rows.slice(0, maxRequests).map(({ seq }) => seq);
  const [first, last] = [seqs[0], seqs.at(-1)];
  const records: Decided[] = [];
  if (first === undefined || last === undefined) return { records, next: undefined };
  const [place] = index.placesOf([first]);
  for await (const { line } of readRecords(index.folder, {
    ...(place === undefined ? {} : { at: place }),
    from: first,
    to: last,
    containing: `"session":${JSON.stringify(session)}`,
  })) {
    if (line.kind === 'request.decided' && line.session === session) records.push(line);
  }
  return { records, next: rows.length > maxRequests ? last : undefined };
}

async function ofSeqs(index: StoreIndex, seqs: readonly number[]): Promise<readonly Decided[]> {
  const records: Decided[] = [];
  for (const place of index.placesOf(seqs)) {
    for await (const { line } of readRecords(index.folder, { at: place, from: place.seq, to: place.seq }))
      if (line.kind === 'request.decided') records.push(line);
  }
  return records;
}
