import type { AnyCheck } from '../check.ts';
import { caseDiffers } from './case-differs/check.ts';
import { harmlessFunctionSelected } from './harmless-function-selected/check.ts';
import { impossibleComparison } from './impossible-comparison/check.ts';
import { selectorWithoutAction } from './selector-without-action/check.ts';
import { timestampInThePast } from './timestamp-in-the-past/check.ts';
import { unknownBuiltinFunction } from './unknown-builtin-function/check.ts';
import { unknownGroup } from './unknown-group/check.ts';
import { unknownLabelValue } from './unknown-label-value/check.ts';
import { unknownLiteral } from './unknown-literal/check.ts';
import { unknownObject } from './unknown-object/check.ts';
import { unknownResource } from './unknown-resource/check.ts';

/** The checks of this family, in the order of their codes. */
export const correctnessChecks: readonly AnyCheck[] = [
  caseDiffers,
  harmlessFunctionSelected,
  impossibleComparison,
  selectorWithoutAction,
  timestampInThePast,
  unknownBuiltinFunction,
  unknownGroup,
  unknownLabelValue,
  unknownLiteral,
  unknownObject,
  unknownResource,
];
