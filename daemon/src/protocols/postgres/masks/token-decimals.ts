import { type Decimal, numeric as form } from './number-forms.ts';
import type { Domain } from './token-domains.ts';

/**
 * The scale of a number stays, the sign does not, and neither do the digits: values below 10^14 (their last digit shown
 * being 1) have tokens of up to 15 digits, which a double holds exactly, and larger ones have 15 more for each class.
 *
 * There are more tokens than values, because none with a fraction ends in 0: such a token would lose its last digit, and
 * with it its scale, in a client that reads it as a number. What is no token is told for most guesses.
 */
const digitsOfToken = 15;
const classes = 7;

const tenTo = (digits: number): bigint => 10n ** BigInt(digits);
/** Values of a class are smaller than this and not smaller than that of the class below. */
const endOfValues = Array.from({ length: classes }, (_, of) => tenTo(digitsOfToken * (of + 1) - 1));

/** Magnitudes that do not end in 0, counted from 1. */
const fractions = {
  rank: (magnitude: bigint): bigint => (magnitude / 10n) * 9n + (magnitude % 10n) - 1n,
  nth: (rank: bigint): bigint => (rank / 9n) * 10n + (rank % 9n) + 1n,
  /** How many are below a power of ten. */
  below: (end: bigint): bigint => (end / 10n) * 9n,
};
const integers = {
  rank: (magnitude: bigint): bigint => magnitude,
  nth: (rank: bigint): bigint => rank,
  below: (end: bigint): bigint => end,
};

interface Tokens {
  readonly kind: typeof integers;
  readonly first: bigint;
  /** Each magnitude with both signs; 0 has none, and its place among the negative ones is left out. */
  readonly size: bigint;
}

function tokensOf(of: number, scale: number): Tokens {
  const kind = scale > 0 ? fractions : integers;
  const first = of === 0 ? 0n : kind.below(tenTo(digitsOfToken * of));
  const size = 2n * (kind.below(tenTo(digitsOfToken * (of + 1))) - first);
  return { kind, first, size: hasZero(of, scale) ? size - 1n : size };
}

const hasZero = (of: number, scale: number): boolean => of === 0 && scale === 0;

/** 0, 1, -1, 2, -2, … where 0 is among them, else 0, -0, 1, -1, … of what is counted from 0. */
function signedPlace(rank: bigint, negative: boolean, zero: boolean): bigint {
  if (!zero) return 2n * rank + (negative ? 1n : 0n);
  return rank === 0n ? 0n : 2n * rank - (negative ? 0n : 1n);
}
function rankAt(place: bigint, zero: boolean): { readonly rank: bigint; readonly negative: boolean } {
  if (!zero) return { rank: place / 2n, negative: place % 2n === 1n };
  return { rank: (place + 1n) / 2n, negative: place > 0n && place % 2n === 0n };
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);
const signed = (magnitude: bigint, negative: boolean): bigint => (negative ? -magnitude : magnitude);
const partOf = (of: number): string => `numeric ${of}`;
const classOf = (part: string): number => Number(part.slice('numeric '.length));

export const numeric: Domain<Decimal> = {
  form,
  ofValue: ({ unscaled, scale }) => {
    const magnitude = size(unscaled);
    const of = endOfValues.findIndex((end) => magnitude < end);
    if (of === -1) return undefined;
    const index = signedPlace(magnitude, unscaled < 0n, true);
    return { part: partOf(of), size: tokensOf(of, scale).size, index, tweak: scale };
  },
  toValue: ({ part, index, tweak = 0 }) => {
    const of = classOf(part);
    const { rank, negative } = rankAt(index, true);
    const fits = rank < (endOfValues[of] ?? 0n) && (of === 0 || rank >= (endOfValues[of - 1] ?? 0n));
    return fits ? { unscaled: signed(rank, negative), scale: tweak } : undefined;
  },
  ofToken: ({ unscaled, scale }) => {
    const magnitude = size(unscaled);
    const of = Math.floor((String(magnitude).length - 1) / digitsOfToken);
    if (of >= classes || (scale > 0 && magnitude % 10n === 0n)) return undefined;
    const { kind, first, size: all } = tokensOf(of, scale);
    const index = signedPlace(kind.rank(magnitude) - first, unscaled < 0n, hasZero(of, scale));
    return { part: partOf(of), size: all, index, tweak: scale };
  },
  toToken: ({ part, index, tweak = 0 }) => {
    const of = classOf(part);
    const { kind, first } = tokensOf(of, tweak);
    const { rank, negative } = rankAt(index, hasZero(of, tweak));
    return { unscaled: signed(kind.nth(rank + first), negative), scale: tweak };
  },
};
