import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Flow, Use } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import { type Content, contentOf, type MaskedOrigin } from './flows.ts';
import type { Masks } from './masks.ts';
import { isGiven, type MaskedOperand } from './operands.ts';
import { type Refusal, refuse } from './words.ts';

type Verdict = Refusal | { readonly kind: 'passes'; readonly operands: readonly MaskedOperand[] };

const passes: Verdict = { kind: 'passes', operands: [] };

const chooseOtherwise =
  'Choose rows by another column, or ask for `with: tokenize` in the policy, under which equality is allowed.';

/** Whether a place where values decide about something tells of masked ones. */
export function judgeUse(use: Use, masks: Masks): Verdict {
  switch (use.kind) {
    case 'equality':
      return judgeEquality(use, masks);
    case 'grouping':
      return judgeGrouping(use, masks);
    case 'condition':
      return (
        refusalOf(
          contentOf(use.value, masks),
          masks,
          `${use.place} would tell what it holds`,
          chooseOtherwise,
        ) ?? passes
      );
    case 'risk': {
      const happens = `the ${use.place} ${use.by} may fail or act by what it holds`;
      const hint = 'Select the column by itself, and compute with the masked value on your side.';
      return refusalOf(contentOf(use.value, masks), masks, happens, hint) ?? passes;
    }
  }
}

function judgeEquality(use: Extract<Use, { kind: 'equality' }>, masks: Masks): Verdict {
  const { place, value, with: others } = use;
  const flows: readonly Flow[] = [
    value,
    ...others.flatMap((each) => (each.kind === 'value' ? [each.flow] : [])),
  ];
  const contents = flows.map((flow) => contentOf(flow, masks));
  const copies: MaskedOrigin[] = [];
  for (const content of contents) {
    if (content.kind === 'clean') continue;
    const refusal = refusalOf(content, masks, `${place} would tell what it holds`, chooseOtherwise);
    if (content.kind !== 'copies') return refusal ?? passes;
    copies.push(...content.masked);
  }
  const [first] = copies;
  if (first === undefined) return passes;
  const told = `${place} would tell what it holds`;
  const { mask, origin } = first;
  const odd = copies.find((each) => !areComparable(each.mask, mask));
  if (odd !== undefined)
    return refuse(odd, masks, `${place} compares it with a column of another mask`, chooseOtherwise);
  if (mask.with !== 'tokenize' && mask.with !== 'hash') return refuse(first, masks, told, chooseOtherwise);
  if (contents.some(({ kind }) => kind === 'clean')) {
    const hint = `Compare it with NULL${mask.with === 'tokenize' ? ', a token, a parameter' : ''} or another column under the same mask.`;
    return refuse(
      first,
      masks,
      `${place} compares it with a value that is not masked, which may be a guess`,
      hint,
    );
  }
  const given = others.filter(isGiven);
  if (given.length > 0 && mask.with === 'hash') return refuse(first, masks, told, chooseOtherwise);
  return {
    kind: 'passes',
    operands: given.map((operand) => ({ how: 'compared', operand, column: origin, mask })),
  };
}

/** Whether equal values are shown as equal ones anyway. */
function areComparable(a: AppliedMask, b: AppliedMask): boolean {
  return a.with === b.with && a.tokens === b.tokens;
}

function judgeGrouping(use: Extract<Use, { kind: 'grouping' }>, masks: Masks): Verdict {
  const content = contentOf(use.value, masks);
  const [first, ...others] = content.kind === 'copies' ? content.masked : [];
  if (first !== undefined) {
    const { with: kind } = first.mask;
    const isToken = kind === 'tokenize' || kind === 'hash';
    if (isToken && others.every(({ mask }) => areComparable(mask, first.mask))) return passes;
  }
  if (use.key && content.kind !== 'anything') return passes;
  const happens = `${use.place} would tell which of its values are equal`;
  const hint =
    'Group by another column or by the whole primary key, or ask for `with: tokenize` or `with: hash` in the policy.';
  return refusalOf(content, masks, happens, hint) ?? passes;
}

function refusalOf(content: Content, masks: Masks, happens: string, hint: string): Refusal | undefined {
  switch (content.kind) {
    case 'clean':
      return undefined;
    case 'anything':
      return refuse('anything', masks, happens, hint);
    case 'copies':
    case 'mixed':
      return refuse(content.masked[0], masks, happens, hint);
  }
}
