import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { describeAction } from '@gatehouse/policy-schema/evaluate/reason.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Records } from '../recordings/record.ts';
import type { Approvals, Verdict } from './approvals.ts';
import type { RuleSource } from './held-approval.ts';
import type { Asked, Held, PlanAnswer, RowCount } from './passage.ts';
import { rulingOf } from './record-entries.ts';
import type { Session } from './session.ts';
import { StandingApprovals } from './standing-approvals.ts';

export interface AskerParts {
  readonly records: Records;
  readonly approvals: Approvals;
  readonly now: () => Date;
}

/** A request that passes only with a person's word. */
export interface Question {
  readonly session: Session;
  readonly asked: Asked;
  /** Of the exact request. */
  readonly digest: string;
  readonly request: Request;
  readonly decision: Decision;
  readonly plan: PlanAnswer | undefined;
}

export interface Answered {
  /** The approval's. */
  readonly id: string;
  readonly verdict: Verdict;
}

/** Gets a person's word for requests: a standing one, where it covers the request, or by asking. */
export class Asker {
  readonly #parts: AskerParts;
  readonly #standing: StandingApprovals;

  constructor(parts: AskerParts) {
    this.#parts = parts;
    this.#standing = new StandingApprovals(parts.now);
  }

  /** @throws what keeps the question or its answer from being recorded */
  async ask(question: Question, onHeld: (held: Held) => void, signal: AbortSignal): Promise<Answered> {
    const shape = question.asked.shape?.();
    const given = shape === undefined ? undefined : await this.#standingFor(question, shape);
    return given ?? this.#hold(question, shape, onHeld, signal);
  }

  /** The session has ended, and with it what was approved for it. */
  forget(session: string): void {
    this.#standing.forget(session);
  }

  async #standingFor(
    { session, asked, decision, plan }: Question,
    shape: string,
  ): Promise<Answered | undefined> {
    const planned = plan?.kind === 'planned' ? plan.plan : undefined;
    const count = async () => asked.count?.(decision);
    const id = await this.#standing.covering(session.id, shape, decision, planned, count);
    return id === undefined ? undefined : { id, verdict: { kind: 'approved', by: 'a standing approval' } };
  }

  async #hold(
    question: Question,
    shape: string | undefined,
    onHeld: (held: Held) => void,
    signal: AbortSignal,
  ): Promise<Answered> {
    const { session, asked, digest, decision, request, plan } = question;
    const need = decision.approval ?? { by: [['*']], within: 10 * 60_000 };
    const parameters = asked.parameters === undefined ? {} : { parameters: asked.parameters };
    const count = need.counts === 'rows' ? await (asked.count?.(decision) ?? uncounted) : undefined;
    // Not recorded as asked: it does not wait for an answer either.
    const unasked = new AbortController();
    const sources = sourcesOf(decision);
    const ticket = this.#parts.approvals.hold(
      {
        session: session.id,
        resource: session.resource.name,
        protocol: session.resource.protocol,
        person: session.principal.person,
        agent: session.principal.agent,
        task: session.principal.task,
        text: asked.request.text,
        ...parameters,
        ...(shape === undefined ? {} : { shape }),
        reason: decision.reason,
        actions: decision.actions
          .filter((each) => each.action.implied !== true)
          .map((each) => describeAction(each.action)),
        rules: sources.map(({ policy, rule }) => `${policy}/${rule}`),
        sources,
        tables: tablesOf(request),
        plan: plan?.kind === 'planned' ? plan.plan : { unknown: whyUnknown(plan) },
        ...(count === undefined ? {} : { count }),
        need,
      },
      AbortSignal.any([signal, unasked.signal]),
    );
    const asking = this.#parts.records.append({
      kind: 'approval.asked',
      session: session.id,
      approval: ticket.id,
      text: asked.request.text,
      ...parameters,
      digest,
      by: need.by,
      expires: ticket.expires.toISOString(),
      reason: decision.reason,
      actions: rulingOf(decision).actions,
      ...(plan?.kind === 'planned' ? { plan: plan.plan } : {}),
      ...(count?.kind === 'counted' ? { counted: count.rows } : {}),
      policyDigest: decision.policyDigest,
    });
    try {
      await asking;
    } catch (error) {
      unasked.abort();
      throw error;
    }
    onHeld({ approval: ticket.id, expires: ticket.expires, reason: decision.reason, by: need.by });
    const verdict = await ticket.verdict;
    const forShape = verdict.kind === 'approved' && verdict.scope === 'shape';
    await this.#parts.records.append({
      kind: 'approval.answered',
      session: session.id,
      approval: ticket.id,
      answer: verdict.kind,
      ...('by' in verdict ? { by: verdict.by } : {}),
      ...('reason' in verdict && verdict.reason !== undefined ? { reason: verdict.reason } : {}),
      ...(forShape ? { scope: 'shape' } : {}),
    });
    if (forShape && shape !== undefined) {
      const shown = { plan: plan?.kind === 'planned' ? plan.plan : undefined, count };
      this.#standing.add(session.id, shape, decision, ticket.id, shown);
    }
    return { id: ticket.id, verdict };
  }
}

/** The rules behind a decision, each once. */
function sourcesOf({ actions }: Decision): readonly RuleSource[] {
  const found = new Map<string, RuleSource>();
  for (const { rules } of actions)
    for (const { policy, rule, location } of rules)
      found.set(`${policy}/${rule}`, { policy, rule, location });
  return [...found.values()];
}

const uncounted: RowCount = { kind: 'uncounted', why: 'it is no single UPDATE or DELETE' };

function whyUnknown(plan: PlanAnswer | undefined): string {
  if (plan?.kind === 'refused') return plan.undecidable.message;
  return plan?.kind === 'unknown' ? plan.why : 'nobody asked';
}

export function tablesOf({ actions }: Request): readonly string[] {
  const named = actions.flatMap(({ facts }) => (typeof facts.table === 'string' ? [facts.table] : []));
  return [...new Set(named)].sort();
}
