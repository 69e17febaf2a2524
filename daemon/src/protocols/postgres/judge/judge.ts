import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { showsTheSame } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import type { Lineage, Operand } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { Withheld } from '../run.ts';
import { contentOf, touchesMasked } from './flows.ts';
import type { Masks } from './masks.ts';
import { type MaskedOperand, refusedMention } from './operands.ts';
import { judgeUse } from './uses.ts';
import { type Refusal, refuse } from './words.ts';
import { judgeWrite } from './writes.ts';

/**
 * What becomes of one result column.
 * - `mask`: its values are those of a column under this mask.
 * - `constant`: each value is the same, NULL too: whoever chooses what is computed with a masked value could read it
 *   from a hash, a part, or from whether there is a value at all.
 */
export type ColumnMask =
  | { readonly kind: 'mask'; readonly mask: AppliedMask }
  | { readonly kind: 'constant' }
  /** A line of a plan, which tells how long values are on average. */
  | { readonly kind: 'plan' };

export type Columns =
  /** One for each; undefined: it passes as it is. */
  | { readonly kind: 'told'; readonly masks: readonly (ColumnMask | undefined)[] }
  /** The rows hold no values of tables. */
  | { readonly kind: 'plain' }
  /** The rows are lines of a plan. */
  | { readonly kind: 'plan' }
  /** Nothing is known of them: every one is constant. */
  | { readonly kind: 'unknown' };

export interface Plan {
  readonly kind: 'plan';
  readonly columns: Columns;
  /** Values of the client that must be looked at, and some turned back, before the statement goes on. */
  readonly operands: readonly MaskedOperand[];
  /** Masked columns are read, compared or written, so that errors may carry their values. */
  readonly withheld: Withheld;
}

export interface JudgeOptions {
  /** It is a PREPARE, whose text is kept in pg_prepared_statements only, which lineage takes to be anything. */
  readonly prepares: boolean;
  /** It is a DO block. */
  readonly isBlock: boolean;
  /** It calls functions of users, in a view perhaps, whose results the planner may put into a plan as constants. */
  readonly callsCode: boolean;
}

/**
 * Whether a statement may run under masks, and what its result must be masked by. Pure.
 * @param masks those that are in force, which are not none
 */
export function judge(lineage: Lineage, masks: Masks, options: JudgeOptions): Refusal | Plan {
  if (lineage.code && options.isBlock) {
    return refuse('anything', masks, 'a DO block could put them anywhere', 'Send its statements one by one.');
  }
  const operands: MaskedOperand[] = [];
  for (const verdict of [
    ...lineage.uses.map((use) => judgeUse(use, masks)),
    ...lineage.writes.map((write) => judgeWrite(write, masks)),
  ]) {
    if (verdict.kind === 'refused') return verdict;
    operands.push(...verdict.operands);
  }
  return (
    refusedForm(lineage, masks) ??
    refusedMention(lineage, operands, masks) ??
    refusedText(lineage, operands, masks, options) ?? {
      kind: 'plan',
      columns: columnsOf(lineage, masks, options),
      operands,
      withheld: lineage.code ? 'all' : touches(lineage, masks) ? 'values' : 'nothing',
    }
  );
}

/** Rows of COPY are one text each, which nobody takes apart here. */
function refusedForm({ form, columns, code }: Lineage, masks: Masks): Refusal | undefined {
  if (form !== 'copy') return undefined;
  const happens = 'COPY would give it out, whose rows cannot be masked';
  const hint = 'Read it with SELECT, which masks it, or COPY only columns that are not masked.';
  for (const column of columns) {
    const content = contentOf(column, masks);
    if (content.kind === 'anything') return refuse('anything', masks, happens, hint);
    if (content.kind !== 'clean') return refuse(content.masked[0], masks, happens, hint);
  }
  return code ? refuse('anything', masks, happens, hint) : undefined;
}

/** A token that is turned back stands in the text as what it means: it must not be kept where it can be read. */
function refusedText(
  { form, keepsText }: Lineage,
  operands: readonly MaskedOperand[],
  masks: Masks,
  { prepares }: JudgeOptions,
): Refusal | undefined {
  if (form !== 'plan' && (!keepsText || prepares)) return undefined;
  const turned = operands.find(({ mask, operand }) => {
    // A plan shows the values of parameters, too.
    return mask.with === 'tokenize' && (form === 'plan' || operand.kind !== 'parameter');
  });
  if (turned === undefined) return undefined;
  const { column, mask } = turned;
  const happens = 'the value of its token would be kept in a text that can be read';
  const hint = 'Leave the comparison with a token out, or run the statement itself.';
  return refuse({ origin: { ...column, how: 'copy' }, mask }, masks, happens, hint);
}

function columnsOf(lineage: Lineage, masks: Masks, { callsCode }: JudgeOptions): Columns {
  const { form, columns, code } = lineage;
  switch (form) {
    case 'rows':
      return code
        ? { kind: 'unknown' }
        : { kind: 'told', masks: columns.map((each) => columnMask(each, masks)) };
    case 'plan':
      return code || callsCode || mayBeAnything(lineage) ? { kind: 'unknown' } : { kind: 'plan' };
    case 'copy':
    case 'none':
      // Rows that come all the same are those of rules that stand in the statement's place.
      return code ? { kind: 'unknown' } : { kind: 'told', masks: [] };
    case 'unknown':
      return { kind: 'unknown' };
  }
}

function columnMask(column: Lineage['columns'][number], masks: Masks): ColumnMask | undefined {
  const content = contentOf(column, masks);
  switch (content.kind) {
    case 'clean':
      return undefined;
    case 'copies': {
      const [{ mask }, ...others] = content.masked;
      return others.every((each) => showsTheSame(each.mask, mask))
        ? { kind: 'mask', mask }
        : { kind: 'constant' };
    }
    case 'mixed':
    case 'anything':
      return { kind: 'constant' };
  }
}

function mayBeAnything({ columns }: Lineage): boolean {
  return columns.some(({ anything }) => anything);
}

function touches({ form, columns, uses, writes }: Lineage, masks: Masks): boolean {
  const reads = (operand: Operand) => operand.kind === 'value' && touchesMasked(operand.flow, masks);
  return (
    form === 'unknown' ||
    columns.some((each) => touchesMasked(each, masks)) ||
    uses.some(
      (use) => touchesMasked(use.value, masks) || (use.kind === 'equality' && use.with.some(reads)),
    ) ||
    writes.some(
      ({ target, value }) =>
        reads(value) ||
        // An error quotes the whole row that it failed on.
        (target !== undefined && masks.of({ ...target, attribute: 0 }).length > 0),
    )
  );
}
