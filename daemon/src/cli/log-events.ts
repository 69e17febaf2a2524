import type { RecordLine, RequestAnswered, RequestDecided } from '../recordings/entry.ts';
import type { RequestRow } from '../recordings/index-rows.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import type { Standing } from './effects.ts';

/** One line of the log: a request with what became of it, or one that waits for a person. */
export interface LogEvent {
  /** Of the record that it was told by first. */
  readonly seq: number;
  readonly at: string;
  readonly standing: Standing;
  readonly session: string;
  readonly resource: string;
  readonly agent: string;
  readonly person: string;
  readonly text: string;
  readonly reason: string;
  readonly hint?: string;
  /** What the observing policies would have said, where that differs. */
  readonly observed?: string;
  /** `policy/rule` of the rules that decided. */
  readonly rules: readonly string[];
  /** `file:line` of the first of them. */
  readonly place?: string;
  readonly request?: string;
  readonly approval?: string;
  readonly outcome?: RequestAnswered['outcome'];
  readonly durationMs?: number;
  readonly rows?: number;
  readonly error?: string;
}

/** The index's row and its rules as an event. */
export function eventOfRow(row: RequestRow, index: StoreIndex): LogEvent {
  const rules = index
    .rulesOf(row.seq)
    .filter((rule) => rule.effect === row.effect || rule.error !== undefined);
  const [first] = rules;
  const { answer } = row;
  return {
    seq: row.seq,
    at: row.at,
    standing: row.effect,
    session: row.session,
    resource: row.resource,
    agent: row.agent,
    person: row.person,
    text: row.text,
    reason: row.reason,
    ...(row.observed === row.effect ? {} : { observed: row.observed }),
    rules: unique(rules.map((rule) => `${rule.policy}/${rule.rule}`)),
    ...(first === undefined ? {} : { place: `${first.file}:${first.line}` }),
    request: row.id,
    ...(row.approval === undefined ? {} : { approval: row.approval }),
    ...(answer === undefined
      ? {}
      : {
          outcome: answer.outcome,
          durationMs: answer.durationMs,
          rows: answer.rows,
          ...(answer.error === undefined ? {} : { error: `${answer.error.code} ${answer.error.message}` }),
        }),
  };
}

/** A statement that was only made ready and may be run says nothing that its runs do not. */
export function isQuiet(request: { readonly stage?: string; readonly effect: string }): boolean {
  return request.stage === 'prepare' && request.effect !== 'deny';
}

interface Who {
  readonly resource: string;
  readonly agent: string;
  readonly person: string;
}

const unknown: Who = { resource: '?', agent: '?', person: '?' };

/** A quick answer belongs on the line of its request; a slow one must not hold the line back. */
const answerWithinMs = 300;

/**
 * Turns record lines, as they come, into events: a denial and a wait at once, a request that runs with its answer, or
 * without it when that takes long.
 */
export class LogJoiner {
  readonly #lookUp: (session: string) => Who | undefined;
  readonly #emit: (event: LogEvent) => void;
  readonly #sessions = new Map<string, Who>();
  readonly #running = new Map<string, { readonly event: LogEvent; readonly timer: NodeJS.Timeout }>();

  constructor(lookUp: (session: string) => Who | undefined, emit: (event: LogEvent) => void) {
    this.#lookUp = lookUp;
    this.#emit = emit;
  }

  push(line: RecordLine): void {
    switch (line.kind) {
      case 'session.opened': {
        const { resource, principal } = line;
        this.#sessions.set(line.session, { resource, agent: principal.agent, person: principal.person });
        return;
      }
      case 'session.closed':
        this.#sessions.delete(line.session);
        return;
      case 'approval.asked':
        this.#emit({
          ...this.#common(line),
          standing: 'waiting',
          text: line.text,
          reason: line.reason,
          rules: [],
          approval: line.approval,
        });
        return;
      case 'request.decided':
        if (!isQuiet(line)) this.#decided(line);
        return;
      case 'request.answered':
        this.#answered(line);
        return;
      default:
        return;
    }
  }

  /** Tell what is still held back. */
  flush(): void {
    for (const request of [...this.#running.keys()]) this.#release(request);
  }

  #common(line: { readonly seq: number; readonly at: string; readonly session: string }) {
    let who = this.#sessions.get(line.session);
    if (who === undefined) {
      who = this.#lookUp(line.session) ?? unknown;
      this.#sessions.set(line.session, who);
    }
    return { seq: line.seq, at: line.at, session: line.session, ...who };
  }

  #decided(line: RequestDecided & { readonly seq: number; readonly at: string }): void {
    const spoke = line.actions
      .filter((action) => action.effect === line.effect)
      .flatMap((action) => action.rules);
    const [first] = spoke;
    const event: LogEvent = {
      ...this.#common(line),
      standing: line.effect,
      text: line.text,
      reason: line.reason,
      ...(line.hint === undefined ? {} : { hint: line.hint }),
      ...(line.observed === line.effect ? {} : { observed: line.observed }),
      rules: unique(spoke.map((rule) => `${rule.policy}/${rule.rule}`)),
      ...(first === undefined ? {} : { place: `${first.location.file}:${first.location.line}` }),
      request: line.request,
      ...(line.approval === undefined ? {} : { approval: line.approval }),
    };
    if (line.effect === 'deny' || line.stage === 'prepare') {
      this.#emit(event);
      return;
    }
    const timer = setTimeout(() => this.#release(line.request), answerWithinMs);
    this.#running.set(line.request, { event, timer });
  }

  #answered(line: RequestAnswered): void {
    const running = this.#running.get(line.request);
    if (running === undefined) return;
    this.#forget(line.request);
    this.#emit({
      ...running.event,
      outcome: line.outcome,
      durationMs: line.durationMs,
      rows: line.rows,
      ...(line.error === undefined ? {} : { error: `${line.error.code} ${line.error.message}` }),
    });
  }

  #release(request: string): void {
    const running = this.#running.get(request);
    if (running === undefined) return;
    this.#forget(request);
    this.#emit(running.event);
  }

  #forget(request: string): void {
    clearTimeout(this.#running.get(request)?.timer);
    this.#running.delete(request);
  }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
