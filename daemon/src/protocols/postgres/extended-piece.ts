import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { ProtocolFault } from '../../core/faults.ts';
import type { Asked, Denial } from '../../core/passage.ts';
import type { Frame } from './client-units.ts';
import { changedWhileHeld } from './denial.ts';
import { readableParameters } from './parameters.ts';
import {
  malformedReading,
  missingPortal,
  missingStatement,
  type Reading,
  undecidableRequest,
} from './reading.ts';
import type { PortalSlot, Prepared } from './session-state.ts';
import type { Denied, Granted, UnitParts } from './unit-parts.ts';
import { FrontendType } from './wire/codes.ts';
import {
  decodeBind,
  decodeClose,
  decodeDescribe,
  decodeExecute,
  decodeParse,
  encodeDescribe,
} from './wire/frontend-messages.ts';

export type PiecePlan =
  | Denied
  | {
      readonly kind: 'granted';
      /** To be called in order; each sends one message on and says what it expects. */
      readonly sends: readonly (() => void)[];
      /** To be called instead, when nothing of it is sent on. */
      readonly withdrawals: readonly (() => void)[];
      readonly executes: boolean;
      /** Some statement reads COPY data from the client. */
      readonly copiesIn: boolean;
    };

export interface PieceParts extends UnitParts {
  /** The server is idle, so that names may be looked up. */
  readonly canProbe: boolean;
  readonly decide: (request: Request) => Decision;
}

/** One request of the piece, and what becomes of it once it is granted. */
interface Ask {
  readonly asked: Asked;
  readonly reading: Reading;
  /** A Parse of the unnamed statement. */
  readonly dropsUnnamed?: boolean;
  /** Why it cannot be sent on although it is granted. */
  readonly refusal: (passage: Granted) => Denial | undefined;
  readonly grant: (passage: Granted) => void;
  /** Whether it still means what was decided. Asked when a person took their time. */
  readonly unchanged?: () => Promise<boolean>;
}

/**
 * Read the messages of a piece of a batch, decide every request in it, and say how to send it on. Nothing is sent
 * here, so that a batch with one denied statement does not run in part.
 */
export async function planPiece(frames: readonly Frame[], parts: PieceParts): Promise<PiecePlan> {
  const planner = new PiecePlanner(parts);
  for (const frame of frames) {
    const refused = await planner.add(frame);
    if (refused !== undefined) {
      const passage = await parts.pass({ request: refused, exact: [refused.text] });
      if (passage.kind === 'refused') return { kind: 'denied', denial: passage.denial };
      // An undecidable request is always refused; a gate that grants one is broken.
      throw new ProtocolFault('out-of-order', 'An undecidable request was granted.');
    }
  }
  return planner.decide();
}

/** Statements whose names the server has looked up when it has bound them; others are read again when they are run. */
const plannedAtBind: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

function changedSince(what: string): Undecidable {
  return {
    code: 'unresolved',
    message: `Gatehouse: ${what} since this portal was bound`,
    hint: 'Bind it again, so that it is decided as it is now.',
  };
}

class PiecePlanner {
  readonly #parts: PieceParts;
  readonly #asks: Ask[] = [];
  readonly #sends: (() => void)[] = [];
  readonly #withdrawals: (() => void)[] = [];
  /** Requests of Parse messages that no Bind of this piece has taken up, by statement name. */
  readonly #onlyParsed = new Map<string, Ask>();
  #executes = false;
  #copiesIn = false;

  constructor(parts: PieceParts) {
    this.#parts = parts;
  }

  /** Take one message. A request comes back when it is refused whatever the policy says. */
  async add(frame: Frame): Promise<Request | undefined> {
    if (frame.oversized) return this.#parts.statements.oversized(frame).request;
    try {
      switch (frame.type) {
        case FrontendType.Parse:
          return await this.#parse(frame);
        case FrontendType.Bind:
          return await this.#bind(frame);
        case FrontendType.Describe:
          return this.#describe(frame);
        case FrontendType.Execute:
          return this.#execute(frame);
        default:
          return this.#close(frame);
      }
    } catch (fault) {
      if (fault instanceof ProtocolFault && fault.code === 'malformed')
        return malformedReading(fault.message).request;
      throw fault;
    }
  }

