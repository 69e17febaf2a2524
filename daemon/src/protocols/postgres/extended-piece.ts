import type { AppliedMask, Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { shapeOf } from '@gatehouse/policy-schema/vocabulary/sql/postgres/shape.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { ProtocolFault } from '../../core/faults.ts';
import type { Asked, Denial, Passage } from '../../core/passage.ts';
import type { Frame } from './client-units.ts';
import type { Send } from './batch-pace.ts';
import { further, type Reach } from './batch-state.ts';
import { changedWhileHeld } from './denial.ts';
import { expectExecuted } from './expect-executed.ts';
import { settleStatement } from './masked-statement.ts';
import { readableParameters } from './parameters.ts';
import { changedPortal } from './portal-check.ts';
import { boundText } from './probe.ts';
import {
  malformedReading,
  missingPortal,
  missingStatement,
  type Reading,
  undecidableRequest,
} from './reading.ts';
import type { JudgeParts } from './result-masks.ts';
import type { PortalSlot, Prepared } from './session-state.ts';
import type { Denied, Granted, UnitParts } from './unit-parts.ts';
import { FrontendType } from './wire/codes.ts';
import {
  type Bind,
  decodeBind,
  decodeClose,
  decodeDescribe,
  decodeExecute,
  decodeParse,
  encodeDescribe,
  encodeParse,
  type Parse,
} from './wire/frontend-messages.ts';

export type PiecePlan =
  | Denied
  | {
      readonly kind: 'granted';
      /** To be called in order; each sends one message on and says what it expects. */
      readonly sends: readonly Send[];
      /** To be called instead, when nothing of it is sent on. */
      readonly withdrawals: readonly (() => void)[];
      readonly reached: Reach;
      /** Some statement reads COPY data from the client. */
      readonly copiesIn: boolean;
    };

export type GrantedPiece = Extract<PiecePlan, { kind: 'granted' }>;

/** One request of the piece, and what becomes of it once it is granted. */
interface Ask {
  readonly asked: Asked;
  readonly reading: Reading;
  /** A Parse of the unnamed statement. */
  readonly dropsUnnamed?: boolean;
  readonly grant: (passage: Granted) => void;
  /** Whether it still means what was decided. Asked when a person took their time. */
  readonly unchanged?: () => Awaitable<boolean>;
}

/**
 * Read the messages of a piece of a batch, decide every request in it, and say how to send it on. Nothing is sent
 * here, so that a batch with one denied statement does not run in part.
 * @param canProbe the server may be asked, see canAsk in batch-state.ts
 */
export function planPiece(frames: readonly Frame[], parts: UnitParts, canProbe: boolean): Promise<PiecePlan> {
  return new PiecePlanner(parts, canProbe).plan(frames);
}

class PiecePlanner {
  readonly #parts: UnitParts;
  readonly #canProbe: boolean;
  readonly #asks: Ask[] = [];
  readonly #sends: Send[] = [];
  readonly #withdrawals: (() => void)[] = [];
  /** Requests of Parse messages that no Bind of this piece has taken up, by statement name. */
  readonly #onlyParsed = new Map<string, Ask>();
  #reached: Reach = 'prepared';
  #copiesIn = false;

  constructor(parts: UnitParts, canProbe: boolean) {
    this.#parts = parts;
    this.#canProbe = canProbe;
  }

  async plan(frames: readonly Frame[]): Promise<PiecePlan> {
    for (const frame of frames) {
      const added = this.#add(frame);
      const refused = added instanceof Promise ? await added : added;
      if (refused !== undefined) {
        const passage = await this.#parts.pass({ request: refused, exact: [refused.text] });
        if (passage.kind === 'refused') return { kind: 'denied', denial: passage.denial };
        // An undecidable request is always refused; a gate that grants one is broken.
        throw new ProtocolFault('out-of-order', 'An undecidable request was granted.');
      }
    }
    return await this.#decide();
  }

  /** Take one message. A request comes back when it is refused whatever the policy says. */
  #add(frame: Frame): Awaitable<Request | undefined> {
    if (frame.oversized) return this.#parts.statements.oversized(frame).request;
    try {
      switch (frame.type) {
        case FrontendType.Parse:
          return this.#parse(frame);
        case FrontendType.Bind:
          return this.#bind(frame);
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

  async #decide(): Promise<PiecePlan> {
    const { pass, decide } = this.#parts;
    // With several requests, find a denied one first: the others need not be recorded as granted, nor held.
    const denied =
      this.#asks.length > 1
        ? this.#asks.find((ask) => decide(ask.asked.request).effect === 'deny')
        : undefined;
    const asks = denied === undefined ? this.#asks : [denied];
    const passing = asks.map((ask) => pass(ask.asked));
    const passages: Passage[] = [];
    for (const each of passing) passages.push(await each);
    const denials: (Denial | undefined)[] = [];
    for (const [index, passage] of passages.entries()) {
      const ask = asks[index];
      const waited = passage.kind === 'granted' && passage.decision.effect === 'approve';
      const changed = waited && (await ask?.unchanged?.()) === false;
      denials.push(passage.kind === 'refused' ? passage.denial : changed ? changedWhileHeld : undefined);
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
      reached: this.#reached,
      copiesIn: this.#copiesIn,
    };
  }

  #parse(frame: Frame): Awaitable<undefined> {
    const parse = decodeParse(frame.buffer, frame.start, frame.end);
    const read = this.#parts.statements.read(parse.query, { canProbe: this.#canProbe, single: true });
    return read instanceof Promise
      ? read.then((reading) => this.#parsed(frame, parse, reading))
      : this.#parsed(frame, parse, read);
  }

  #parsed(frame: Frame, { name, query, parameterTypes }: Parse, reading: Reading): undefined {
    const { state, statements, replies, server } = this.#parts;
    const prepared: Prepared = { name, text: query, parameterTypes };
    const judging = this.#judging();
    state.pendingStatements.set(name, prepared);
    const ask: Ask = {
      asked: {
        stage: 'prepare',
        request: reading.request,
        exact: [query],
        refusal: ({ masks }) => {
          const statement = { ...judging, prepared, reading, masks, isNew: true };
          const settled = settleStatement(this.#parts.masks, statement);
          // Nothing is shown before it is bound, and that will be refused.
          return settled instanceof Promise ? settled.then(() => undefined) : undefined;
        },
      },
      reading,
      dropsUnnamed: name === '',
      grant: (passage) => {
        passage.permit.spend();
        this.#parts.run(passage, reading).settle('completed');
      },
    };
    this.#asks.push(ask);
    this.#onlyParsed.set(name, ask);
    statements.batch.statements.renew(name);
    const parse = () => {
      const { sent } = prepared;
      replies.expect({ kind: 'parse', text: sent, done: () => state.prepared(prepared) });
      if (sent === undefined) server.pass(frame.buffer, frame.start, frame.end);
      else server.write(encodeParse(name, sent.text, parameterTypes));
    };
    this.#sends.push({ send: parse });
    return undefined;
  }

  #bind(frame: Frame): Awaitable<Request | undefined> {
    const bind = decodeBind(frame.buffer, frame.start, frame.end);
    const unsure = this.#parts.statements.sure(bind.statement, { canProbe: this.#canProbe });
    return unsure instanceof Promise
      ? unsure.then((told) => this.#bindSure(frame, bind, told))
      : this.#bindSure(frame, bind, unsure);
  }

  #bindSure(frame: Frame, bind: Bind, unsure: Undecidable | undefined): Awaitable<Request | undefined> {
    const prepared = this.#parts.state.statement(bind.statement);
    if (unsure !== undefined) return undecidableRequest(prepared?.text ?? '', unsure);
    if (prepared === undefined) return missingStatement(bind.statement);
    const read = this.#parts.statements.readPrepared(prepared, { canProbe: this.#canProbe });
    return read instanceof Promise
      ? read.then((reading) => this.#bound(frame, bind, prepared, reading))
      : this.#bound(frame, bind, prepared, read);
  }

  #bound(frame: Frame, bind: Bind, prepared: Prepared, reading: Reading): undefined {
    const { state, statements } = this.#parts;
    // The Bind speaks for its Parse: one statement, one request, one record.
    const parsed = this.#onlyParsed.get(bind.statement);
    if (parsed !== undefined) {
      this.#onlyParsed.delete(bind.statement);
      this.#asks.splice(this.#asks.indexOf(parsed), 1);
    }
    const slot: PortalSlot = { reading, boundAfter: statements.batch.ran, portal: undefined };
    const judging = this.#judging();
    const message = frame.buffer.subarray(frame.start, frame.end);
    let turned = message;
    const turn = (denial: Denial | undefined, masks: readonly AppliedMask[]): Denial | undefined => {
      if (denial !== undefined) return denial;
      const result = this.#parts.masks.turnedBind(
        message,
        this.#parts.masks.verdict(reading, masks),
        prepared,
      );
      if (!Buffer.isBuffer(result)) return result;
      turned = result;
      return undefined;
    };
    const refusal = ({ masks }: Pick<Decision, 'masks'>) => {
      const isNew = parsed !== undefined;
      const settled = settleStatement(this.#parts.masks, { ...judging, prepared, reading, masks, isNew });
      return settled instanceof Promise
        ? settled.then((denial) => turn(denial, masks))
        : turn(settled, masks);
    };
    this.#asks.push({
      asked: {
        request: reading.request,
        parameters: readableParameters(bind),
        exact: [reading.request.text, message],
        shape: () => shapeOf(reading.request.text)?.key ?? reading.request.text,
        refusal,
        ...this.#parts.plans.questions(reading, {
          ...{ canAsk: this.#canProbe, bound: { prepared, bind } },
          exact: () => boundText(prepared.sent?.text ?? reading.request.text, prepared, decodeBind(turned)),
        }),
      },
      reading,
      unchanged: () => statements.unchanged(prepared, reading, { canProbe: this.#canProbe, again: true }),
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
          verdict: this.#parts.masks.verdict(reading, passage.decision.masks),
          policyDigest: passage.decision.policyDigest,
          run,
        };
      },
    });
    this.#reached = further(this.#reached, 'bound');
    state.pendingPortals.set(bind.portal, slot);
    if (bind.portal !== '') statements.batch.cursors.add(bind.portal);
    this.#sends.push({ send: () => this.#sendBind(turned, slot) });
    return undefined;
  }

  /** What the judge of masks must know of this place in the batch. */
  #judging(): JudgeParts {
    const { batch } = this.#parts.statements;
    const isUnsureCursor = (name: string) => batch.cursors.has(name);
    return {
      canProbe: this.#canProbe,
      behind: { redefined: batch.redefined, ranCode: batch.ranCode, isUnsureCursor },
    };
  }

  #sendBind(message: Buffer, { portal }: PortalSlot): void {
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
        learn: (fields, parameters) => masks.learnStatement(prepared, { fields, parameters, version }),
      });
      server.write(encodeDescribe({ target: 'S', name: prepared.name }));
    }
    replies.expect({
      kind: 'bind',
      run: portal.run,
      text: prepared.sent,
      done: () => state.bound(portal),
    });
    server.pass(message, 0, message.length);
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
        learn: (fields, parameters) => {
          if (prepared !== undefined) masks.learnStatement(prepared, { fields, parameters, version });
          if (slot?.portal !== undefined) masks.learnPortal(slot.portal, fields);
        },
      });
    });
    return undefined;
  }

  #execute(frame: Frame): Awaitable<Request | undefined> {
    const { state } = this.#parts;
    const { portal: name } = decodeExecute(frame.buffer, frame.start, frame.end);
    const slot = state.slot(name);
    if (slot === undefined) return missingPortal(name, state.cursors.has(name));
    const unsure = changedPortal(name, slot, this.#parts, this.#canProbe);
    return unsure instanceof Promise
      ? unsure.then((told) => this.#executed(frame, slot, told))
      : this.#executed(frame, slot, unsure);
  }

  #executed(frame: Frame, slot: PortalSlot, unsure: Undecidable | undefined): Request | undefined {
    const { state, statements, plans } = this.#parts;
    if (unsure !== undefined) return undecidableRequest(slot.reading.request.text, unsure);
    const runs = statements.planned(slot.reading);
    plans.ran(runs, slot.reading);
    for (const { session } of runs) state.planned(session);
    this.#reached = 'executed';
    if (slot.reading.copiesIn) this.#copiesIn = true;
    this.#forward(frame, () => expectExecuted(slot, this.#parts), slot);
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

  /** @param slot of an Execute */
  #forward(frame: Frame, expect: () => void, slot?: PortalSlot): void {
    this.#sends.push({
      send: () => {
        expect();
        this.#parts.server.pass(frame.buffer, frame.start, frame.end);
      },
      ...(slot === undefined ? {} : { executes: { reading: slot.reading, run: () => slot.portal?.run } }),
    });
  }
}
