import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { MaskedOrigin } from './flows.ts';
import type { Masks } from './masks.ts';

/** Why a statement cannot be sent on, in the parts of a denial. */
export interface Refusal {
  readonly kind: 'refused';
  readonly message: string;
  /** Where the mask is written. */
  readonly detail?: string;
  readonly hint: string;
}

function placeOf({ policy, location }: AppliedMask): string {
  return `${location.file}:${location.line} (mask of policy ${policy})`;
}

/** @param happens What would come of it, as the end of the sentence. */
export function refuse(
  masked: MaskedOrigin | 'anything',
  masks: Masks,
  happens: string,
  hint: string,
): Refusal {
  if (masked === 'anything') {
    return {
      kind: 'refused',
      message: `Gatehouse cannot tell whether masked columns are behind a value here, and ${happens}`,
      hint,
    };
  }
  const { origin, mask } = masked;
  return refuseNamed(masks.nameOf(origin), mask, happens, hint);
}

/** @param name of the column, for people */
export function refuseNamed(name: string, mask: AppliedMask, happens: string, hint: string): Refusal {
  return {
    kind: 'refused',
    message: `Gatehouse: ${name} is masked (${mask.with}), and ${happens}`,
    detail: placeOf(mask),
    hint,
  };
}