  async decide(): Promise<PiecePlan> {
    const { pass, decide } = this.#parts;
    // With several requests, find a denied one first: the others need not be recorded as granted, nor held.
    const denied =
      this.#asks.length > 1
        ? this.#asks.find((ask) => decide(ask.asked.request).effect === 'deny')
        : undefined;
    const asks = denied === undefined ? this.#asks : [denied];
    const passages = await Promise.all(asks.map((ask) => pass(ask.asked)));
    const denials: (Denial | undefined)[] = [];
    for (const [index, passage] of passages.entries()) {
      const ask = asks[index];
      const waited = passage.kind === 'granted' && passage.decision.effect === 'approve';
      const changed = waited && (await ask?.unchanged?.()) === false;
      denials.push(
        passage.kind === 'refused' ? passage.denial : changed ? changedWhileHeld : ask?.refusal(passage),
      );
    }
    const denial = denials.find((each) => each !== undefined);
    passages.forEach((passage, index) => {
      if (passage.kind !== 'granted') return;
      if (denial === undefined) asks[index]?.grant(passage);
      // Granted, yet its batch is not: the record says that it did not run.
      else if (asks[index] !== undefined) this.#parts.run(passage, asks[index].reading).settle('cancelled');
    });
    if (denial !== undefined)
      return { kind: 'denied', denial, dropsUnnamed: asks[denials.indexOf(denial)]?.dropsUnnamed === true };
    return {
      kind: 'granted',
      sends: this.#sends,
      withdrawals: this.#withdrawals,
      executes: this.#executes,
      copiesIn: this.#copiesIn,
    };
  }

