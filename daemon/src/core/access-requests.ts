import { randomBytes } from 'node:crypto';
import type { Principal } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { AccessAnswered, AccessAsked } from '../recordings/entry.ts';
import type { Records } from '../recordings/record.ts';
import { AnswerRefused } from './approvals.ts';
import { ConfigFault } from './faults.ts';

/** What an agent asked people for, and what they said. Times are ISO 8601. */
export interface AccessRequest {
  readonly id: string;
  readonly asked: string;
  readonly resource: string;
  readonly person: string;
  readonly agent: string;
  readonly task: string;
  /** In the agent's words. */
  readonly reason: string;
  /** What it would run. */
  readonly statement?: string;
  readonly answer?: AccessAnswer;
}

export interface AccessAnswer {
  /** `granted`: the person has changed the policy, or will. The answer itself changes nothing of it. */
  readonly kind: 'granted' | 'declined';
  readonly by: string;
  readonly at: string;
  /** For the agent. */
  readonly words?: string;
}

/** A person reads each; an agent that asks in a loop is told to wait. */
const mostWaiting = 20;
/** Answers that agents can still read. */
const mostKept = 200;
const longestReason = 2000;
const longestStatement = 20_000;

/** Requests for access: nothing waits for their answer, and no answer lets anything pass. The policy does that alone. */
export class AccessRequests {
  readonly #records: Pick<Records, 'append'>;
  readonly #now: () => Date;
  #all: readonly AccessRequest[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(records: Pick<Records, 'append'>, now: () => Date = () => new Date()) {
    this.#records = records;
    this.#now = now;
  }

  /**
   * Ask. What the agent already asks, in the same words, is not asked twice.
   * @throws ConfigFault `usage` for a reason that is empty or too long, or where too many wait; RecordFault
   */
  async ask(
    { principal, resource }: { readonly principal: Principal; readonly resource: string },
    { reason, statement }: { readonly reason: string; readonly statement?: string },
  ): Promise<AccessRequest> {
    if (reason.trim() === '' || reason.length > longestReason)
      throw new ConfigFault('usage', `Say why, in at most ${longestReason} characters.`);
    if ((statement ?? '').length > longestStatement)
      throw new ConfigFault(
        'usage',
        `A statement that people read has at most ${longestStatement} characters.`,
      );
    const { person, agent, task } = principal;
    const waiting = this.of(principal, resource).filter(({ answer }) => answer === undefined);
    const same = waiting.find((each) => each.reason === reason && each.statement === statement);
    if (same !== undefined) return same;
    if (waiting.length >= mostWaiting)
      throw new ConfigFault(
        'usage',
        `${mostWaiting} requests of ${agent} wait for a person already. Wait for their answers.`,
      );
    const asked: AccessRequest = {
      id: `ask-${randomBytes(4).toString('hex')}`,
      asked: this.#now().toISOString(),
      resource,
      person,
      agent,
      task,
      reason,
      ...(statement === undefined ? {} : { statement }),
    };
    const { id: access, asked: _at, ...said } = asked;
    await this.#records.append({ kind: 'access.asked', access, ...said } satisfies AccessAsked);
    this.#keep([...this.#all, asked]);
    return asked;
  }

  /** Newest last: those that wait, and those that were answered lately. */
  list(): readonly AccessRequest[] {
    return this.#all;
  }

  /** What an agent asked for on a resource, whatever its task was. */
  of({ person, agent }: Pick<Principal, 'person' | 'agent'>, resource: string): readonly AccessRequest[] {
    return this.#all.filter(
      (each) => each.resource === resource && each.person === person && each.agent === agent,
    );
  }

  /** @throws AnswerRefused when it does not wait (any more); RecordFault */
  async answer(id: string, kind: AccessAnswer['kind'], by: string, words?: string): Promise<AccessRequest> {
    const waits = (each: AccessRequest) => each.id === id && each.answer === undefined;
    if (!this.#all.some(waits)) throw new AnswerRefused(`No request for access waits under "${id}".`);
    const said = words === undefined ? {} : { words };
    await this.#records.append({
      kind: 'access.answered',
      access: id,
      answer: kind,
      by,
      ...said,
    } satisfies AccessAnswered);
    const answer: AccessAnswer = { kind, by, at: this.#now().toISOString(), ...said };
    const found = this.#all.find(waits);
    if (found === undefined) throw new AnswerRefused(`No request for access waits under "${id}".`);
    const answered = { ...found, answer };
    this.#keep(this.#all.map((each) => (each === found ? answered : each)));
    return answered;
  }

  /** Call back whenever the list changes. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(all: readonly AccessRequest[]): void {
    const answered = all.filter(({ answer }) => answer !== undefined);
    const old = new Set(answered.slice(0, Math.max(0, answered.length - mostKept)));
    this.#all = all.filter((each) => !old.has(each));
    for (const listener of this.#listeners) listener();
  }
}
