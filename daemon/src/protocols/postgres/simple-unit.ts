import { ProtocolFault } from '../../core/faults.ts';
import type { Asked, Denial } from '../../core/passage.ts';
import type { Frame } from './client-units.ts';
import { changedWhileHeld } from './denial.ts';
import { malformedReading, type Reading } from './reading.ts';
import type { Denied, Granted, UnitParts } from './unit-parts.ts';
import { decodeFunctionCall, decodeQuery } from './wire/frontend-messages.ts';

/** A Query or FunctionCall: one message, one request, answered up to ReadyForQuery. */
export type SimplePlan = Denied | { readonly kind: 'granted'; readonly send: () => void };

/** Decide a simple query, all of its statements as one request. */
export async function planQuery(frame: Frame, parts: UnitParts): Promise<SimplePlan> {
  const { statements, masks, replies, server } = parts;
  const reading = await readable(frame, parts, () =>
    statements.read(decodeQuery(frame.buffer, frame.start, frame.end), { canProbe: true }),
  );
  return pass(parts, reading, [reading.request.text], {
    refusal: (granted) => masks.refusal(reading, granted.decision.masks),
    unchanged: () => statements.unchanged(undefined, reading, { canProbe: true }),
    send: (granted) => {
      const run = parts.run(granted, reading);
      const result = masks.forQuery(reading, granted.decision.masks);
      let index = 0;
      statements.planned(reading);
      run.start();
      replies.expect({
        kind: 'query',
        run,
        tag: '',
        copiesIn: reading.copiesIn,
        masker: () => result.rewriter,
        sample: (buffer, start, end) => result.sample(buffer, start, end),
        learn: (fields) => {
          result.learn(fields);
          run.columns = fields.map((field) => field.name);
        },
        done(tag) {
          this.tag = tag;
          statements.completed(reading, index++);
        },
      });
      server.pass(frame.buffer, frame.start, frame.end);
    },
  });
}

/** Decide a FunctionCall message. */
export async function planCall(frame: Frame, parts: UnitParts): Promise<SimplePlan> {
  const { statements, masks, replies, server } = parts;
  const reading = await readable(frame, parts, () =>
    statements.readCall(decodeFunctionCall(frame.buffer, frame.start, frame.end)),
  );
  const exact = [reading.request.text, frame.buffer.subarray(frame.start, frame.end)];
  return pass(parts, reading, exact, {
    refusal: (granted) => masks.refuseCall(granted.decision.masks),
    send: (granted) => {
      const run = parts.run(granted, reading);
      statements.planned(reading);
      run.start();
      replies.expect({ kind: 'call', run });
      server.pass(frame.buffer, frame.start, frame.end);
    },
  });
}

async function readable(frame: Frame, parts: UnitParts, read: () => Promise<Reading>): Promise<Reading> {
  if (frame.oversized) return parts.statements.oversized(frame);
  try {
    return await read();
  } catch (fault) {
    if (fault instanceof ProtocolFault && fault.code === 'malformed') return malformedReading(fault.message);
    throw fault;
  }
}

interface Steps {
  /** Why it cannot be sent on although it is granted. */
  readonly refusal: (granted: Granted) => Denial | undefined;
  readonly send: (granted: Granted) => void;
  /** Whether it still means what was decided. Asked when a person took their time. */
  readonly unchanged?: () => Promise<boolean>;
}

async function pass(
  parts: UnitParts,
  reading: Reading,
  exact: Asked['exact'],
  { refusal, send, unchanged }: Steps,
): Promise<SimplePlan> {
  const passage = await parts.pass({ request: reading.request, exact });
  if (passage.kind === 'refused') return { kind: 'denied', denial: passage.denial };
  const waited = passage.decision.effect === 'approve' && unchanged !== undefined;
  const denial = waited && !(await unchanged()) ? changedWhileHeld : refusal(passage);
  if (denial !== undefined) {
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
