import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Flow, Origin } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { Masks } from './masks.ts';

export interface MaskedOrigin {
  readonly origin: Origin;
  readonly mask: AppliedMask;
}

/**
 * What a value shows of masked columns.
 * - `clean`: nothing.
 * - `copies`: it is the value of one of these columns as it stands there, and never anything else.
 * - `mixed`: it depends on masked columns in any other way; `masked` are those, at least one.
 * - `anything`: nobody knows.
 */
export type Content =
  | { readonly kind: 'clean' }
  | { readonly kind: 'copies' | 'mixed'; readonly masked: readonly [MaskedOrigin, ...MaskedOrigin[]] }
  | { readonly kind: 'anything' };

/** How many rows there are, and of how many values, does not tell the values. */
const alwaysHarmless = 'pg_catalog.count';

function isHarmless(origin: Origin, mask: AppliedMask): boolean {
  switch (origin.how) {
    case 'function':
      return origin.function === alwaysHarmless || mask.harmless?.includes(origin.function) === true;
    case 'null-test':
      return mask.with !== 'null';
    default:
      return false;
  }
}

export function contentOf({ origins, anything }: Flow, masks: Masks): Content {
  if (anything) return { kind: 'anything' };
  const masked: MaskedOrigin[] = [];
  let onlyCopies = true;
  for (const origin of origins) {
    const found = masks.of(origin);
    if (found === 'anything') {
      if (origin.how === 'function' && origin.function === alwaysHarmless) continue;
      return { kind: 'anything' };
    }
    for (const mask of found) if (!isHarmless(origin, mask)) masked.push({ origin, mask });
    // A row is no copy of one column, and beside an open value a masked one could be guessed.
    if (origin.how !== 'copy' || origin.attribute === 0 || found.length !== 1) onlyCopies = false;
  }
  const [first, ...others] = masked;
  if (first === undefined) return { kind: 'clean' };
  return { kind: onlyCopies ? 'copies' : 'mixed', masked: [first, ...others] };
}

/** Whether anything of masked columns goes into a value at all, harmless or not. */
export function touchesMasked({ origins, anything }: Flow, masks: Masks): boolean {
  return anything || origins.some((origin) => masks.of(origin).length > 0);
}
