import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import type { Denial } from '../../core/passage.ts';
import { refusedText, turnedText } from './mask-verdict.ts';
import type { Reading } from './reading.ts';
import type { JudgeParts, ResultMasks } from './result-masks.ts';
import type { Prepared } from './session-state.ts';

/** A prepared statement under the masks of a decision. */
export interface MaskedStatement extends JudgeParts {
  readonly prepared: Prepared;
  readonly reading: Reading;
  readonly masks: readonly AppliedMask[];
  /** Its Parse was not sent yet, so that its text may still be chosen. */
  readonly isNew: boolean;
}

/**
 * Hold a prepared statement against masks before it is parsed or bound. What comes back is why it cannot be bound; it
 * could still be parsed, as the client wrote it, which shows nothing.
 */
export function settleStatement(
  results: ResultMasks,
  { prepared, reading, masks, isNew, ...parts }: MaskedStatement,
): Awaitable<Denial | undefined> {
  const settle = (denial: Denial | undefined): Denial | undefined => {
    if (denial !== undefined) return denial;
    const text = turnedText(reading, results.verdict(reading, masks));
    if (!isNew) return refusedText(prepared, text);
    if (text !== undefined) prepared.sent = text;
    return undefined;
  };
  const refusal = results.refusal(reading, masks, { ...parts, prepared });
  return refusal instanceof Promise ? refusal.then(settle) : settle(refusal);
}
