import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type {
  BaseColumn,
  Lineage,
  Operand,
  Use,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { Masks } from './masks.ts';
import { type Refusal, refuse } from './words.ts';

/** A value that the client gave, in the text or beside it. */
export type Given = Extract<Operand, { kind: 'literal' | 'array-literal' | 'parameter' }>;

/**
 * A value of the client that meets a masked column.
 * - `compared`: under `tokenize` only. It must be a token and is turned back; anything else would be a guess.
 * - `written`: under `tokenize` a token is turned back. What a mask shows in the place of a value is refused under any.
 */
export interface MaskedOperand {
  readonly how: 'compared' | 'written';
  readonly operand: Given;
  readonly column: BaseColumn;
  readonly mask: AppliedMask;
}

/** Whether its token, if it is one, is to be turned back. */
function isTurned({ mask }: MaskedOperand): boolean {
  return mask.with === 'tokenize';
}

/**
 * A token that is turned back must be nothing but what meets masked columns: shown, or compared with anything else, it
 * would tell what it stands for.
 */
export function refusedMention(
  { uses, writes, exposedParameters }: Lineage,
  operands: readonly MaskedOperand[],
  masks: Masks,
): Refusal | undefined {
  const turned = operands.filter(isTurned);
  const meetings = [...uses.flatMap(operandsOf), ...writes.map(({ value }) => value)].filter(isGiven);
  for (const { operand, column, mask } of turned) {
    const isOpen =
      (operand.kind === 'parameter' && exposedParameters.includes(operand.number)) ||
      turned.filter((each) => isSame(each.operand, operand)).length !==
        meetings.filter((each) => isSame(each, operand)).length;
    if (!isOpen) continue;
    const what = operand.kind === 'parameter' ? `$${operand.number}` : 'its token';
    const happens = `${what} stands for its value in other places of the statement, too`;
    const hint = 'Give the value once more, as a parameter or constant of its own, for those places.';
    return refuse({ origin: { ...column, how: 'copy' }, mask }, masks, happens, hint);
  }
  return undefined;
}

/** The same place of the text, or the same parameter wherever it stands. */
function isSame(one: Given, other: Given): boolean {
  if (one.kind === 'parameter') return other.kind === 'parameter' && one.number === other.number;
  return other.kind !== 'parameter' && one.start === other.start;
}

function operandsOf(use: Use): readonly Operand[] {
  return use.kind === 'equality' ? use.with : [];
}

export function isGiven(operand: Operand): operand is Given {
  return operand.kind !== 'null' && operand.kind !== 'value';
}