  async #parse(frame: Frame): Promise<Request | undefined> {
    const { state, statements, replies, canProbe } = this.#parts;
    const { name, query, parameterTypes } = decodeParse(frame.buffer, frame.start, frame.end);
    const reading = await statements.read(query, { canProbe, single: true });
    const prepared: Prepared = { name, text: query, parameterTypes };
    state.pendingStatements.set(name, prepared);
    const ask: Ask = {
      asked: { stage: 'prepare', request: reading.request, exact: [query] },
      reading,
      dropsUnnamed: name === '',
      refusal: () => undefined,
      grant: (passage) => {
        passage.permit.spend();
        this.#parts.run(passage, reading).settle('completed');
      },
    };
    this.#asks.push(ask);
    this.#onlyParsed.set(name, ask);
    statements.batch.statements.renew(name);
    this.#forward(frame, () => replies.expect({ kind: 'parse', done: () => state.prepared(prepared) }));
    return undefined;
  }

  async #bind(frame: Frame): Promise<Request | undefined> {
    const { state, statements, canProbe } = this.#parts;
    const bind = decodeBind(frame.buffer, frame.start, frame.end);
    const unsure = await statements.sure(bind.statement, { canProbe });
    const prepared = state.statement(bind.statement);
    if (prepared !== undefined && unsure !== undefined) return undecidableRequest(prepared.text, unsure);
    if (prepared === undefined) return missingStatement(bind.statement);
    const reading = await statements.readPrepared(prepared, { canProbe });
    // The Bind speaks for its Parse: one statement, one request, one record.
    const parsed = this.#onlyParsed.get(bind.statement);
    if (parsed !== undefined) {
      this.#onlyParsed.delete(bind.statement);
      this.#asks.splice(this.#asks.indexOf(parsed), 1);
    }
    const slot: PortalSlot = { reading, boundAfter: statements.batch.ran, portal: undefined };
    this.#asks.push({
      asked: {
        request: reading.request,
        parameters: readableParameters(bind),
        exact: [reading.request.text, frame.buffer.subarray(frame.start, frame.end)],
      },
      reading,
      refusal: (passage) => this.#parts.masks.refusal(reading, passage.decision.masks),
      unchanged: () => statements.unchanged(prepared, reading, { canProbe, again: true }),
      grant: (passage) => {
        passage.permit.spend();
        const run = this.#parts.run(passage, reading);
        this.#withdrawals.push(() => run.settle('cancelled'));
        slot.portal = {
          name: bind.portal,
          prepared,
          reading,
          resultFormats: bind.resultFormats,
          masks: passage.decision.masks,
          policyDigest: passage.decision.policyDigest,
          run,
        };
      },
    });
    state.pendingPortals.set(bind.portal, slot);
    if (bind.portal !== '') statements.batch.cursors.add(bind.portal);
    this.#sends.push(() => this.#sendBind(frame, slot));
    return undefined;
  }

  #sendBind(frame: Frame, { portal }: PortalSlot): void {
    const { state, replies, server, masks } = this.#parts;
    if (portal === undefined)
      throw new ProtocolFault('out-of-order', 'A portal without a permit was to be bound.');
    const { prepared } = portal;
    if (masks.needsFields(portal)) {
      // The rows that come must be masked by where they come from, and the client may never ask for that.
      const version = masks.version;
      replies.expect({
        kind: 'describe',
        hidden: true,
        learn: (fields) => masks.learnStatement(prepared, fields, version),
      });
      server.write(encodeDescribe({ target: 'S', name: prepared.name }));
    }
    replies.expect({ kind: 'bind', run: portal.run, done: () => state.bound(portal) });
    server.pass(frame.buffer, frame.start, frame.end);
  }

  #describe(frame: Frame): undefined {
    const { state, replies, masks } = this.#parts;
    const { target, name } = decodeDescribe(frame.buffer, frame.start, frame.end);
    const prepared = target === 'S' ? state.statement(name) : undefined;
    const slot = target === 'P' ? state.slot(name) : undefined;
    this.#forward(frame, () => {
      const version = masks.version;
      replies.expect({
        kind: 'describe',
        hidden: false,
        learn: (fields) => {
          if (prepared !== undefined) masks.learnStatement(prepared, fields, version);
          if (slot?.portal !== undefined) masks.learnPortal(slot.portal, fields);
        },
      });
    });
    return undefined;
  }

  async #execute(frame: Frame): Promise<Request | undefined> {
    const { state, statements, replies, masks } = this.#parts;
    const { portal: name } = decodeExecute(frame.buffer, frame.start, frame.end);
    const slot = state.slot(name);
    if (slot === undefined) return missingPortal(name, state.cursors.has(name));
    const unsure = await this.#changed(name, slot);
    if (unsure !== undefined) return undecidableRequest(slot.reading.request.text, unsure);
    for (const { session } of statements.planned(slot.reading)) state.planned(session);
    this.#executes = true;
    if (slot.reading.copiesIn) this.#copiesIn = true;
    this.#forward(frame, () => {
      const { portal } = slot;
      if (portal === undefined)
        throw new ProtocolFault('out-of-order', 'A portal without a permit was to be run.');
      const result = masks.forPortal(portal);
      portal.run.start();
      replies.expect({
        kind: 'execute',
        run: portal.run,
        copiesIn: portal.reading.copiesIn,
        masker: () => result.rewriter,
        sample: (buffer, start, end) => result.sample(buffer, start, end),
        done: (tag) => {
          portal.run.settle('completed', { tag });
          statements.completed(portal.reading, 0);
        },
        suspended: () => portal.run.pause(),
      });
    });
    return undefined;
  }

  /** Why what was decided when a portal was bound may no longer hold for what it would do now. */
  async #changed(
    name: string,
    { reading, boundAfter, portal }: PortalSlot,
  ): Promise<Undecidable | undefined> {
    const { state, statements, decide, canProbe } = this.#parts;
    // In a failed transaction the server runs nothing but its end.
    if (state.transactionStatus === 'E') return undefined;
    const { batch } = statements;
    const isLate = reading.statements.some(({ node }) => !plannedAtBind.has(node));
    if (isLate && batch.ran !== boundAfter) {
      const refusal = batch.refusalToRun(statements.runs(reading));
      if (refusal !== undefined) return refusal;
    }
    if (portal === undefined || state.pendingPortals.has(name)) return undefined;
    if (portal.doubtful === true && portal.masks.length > 0)
      return changedSince('code that nobody read was run');
    const now = decide(reading.request);
    if (
      now.policyDigest !== portal.policyDigest &&
      (now.effect === 'deny' || !isDeepStrictEqual(now.masks, portal.masks))
    )
      return changedSince('the policy changed');
    if (isLate && !(await statements.unchanged(portal.prepared, reading, { canProbe })))
      return changedSince('what its names mean changed');
    return undefined;
  }

  #close(frame: Frame): undefined {
    const { state, replies } = this.#parts;
    const { target, name } = decodeClose(frame.buffer, frame.start, frame.end);
    if (target === 'S') state.pendingStatements.set(name, undefined);
    else state.pendingPortals.set(name, undefined);
    this.#forward(frame, () => replies.expect({ kind: 'close', done: () => state.closed(target, name) }));
    return undefined;
  }

  #forward(frame: Frame, expect: () => void): void {
    this.#sends.push(() => {
      expect();
      this.#parts.server.pass(frame.buffer, frame.start, frame.end);
    });
  }
}
