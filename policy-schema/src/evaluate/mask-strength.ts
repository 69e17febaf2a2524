/** Which of two masks hides more, for masks that meet on one column and for changes of a policy. */
import type { MaskKind, TimeStep } from '../model/policy.ts';
import type { AppliedMask } from './decision.ts';

/** What a mask makes of values, whatever columns it is on. */
export interface MaskForm {
  readonly with: MaskKind;
  readonly keep?: { readonly first: number; readonly last: number } | undefined;
  readonly step?: number | TimeStep | undefined;
  readonly harmless?: readonly string[] | undefined;
  readonly writable?: true | undefined;
  readonly tokens?: string | undefined;
}

/** Whether both make the same of every value. */
export function showsTheSame(a: MaskForm, b: MaskForm): boolean {
  return (
    a.with === b.with &&
    (a.keep?.first ?? 0) === (b.keep?.first ?? 0) &&
    (a.keep?.last ?? 0) === (b.keep?.last ?? 0) &&
    a.step === b.step &&
    a.tokens === b.tokens
  );
}

/**
 * `null` hides more than `redact`, which hides more than all others. Two others do not compare, nor do two of one kind
 * with other ends or steps, or tokens of other sets: what one of them makes NULL, the other may show. Fewer characters at the ends, say, still
 * show a text that is too short for more of them.
 */
function kindHidesAsMuch(a: MaskForm, b: MaskForm): boolean {
  return showsTheSame(a, b) || a.with === 'null' || (a.with === 'redact' && b.with !== 'null');
}

/** What becomes of equal values is equal, so that whoever may write can try values. */
function isCompared({ with: kind }: MaskForm): boolean {
  return kind === 'tokenize' || kind === 'hash';
}

/** Whether `mask` shows nothing that `than` does not show. */
export function hidesAsMuch(mask: MaskForm, than: MaskForm): boolean {
  const { harmless = [] } = than;
  return (
    kindHidesAsMuch(mask, than) &&
    (mask.writable === undefined || than.writable === true || !isCompared(mask)) &&
    (mask.harmless ?? []).every((name) => harmless.includes(name))
  );
}

function bothHidden(a: AppliedMask, b: AppliedMask): AppliedMask {
  if (hidesAsMuch(a, b)) return a;
  if (hidesAsMuch(b, a)) return b;
  const { columns, policy, location } = a;
  const redacted: AppliedMask = { columns, with: 'redact', policy, location };
  const {
    harmless: _,
    writable: __,
    ...form
  } = kindHidesAsMuch(a, b) ? a : kindHidesAsMuch(b, a) ? b : redacted;
  const harmless = (a.harmless ?? []).filter((name) => b.harmless?.includes(name));
  const isWritable = a.writable === true && b.writable === true && isCompared(form);
  return {
    ...form,
    ...(harmless.length === 0 ? {} : { harmless }),
    ...(isWritable ? { writable: true } : {}),
  };
}

/**
 * One mask that hides as much as each of `masks`, whatever their order: of two that do not compare, `redact`, with the
 * functions that both call harmless. Undefined: there is none.
 */
export function strictestMask(masks: readonly AppliedMask[]): AppliedMask | undefined {
  return masks.reduce<AppliedMask | undefined>(
    (most, mask) => (most === undefined ? mask : bothHidden(most, mask)),
    undefined,
  );
}

/** A mask in few words: its kind, and what belongs to it. */
export function maskWords({ with: kind, keep, step, harmless = [], writable, tokens }: MaskForm): string {
  const ends = keep === undefined ? '' : ` that keeps ${keep.first} and ${keep.last}`;
  const width = step === undefined ? '' : ` of ${step}`;
  const passing = harmless.length === 0 ? '' : ` but for ${harmless.join(', ')}`;
  const set = tokens === undefined ? '' : ` of the set ${tokens}`;
  return `${kind}${ends}${width}${set}${passing}${writable === true ? ', writable' : ''}`;
}
