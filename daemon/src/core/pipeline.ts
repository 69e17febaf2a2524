import { hash, randomBytes } from 'node:crypto';
import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { withPlan } from '@gatehouse/policy-schema/evaluate/plan.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Permit } from '../recordings/permit.ts';
import type { Records } from '../recordings/record.ts';
import type { Approvals } from './approvals.ts';
import { Asker } from './ask-person.ts';
import {
  approvalDenial,
  budgetDenial,
  limitDenial,
  policyDenial,
  recordDenial,
  unplannedDenial,
  usageDenial,
} from './denials.ts';
import type { Answer, Asked, Denial, Gate, Held, Passage, PlanAnswer } from './passage.ts';
import { RateMeter } from './rate.ts';
import { ruledRequest, rulingOf } from './record-entries.ts';
import type { Session } from './session.ts';
import { Usage } from './usage.ts';

export interface PipelineParts {
  /** The accepted policy, compiled; read anew for each request. */
  readonly policies: () => CompiledPolicies;
  readonly records: Records;
  readonly approvals: Approvals;
  /** Absent: one that knows of nothing before now. */
  readonly usage?: Usage;
  readonly now?: () => Date;
}

/** request → decision → [approval] → record → permit. Nothing else in the daemon grants a request. */
export class Pipeline implements Gate {
  readonly #parts: PipelineParts;
  readonly #now: () => Date;
  readonly #rates = new RateMeter();
  readonly #usage: Usage;
  readonly #asker: Asker;
  readonly #idPrefix = randomBytes(4).toString('hex');
  #ids = 0;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => new Date());
    this.#asker = new Asker({ records: parts.records, approvals: parts.approvals, now: this.#now });
    this.#usage = parts.usage ?? new Usage(async () => [], this.#now);
  }

  async open(session: Session): Promise<void> {
    await this.#parts.records.append({
      kind: 'session.opened',
      session: session.id,
      resource: session.resource.name,
      protocol: session.resource.protocol,
      principal: session.principal,
      client: session.client,
    });
    this.#usage.open(session);
  }

  decide(session: Session, request: Request): Decision {
    return this.#decide(session, request, 'later');
  }

  async pass(
    session: Session,
    asked: Asked,
    onHeld: (held: Held) => void,
    signal: AbortSignal,
  ): Promise<Passage> {
    const id = `${this.#idPrefix}-${(++this.#ids).toString(36)}`;
    try {
      const started = performance.now();
      const digest = digestOf(asked.exact);
      const early = this.#early(session, asked);
      const refusing = early.denial === undefined ? asked.refusal?.(early.decision) : undefined;
      const refused = refusing instanceof Promise ? await refusing : refusing;
      const open = refused === undefined ? early : { ...early, denial: refused, asks: false };
      const looked = open.asks ? await this.#look(session, asked, open) : open;
      const { request, plan } = looked;
      let { decision, denial } = looked;
      let approval: string | undefined;
      if (denial === undefined && decision.effect === 'approve' && asked.stage !== 'prepare') {
        const question = { session, asked, digest, request, decision, plan };
        const held = await this.#asker.ask(question, onHeld, signal);
        approval = held.id;
        // Decided again: the policy, the hour or what is left may have changed while the request waited.
        const before = decision;
        decision = this.#decide(session, request);
        denial =
          policyDenial(request, decision) ??
          approvalDenial(held, before, decision) ??
          this.#overBudget(session, asked, { ...looked, decision });
      }
      if (denial === undefined && decision.masks !== early.decision.masks) {
        denial = await asked.refusal?.(decision);
      }
      const purse = this.#usage.purse(session);
      const told = plan?.kind === 'planned' ? plan.plan : undefined;
      const cost = denial === undefined && told !== undefined ? told.cost : 0;
      purse.charge(cost);
      const decideMs = performance.now() - started;
      const parts = { id, session, asked, request, digest, decision, denial, approval, plan: told, decideMs };
      let permit: Permit;
      try {
        permit = await this.#parts.records.decided(ruledRequest(parts), rulingOf(decision));
      } catch (error) {
        purse.charge(-cost);
        throw error;
      }
      if (denial !== undefined) return { kind: 'refused', id, denial };
      const { budgets } = decision;
      const spend = (rows: number, bytes: number) => purse.spend(budgets, rows, bytes);
      return { kind: 'granted', id, permit, decision, spend };
    } catch (error) {
      return { kind: 'refused', id, denial: recordDenial(error) };
    }
  }

  answered(session: Session, request: string, answer: Answer): void {
    this.#parts.records.note({ kind: 'request.answered', session: session.id, request, ...answer });
  }

  close(session: Session, reason: string): void {
    this.#usage.close(session);
    this.#asker.forget(session.id);
    this.#parts.records.note({ kind: 'session.closed', session: session.id, reason });
  }

  /** What can be told at once, without the plan. */
  #early(session: Session, asked: Asked): Early {
    const { request } = asked;
    const decision = this.decide(session, request);
    const denial = policyDenial(request, decision) ?? this.#overRate(session, decision);
    const runs = asked.stage !== 'prepare';
    const isOpen = denial === undefined && runs;
    // Who approves wants to know the plan, too.
    const asks =
      isOpen && (decision.needs === 'plan' || decision.effect === 'approve' || decision.budgets.length > 0);
    return { request, decision, denial, plan: undefined, asks };
  }

  /**
   * Hold a request against its plan and the budgets. Never for one that is denied whatever its plan is: planning runs
   * functions that are declared immutable.
   */
  async #look(session: Session, asked: Asked, early: Early): Promise<Looked> {
    const unready = await this.#usageProblem(early.decision);
    if (unready !== undefined) return { ...early, denial: unready };
    const wanted = early.decision.needs === 'plan' || early.decision.effect === 'approve';
    const looked = wanted ? await this.#withPlan(session, asked, early.decision) : early;
    return { ...looked, denial: looked.denial ?? this.#overBudget(session, asked, looked) };
  }

  /** Ask for the plan, and decide with it. */
  async #withPlan(session: Session, { request, plan: askPlan }: Asked, early: Decision): Promise<Looked> {
    const plan = (await askPlan?.(early)) ?? notPlanned;
    switch (plan.kind) {
      case 'planned': {
        const planned = withPlan(request, plan.plan);
        const decision = this.#decide(session, planned);
        return { request: planned, decision, denial: policyDenial(planned, decision), plan };
      }
      case 'refused': {
        const refused = { ...request, undecidable: plan.undecidable };
        const decision = this.#decide(session, refused);
        return { request: refused, decision, denial: policyDenial(refused, decision), plan };
      }
      case 'unknown': {
        const decision = this.#decide(session, request);
        const denial = policyDenial(request, decision);
        return { request, decision, denial: denial && unplannedDenial(denial, plan), plan };
      }
    }
  }

  #decide(session: Session, request: Request, plan?: 'later'): Decision {
    return decide(this.#parts.policies(), {
      request,
      principal: session.principal,
      resource: session.resource,
      now: this.#now(),
      ...(plan === undefined ? {} : { plan }),
    });
  }

  #overRate(session: Session, { limits, limitSources }: Decision): Denial | undefined {
    const limit = limits.statementsPerMinute;
    if (limit === undefined) return undefined;
    const key = `${session.principal.person}\n${session.principal.agent}\n${session.resource.name}`;
    if (this.#rates.take(key, limit, this.#now().getTime())) return undefined;
    return limitDenial('statementsPerMinute', limit, limitSources.statementsPerMinute);
  }

  /** Budgets of a day go on where they were before a restart. */
  async #usageProblem({ budgets }: Decision): Promise<Denial | undefined> {
    if (budgets.every(({ per }) => per === 'session')) return undefined;
    try {
      await this.#usage.ready();
      return undefined;
    } catch (error) {
      return usageDenial(error);
    }
  }

  #overBudget(
    session: Session,
    { returnsRows = true }: Asked,
    { decision, plan }: Pick<Looked, 'decision' | 'plan'>,
  ): Denial | undefined {
    if (decision.budgets.length === 0) return undefined;
    const cost = plan?.kind === 'planned' ? plan.plan.cost : 0;
    const exceeded = this.#usage.purse(session).refusal(decision.budgets, { cost, returnsRows });
    return exceeded === undefined ? undefined : budgetDenial(exceeded, cost);
  }
}

