import type { AnyCheck } from '../check.ts';
import { caseDiffers } from './case-differs/check.ts';
import { harmlessFunctionSelected } from './harmless-function-selected/check.ts';
import { selectorWithoutAction } from './selector-without-action/check.ts';
import { unknownBuiltinFunction } from './unknown-builtin-function/check.ts';
import { unknownGroup } from './unknown-group/check.ts';
import { unknownObject } from './unknown-object/check.ts';
import { unknownResource } from './unknown-resource/check.ts';

/** The checks of this family, in the order of their codes. */
export const correctnessChecks: readonly AnyCheck[] = [
  caseDiffers,
  harmlessFunctionSelected,
  selectorWithoutAction,
  unknownBuiltinFunction,
  unknownGroup,
  unknownObject,
  unknownResource,
];
