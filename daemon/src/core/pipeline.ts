import { hash, randomBytes } from 'node:crypto';
import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { describeAction } from '@gatehouse/policy-schema/evaluate/reason.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Records } from '../recordings/record.ts';
import type { Approvals, Verdict } from './approvals.ts';
import { approvalDenial, limitDenial, policyDenial, recordDenial } from './denials.ts';
import type { Answer, Asked, Denial, Gate, Held, Passage } from './passage.ts';
import { RateMeter } from './rate.ts';
import { decidedEntry } from './record-entries.ts';
import type { Session } from './session.ts';

export interface PipelineParts {
  /** The accepted policy, compiled; read anew for each request. */
  readonly policies: () => CompiledPolicies;
  readonly records: Records;
  readonly approvals: Approvals;
  readonly now?: () => Date;
}

/** request → decision → [approval] → record → permit. Nothing else in the daemon grants a request. */
export class Pipeline implements Gate {
  readonly #parts: PipelineParts;
  readonly #now: () => Date;
  readonly #rates = new RateMeter();
  readonly #idPrefix = randomBytes(4).toString('hex');
  #ids = 0;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => new Date());
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
  }

  decide(session: Session, request: Request): Decision {
    return decide(this.#parts.policies(), {
      request,
      principal: session.principal,
      resource: session.resource,
      now: this.#now(),
    });
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
      let decision = this.decide(session, asked.request);
      let approval: string | undefined;
      let denial = this.#refusal(session, asked.request, decision);
      if (denial === undefined && decision.effect === 'approve' && asked.stage !== 'prepare') {
        const held = await this.#hold(session, asked, digest, decision, onHeld, signal);
        approval = held.id;
        // Decided again: the policy or the hour may have changed while the request waited.
        const before = decision;
        decision = this.decide(session, asked.request);
        denial = policyDenial(asked.request, decision) ?? approvalDenial(held, before, decision);
      }
      const decideMs = performance.now() - started;
      const permit = await this.#parts.records.append(
        decidedEntry({ id, session, asked, digest, decision, denial, approval, decideMs }),
      );
      return denial === undefined
        ? { kind: 'granted', id, permit, decision }
        : { kind: 'refused', id, denial };
    } catch (error) {
      return { kind: 'refused', id, denial: recordDenial(error) };
    }
  }

  answered(session: Session, request: string, answer: Answer): void {
    this.#parts.records.note({ kind: 'request.answered', session: session.id, request, ...answer });
  }

  close(session: Session, reason: string): void {
    this.#parts.records.note({ kind: 'session.closed', session: session.id, reason });
  }

  #refusal(session: Session, request: Request, decision: Decision): Denial | undefined {
    const denial = policyDenial(request, decision);
    if (denial !== undefined) return denial;
    const limit = decision.limits.statementsPerMinute;
    if (limit === undefined) return undefined;
    const key = `${session.principal.person}\n${session.principal.agent}\n${session.resource.name}`;
    if (this.#rates.take(key, limit, this.#now().getTime())) return undefined;
    return limitDenial('statementsPerMinute', limit);
  }

  async #hold(
    session: Session,
    asked: Asked,
    digest: string,
    decision: Decision,
    onHeld: (held: Held) => void,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly verdict: Verdict }> {
    const need = decision.approval ?? { by: [['*']], within: 10 * 60_000 };
    const parameters = asked.parameters === undefined ? {} : { parameters: asked.parameters };
    // Not recorded as asked: it does not wait for an answer either.
    const unasked = new AbortController();
    const ticket = this.#parts.approvals.hold(
      {
        session: session.id,
        resource: session.resource.name,
        person: session.principal.person,
        agent: session.principal.agent,
        text: asked.request.text,
        ...parameters,
        reason: decision.reason,
        actions: decision.actions
          .filter((each) => each.action.implied !== true)
          .map((each) => describeAction(each.action)),
        rules: [
          ...new Set(
            decision.actions.flatMap((each) => each.rules.map((rule) => `${rule.policy}/${rule.rule}`)),
          ),
        ],
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
      policyDigest: decision.policyDigest,
    });
    try {
      await asking;
    } catch (error) {
      unasked.abort();
      throw error;
    }
    onHeld({ approval: ticket.id, expires: ticket.expires, reason: decision.reason });
    const verdict = await ticket.verdict;
    await this.#parts.records.append({
      kind: 'approval.answered',
      session: session.id,
      approval: ticket.id,
      answer: verdict.kind,
      ...('by' in verdict ? { by: verdict.by } : {}),
      ...('reason' in verdict && verdict.reason !== undefined ? { reason: verdict.reason } : {}),
    });
    return { id: ticket.id, verdict };
  }
}

/** SHA-256 (hex) over the parts, each behind its length, so that no two requests share a digest by moving a border. */
function digestOf(exact: readonly (string | Uint8Array)[]): string {
  if (exact.length === 1 && exact[0] !== undefined) return hash('sha256', exact[0]);
  const lengths = exact.map((part) => Buffer.byteLength(part));
  const all = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let at = 0;
  exact.forEach((part, index) => {
    at = all.writeUInt32BE(lengths[index] ?? 0, at);
    if (typeof part === 'string') at += all.write(part, at, 'utf8');
    else {
      all.set(part, at);
      at += part.length;
    }
  });
  return hash('sha256', all);
}
