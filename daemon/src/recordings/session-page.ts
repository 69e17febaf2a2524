import type { RecordLine } from './entry.ts';
import type { ApprovalRow, RequestRow } from './index-rows.ts';
import { readRecords } from './read-segments.ts';
import type { StoreIndex } from './store-index.ts';

export type RecordedOf<Kind extends RecordLine['kind']> = Extract<RecordLine, { readonly kind: Kind }>;

export interface RecordedApproval {
  readonly asked: RecordedOf<'approval.asked'>;
  /** Absent while nobody has answered, and where the session ended before. */
  readonly answered?: RecordedOf<'approval.answered'>;
}

/** One thing that happened in a session, with all that the records say of it. */
export type RecordedStep =
  | {
      readonly kind: 'request';
      readonly decided: RecordedOf<'request.decided'>;
      /** Absent for what was denied, and for what has not ended. */
      readonly answered?: RecordedOf<'request.answered'>;
      readonly approval?: RecordedApproval;
    }
  /** An approval whose request was not decided: it waits still, or the client went. */
  | { readonly kind: 'approval'; readonly approval: RecordedApproval };

export interface SessionPage {
  readonly steps: readonly RecordedStep[];
  /** There are more behind this record. */
  readonly next?: number;
}

/** What one page says at most, as JSON; a step that is larger stands alone. */
const maxPageBytes = 2 * 1024 * 1024;

type Item =
  | { readonly kind: 'request'; readonly seq: number; readonly row: RequestRow }
  | { readonly kind: 'approval'; readonly seq: number; readonly row: ApprovalRow };

/**
 * A part of a session, for people who look at it, in the order in which it was decided. Reads the records that the page
 * speaks of and those between them, so that a long session costs no more than a short one.
 * @param session an id
 * @throws RecordFault `store-corrupt`
 */
export async function sessionPage(
  store: StoreIndex,
  session: string,
  { after = 0, limit }: { readonly after?: number; readonly limit: number },
): Promise<SessionPage> {
  const page = { after, limit: limit + 1 };
  const found: readonly Item[] = [
    ...store.requestsOf(session, page).map((row) => ({ kind: 'request' as const, seq: row.seq, row })),
    ...store
      .loneApprovals(session, page)
      .map((row) => ({ kind: 'approval' as const, seq: row.askedSeq, row })),
  ].sort((a, b) => a.seq - b.seq);
  const items = found.slice(0, limit);
  const records = await recordsOf(store, session, items);
  const steps: RecordedStep[] = [];
  let bytes = 0;
  let last = after;
  for (const item of items) {
    const step = stepOf(item, records);
    if (step === undefined) continue;
    bytes += JSON.stringify(step).length;
    if (bytes > maxPageBytes && steps.length > 0) return { steps, next: last };
    steps.push(step);
    last = item.seq;
  }
  return { steps, ...(found.length > limit ? { next: last } : {}) };
}

interface Records {
  readonly decided: ReadonlyMap<number, RecordedOf<'request.decided'>>;
  readonly answered: ReadonlyMap<number, RecordedOf<'request.answered'>>;
  readonly asked: ReadonlyMap<string, RecordedOf<'approval.asked'>>;
  readonly approvals: ReadonlyMap<string, RecordedOf<'approval.answered'>>;
}

async function recordsOf(store: StoreIndex, session: string, items: readonly Item[]): Promise<Records> {
  const held = new Map(store.approvalsOf(session, approvalsIn(items)).map((row) => [row.id, row]));
  const seqs = items.flatMap((item) => {
    const approval = item.kind === 'approval' ? item.row : held.get(item.row.approval ?? '');
    const answer = item.kind === 'request' ? item.row.answer?.seq : undefined;
    return [item.seq, answer, approval?.askedSeq, approval?.answered?.seq].filter((seq) => seq !== undefined);
  });
  const decided = new Map<number, RecordedOf<'request.decided'>>();
  const answered = new Map<number, RecordedOf<'request.answered'>>();
  const asked = new Map<string, RecordedOf<'approval.asked'>>();
  const approvals = new Map<string, RecordedOf<'approval.answered'>>();
  if (seqs.length === 0) return { decided, answered, asked, approvals };
  const wanted = new Set(seqs);
  const [from, to] = seqs.reduce(([low, high], seq) => [Math.min(low, seq), Math.max(high, seq)], [
    Number.POSITIVE_INFINITY,
    0,
  ] as readonly [number, number]);
  for await (const { line } of readRecords(store.folder, {
    from,
    to,
    containing: `"session":${JSON.stringify(session)}`,
  })) {
    if (!wanted.has(line.seq)) continue;
    if (line.kind === 'request.decided') decided.set(line.seq, line);
    else if (line.kind === 'request.answered') answered.set(line.seq, line);
    else if (line.kind === 'approval.asked') asked.set(line.approval, line);
    else if (line.kind === 'approval.answered') approvals.set(line.approval, line);
  }
  return { decided, answered, asked, approvals };
}

function approvalsIn(items: readonly Item[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'request' ? (item.row.approval ?? []) : []));
}

function stepOf(item: Item, records: Records): RecordedStep | undefined {
  if (item.kind === 'approval') {
    const approval = approvalOf(item.row.id, records);
    return approval && { kind: 'approval', approval };
  }
  const { row } = item;
  const decided = records.decided.get(row.seq);
  if (decided === undefined) return undefined;
  const answered = row.answer && records.answered.get(row.answer.seq);
  const approval = row.approval === undefined ? undefined : approvalOf(row.approval, records);
  return { kind: 'request', decided, ...(answered && { answered }), ...(approval && { approval }) };
}

function approvalOf(id: string, { asked, approvals }: Records): RecordedApproval | undefined {
  const found = asked.get(id);
  const answered = approvals.get(id);
  return found && { asked: found, ...(answered && { answered }) };
}