/** What a request came to, once its plan was asked for where it matters. */
interface Looked {
  /** With its plan, where that was told. */
  readonly request: Request;
  readonly decision: Decision;
  readonly denial: Denial | undefined;
  readonly plan: PlanAnswer | undefined;
}

interface Early extends Looked {
  /** The plan or what was used already has a say. */
  readonly asks: boolean;
}

const notPlanned: PlanAnswer = { kind: 'unknown', why: 'the server makes none for it' };
/** Each digest is taken before the next begins, so one room serves them all. */
const digestRoom = Buffer.allocUnsafeSlow(64 * 1024);

/** SHA-256 (hex) over the parts, each behind its length, so that no two requests share a digest by moving a border. */
function digestOf(exact: readonly (string | Uint8Array)[]): string {
  if (exact.length === 1 && exact[0] !== undefined) return hash('sha256', exact[0]);
  let length = 0;
  for (const part of exact) length += 4 + Buffer.byteLength(part);
  const room = length <= digestRoom.length ? digestRoom : Buffer.allocUnsafe(length);
  let at = 0;
  for (const part of exact) {
    const from = at + 4;
    if (typeof part === 'string') at = from + room.write(part, from);
    else {
      room.set(part, from);
      at = from + part.length;
    }
    room.writeUInt32BE(at - from, from - 4);
  }
  return hash('sha256', room.subarray(0, length));
}
