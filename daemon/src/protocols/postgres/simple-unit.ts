import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { shapeOf } from '@gatehouse/policy-schema/vocabulary/sql/postgres/shape.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { ProtocolFault } from '../../core/faults.ts';
import type { Asked } from '../../core/passage.ts';
import type { Frame } from './client-units.ts';
import { changedWhileHeld } from './denial.ts';
import { turnedText } from './mask-verdict.ts';
import { unbound } from './probe.ts';
import { malformedReading, type Reading } from './reading.ts';
import type { Denied, Granted, UnitParts } from './unit-parts.ts';
import { decodeFunctionCall, decodeQuery, encodeQuery } from './wire/frontend-messages.ts';

/** A Query or FunctionCall, read: one message, one request, answered up to ReadyForQuery. */
export interface SimpleUnit {
  readonly reading: Reading;
  readonly asked: Omit<Asked, 'request'>;
  /** Why it cannot be sent on although it is granted. */
  readonly send: (granted: Granted) => void;
  /** Whether it still means what was decided. Asked when a person took their time. */
  readonly unchanged?: () => Awaitable<boolean>;
}

export type SimplePlan = Denied | { readonly kind: 'granted'; readonly send: () => void };

/** Read a simple query, all of its statements as one request. */
export function readQuery(frame: Frame, parts: UnitParts): Awaitable<SimpleUnit> {
  const read = readable(frame, parts, () =>
    parts.statements.read(decodeQuery(frame.buffer, frame.start, frame.end), { canProbe: true }),
  );
  return read instanceof Promise
    ? read.then((reading) => queryUnit(frame, reading, parts))
    : queryUnit(frame, read, parts);
}

function queryUnit(frame: Frame, reading: Reading, parts: UnitParts): SimpleUnit {
  const { statements, masks, plans, replies, server } = parts;
  const refusal = (decision: Decision) => masks.refusal(reading, decision.masks, { canProbe: true });
  const sent = (decision: Decision) => turnedText(reading, masks.verdict(reading, decision.masks));
  const questions = plans.questions(reading, {
    canAsk: true,
    exact: (decision) => unbound(sent(decision)?.text ?? reading.request.text),
  });
  return {
    reading,
    asked: {
      exact: [reading.request.text],
      shape: () => shapeOf(reading.request.text)?.key ?? reading.request.text,
      refusal,
      ...questions,
    },
    unchanged: () => statements.unchanged(undefined, reading, { canProbe: true }),
    send: (granted) => {
      const run = parts.run(granted, reading);
      const verdict = masks.verdict(reading, granted.decision.masks);
      const text = sent(granted.decision);
      const result = masks.forQuery(verdict);
      let index = 0;
      plans.ran(statements.planned(reading), reading);
      run.start();
      replies.expect({
        kind: 'query',
        run,
        text,
        tag: '',
        copiesIn: reading.copiesIn,
        masker: () => result.rewriter,
        sample: (buffer, start, end) => result.sample(buffer, start, end),
        learn: (fields) => {
          result.learn(fields, index);
          run.columns = fields.map((field) => field.name);
        },
        done(tag) {
          this.tag = tag;
          statements.completed(reading, index++, text);
        },
      });
      if (text === undefined) server.pass(frame.buffer, frame.start, frame.end);
      else server.write(encodeQuery(text.text));
    },
  };
}

/** Read a FunctionCall message. */
export async function readCall(frame: Frame, parts: UnitParts): Promise<SimpleUnit> {
  const { statements, masks, plans, replies, server } = parts;
  const reading = await readable(frame, parts, () =>
    statements.readCall(decodeFunctionCall(frame.buffer, frame.start, frame.end)),
  );
  return {
    reading,
    asked: {
      exact: [reading.request.text, frame.buffer.subarray(frame.start, frame.end)],
      refusal: (decision) => masks.refuseCall(decision.masks),
    },
    send: (granted) => {
      const run = parts.run(granted, reading);
      plans.ran(statements.planned(reading), reading);
      run.start();
      replies.expect({ kind: 'call', run });
      server.pass(frame.buffer, frame.start, frame.end);
    },
  };
}

function readable(frame: Frame, parts: UnitParts, read: () => Awaitable<Reading>): Awaitable<Reading> {
  if (frame.oversized) return parts.statements.oversized(frame);
  try {
    return read();
  } catch (fault) {
    if (fault instanceof ProtocolFault && fault.code === 'malformed') return malformedReading(fault.message);
    throw fault;
  }
}

/** Decide what was read. Nothing is sent here. */
export async function decideSimple(unit: SimpleUnit, parts: UnitParts): Promise<SimplePlan> {
  const { reading, asked, send, unchanged } = unit;
  const passage = await parts.pass({ request: reading.request, ...asked });
  if (passage.kind === 'refused') return { kind: 'denied', denial: passage.denial };
  const waited = passage.decision.effect === 'approve' && unchanged !== undefined;
  if (waited && !(await unchanged())) {
    const denial = changedWhileHeld;
    parts.run(passage, reading).settle('cut', { error: { code: '42501', message: denial.message } });
    return { kind: 'denied', denial };
  }
  return {
    kind: 'granted',
    send: () => {
      passage.permit.spend();
      send(passage);
    },
  };
}
