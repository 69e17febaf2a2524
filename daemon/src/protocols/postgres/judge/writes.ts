import type {
  BaseColumn,
  Flow,
  MadeColumn,
  Operand,
  Write,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import { contentOf, type MaskedOrigin } from './flows.ts';
import { ownValueHint, ownValueWords, takesOwnValues } from '../masks/met-operands.ts';
import type { Masks } from './masks.ts';
import type { MaskedOperand } from './operands.ts';
import { type Refusal, refuse, refuseNamed } from './words.ts';

type Verdict = Refusal | { readonly kind: 'passes'; readonly operands: readonly MaskedOperand[] };

/** Whether a value may be put where the statement puts it. */
export function judgeWrite(write: Write, masks: Masks): Verdict {
  const { target, made, value } = write;
  const passes: Verdict = { kind: 'passes', operands: [] };
  if (value.kind === 'null') return passes;
  if (made !== undefined && made.kind !== 'file') {
    const refusal = judgeMade(made, value, masks);
    if (refusal !== undefined || made.kind === 'shown') return refusal ?? passes;
  }
  if (value.kind === 'value') {
    const to = target === undefined ? `a new column ${made?.column ?? ''}`.trimEnd() : masks.nameOf(target);
    return judgeFlow(value.flow, write, to, masks) ?? judgeOwn(value.flow, target, masks) ?? passes;
  }
  const found = target === undefined ? [] : masks.of(target);
  if (target === undefined || found === 'anything') return passes;
  return {
    kind: 'passes',
    operands: found.map((mask) => ({ how: 'written', operand: value, column: target, mask })),
  };
}

/** Under a name that masks speak of, what the client has put there would be shown as tokens from then on. */
function judgeMade(made: MadeColumn, value: Operand, masks: Masks): Refusal | undefined {
  if (value.kind === 'value' && contentOf(value.flow, masks).kind !== 'clean') return undefined;
  const mask = masks.named(made).find((each) => !takesOwnValues(each));
  if (mask === undefined) return undefined;
  const { schema, name, column, temporary } = made;
  const relation = schema === undefined || temporary ? name : `${schema}.${name}`;
  if (column === '*') {
    return {
      ...refuseNamed(relation, mask, ownValueWords, 'Name the columns, or send the statements one by one.'),
      message: `Gatehouse cannot tell whether a column of ${relation} is masked (${mask.with}), where ${ownValueWords}`,
    };
  }
  const hint =
    'Give it a name that no mask speaks of, leave its default out, or ask for `writable: true` in the policy.';
  return refuseNamed(`${relation}.${column}`, mask, `there ${ownValueWords}`, hint);
}

/** A masked value stays under the very mask that it is under, and is not changed: it could be put together by pieces. */
function judgeFlow(flow: Flow, { target, checked }: Write, to: string, masks: Masks): Refusal | undefined {
  const content = contentOf(flow, masks);
  const hint =
    'Write values that you know, or copy the column as it is into one of the same table under the same mask, that no constraint, index or trigger looks at.';
  const happens = `its value would go into ${to}, which is not under the same mask`;
  switch (content.kind) {
    case 'clean':
      return undefined;
    case 'anything':
      return refuse('anything', masks, `the value would go into ${to}`, hint);
    case 'mixed': {
      const [first] = content.masked;
      const changed = target !== undefined && isUnder(first, target, masks);
      return refuse(first, masks, changed ? `what is computed from it would go into ${to}` : happens, hint);
    }
    case 'copies': {
      const loose = content.masked.find((each) => target === undefined || !isUnder(each, target, masks));
      if (loose !== undefined) return refuse(loose, masks, happens, hint);
      // A table that the client made has the checks that the client chose, which fail on the values that it asks about.
      // What the column itself held has passed before.
      const away = content.masked.find(
        ({ origin: { relation, attribute } }) =>
          relation !== target?.relation || (checked === true && attribute !== target.attribute),
      );
      return away === undefined
        ? undefined
        : refuse(away, masks, `whether ${to} takes its value would tell of it`, hint);
    }
  }
}

/** What is made of nothing in the database is the client's own, and so a guess that it could compare. */
function judgeOwn(flow: Flow, target: BaseColumn | undefined, masks: Masks): Refusal | undefined {
  if (target === undefined || contentOf(flow, masks).kind !== 'clean') return undefined;
  const found = masks.of(target);
  if (found === 'anything') return undefined;
  const mask = found.find((each) => !takesOwnValues(each));
  if (mask === undefined) return undefined;
  const origin = { ...target, how: 'copy' } as const;
  return refuse({ origin, mask }, masks, ownValueWords, ownValueHint(mask.with === 'tokenize'));
}

/** The target has exactly this mask, and is one column. */
function isUnder({ mask }: MaskedOrigin, target: BaseColumn, masks: Masks): boolean {
  const found = masks.of(target);
  return target.attribute !== 0 && found !== 'anything' && found.length === 1 && found[0] === mask;
}
