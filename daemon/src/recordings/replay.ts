import type {
  ApprovalAnswered,
  ApprovalAsked,
  RecordLine,
  RequestAnswered,
  RequestDecided,
  SessionClosed,
  SessionOpened,
} from './entry.ts';
import { readRecords } from './read-segments.ts';
import type { StoreIndex } from './store-index.ts';

type Recorded<Entry> = Entry & { readonly prev: string; readonly seq: number; readonly at: string };

export interface ReplayedApproval {
  readonly asked: Recorded<ApprovalAsked>;
  /** Absent when the session ended, or the records do, before anyone answered. */
  readonly answered?: Recorded<ApprovalAnswered>;
  /** How long it waited for the answer, in milliseconds. */
  readonly waitedMs?: number;
}

interface Timing {
  readonly at: Date;
  /** Milliseconds since the step before; 0 for the first, and where the clock was set back. */
  readonly gapMs: number;
}

/** One thing that happened in a session, with all that the records say of it. */
export type ReplayStep = Timing &
  (
    | { readonly kind: 'opened'; readonly opened: Recorded<SessionOpened> }
    | {
        readonly kind: 'request';
        readonly decided: Recorded<RequestDecided>;
        /** Absent for what was denied, and for what had not ended when the records do. */
        readonly answered?: Recorded<RequestAnswered>;
        readonly approval?: ReplayedApproval;
      }
    /** An approval whose request was never decided: the daemon ended, or the client went. */
    | { readonly kind: 'approval'; readonly approval: ReplayedApproval }
    | { readonly kind: 'closed'; readonly closed: Recorded<SessionClosed> }
  );

/** A step that may still be added to. */
type Pending =
  | { readonly kind: 'opened'; readonly opened: Recorded<SessionOpened> }
  | {
      readonly kind: 'request';
      readonly decided: Recorded<RequestDecided>;
      answered?: Recorded<RequestAnswered>;
      readonly approval?: ReplayedApproval;
    }
  | { readonly kind: 'approval'; approval: ReplayedApproval }
  | { readonly kind: 'closed'; readonly closed: Recorded<SessionClosed> };

/** Steps that wait for their answers at most; a longer pipeline is told as far as it is known. */
const WINDOW = 10_000;

/**
 * A session from its opening to its end, or to where its records end, in the order in which its requests were decided.
 * Reads the segments from where the index says it begins to its last record, holding the steps that are under way.
 * @param sessionId an id or the beginning of one
 * @throws RecordFault `session-unknown`, `store-corrupt`
 */
export async function* replaySession(store: StoreIndex, sessionId: string): AsyncGenerator<ReplayStep, void> {
  const { id, place } = store.sessionById(sessionId);
  const film = new Film();
  let last: Date | undefined;
  const timed = (step: Pending): ReplayStep => {
    const at = new Date(lineOf(step).at);
    const gapMs = last === undefined ? 0 : Math.max(0, at.getTime() - last.getTime());
    last = at;
    if (step.kind !== 'approval') return { ...step, at, gapMs };
    return { kind: 'approval', approval: step.approval, at, gapMs };
  };
  const records = readRecords(store.folder, {
    at: place,
    from: place.firstSeq,
    to: place.lastSeq,
    containing: `"session":${JSON.stringify(id)}`,
  });
  for await (const { line } of records) {
    if (!('session' in line) || line.session !== id) continue;
    film.take(line);
    for (const step of film.complete()) yield timed(step);
  }
  for (const step of film.rest()) yield timed(step);
}

function lineOf(step: Pending): { readonly at: string } {
  switch (step.kind) {
    case 'opened':
      return step.opened;
    case 'request':
      return step.decided;
    case 'approval':
      return step.approval.asked;
    case 'closed':
      return step.closed;
  }
}

/** Joins a session's records into steps. */
class Film {
  #steps: Pending[] = [];
  readonly #running = new Map<string, Extract<Pending, { kind: 'request' }>>();
  readonly #held = new Map<string, Extract<Pending, { kind: 'approval' }>>();

  take(line: RecordLine): void {
    switch (line.kind) {
      case 'session.opened':
        this.#steps.push({ kind: 'opened', opened: line });
        break;
      case 'approval.asked': {
        const step = { kind: 'approval' as const, approval: { asked: line } };
        this.#held.set(line.approval, step);
        this.#steps.push(step);
        break;
      }
      case 'approval.answered':
        this.#answerApproval(line);
        break;
      case 'request.decided':
        this.#decide(line);
        break;
      case 'request.answered': {
        const step = this.#running.get(line.request);
        this.#running.delete(line.request);
        if (step !== undefined) step.answered = line;
        break;
      }
      case 'session.closed':
        this.#steps.push({ kind: 'closed', closed: line });
        break;
      default:
        // Of the daemon or the policy, not of a session.
        break;
    }
  }

  /** The steps at the front that nothing can be added to any more. */
  *complete(): Generator<Pending, void> {
    let done = 0;
    for (const step of this.#steps) {
      if (this.#isOpen(step) && this.#steps.length - done <= WINDOW) break;
      done += 1;
      yield step;
    }
    if (done > 0) this.#steps = this.#steps.slice(done);
  }

  rest(): readonly Pending[] {
    return this.#steps;
  }

  #isOpen(step: Pending): boolean {
    if (step.kind !== 'request') return step.kind === 'approval';
    // What is only made ready is not answered; its runs are, each under its own id.
    const runs = step.decided.effect !== 'deny' && step.decided.stage !== 'prepare';
    return runs && step.answered === undefined;
  }

  #answerApproval(line: Recorded<ApprovalAnswered>): void {
    const step = this.#held.get(line.approval);
    if (step === undefined) return;
    const waitedMs = Math.max(0, Date.parse(line.at) - Date.parse(step.approval.asked.at));
    step.approval = { ...step.approval, answered: line, waitedMs };
  }

  #decide(line: Recorded<RequestDecided>): void {
    const held = line.approval === undefined ? undefined : this.#held.get(line.approval);
    if (held !== undefined) {
      this.#held.delete(held.approval.asked.approval);
      this.#steps = this.#steps.filter((step) => step !== held);
    }
    const step = {
      kind: 'request' as const,
      decided: line,
      ...(held === undefined ? {} : { approval: held.approval }),
    };
    this.#steps.push(step);
    if (this.#isOpen(step)) this.#running.set(line.request, step);
  }
}
