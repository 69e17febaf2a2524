import type { AnyCheck } from '../check.ts';
import { bidiCharacter } from './bidi-character/check.ts';
import { controlCharacter } from './control-character/check.ts';
import { fullwidthCharacter } from './fullwidth-character/check.ts';
import { invisibleCharacter } from './invisible-character/check.ts';
import { lookAlikeNames } from './look-alike-names/check.ts';
import { mixedScriptName } from './mixed-script-name/check.ts';
import { typographicCharacter } from './typographic-character/check.ts';
import { unusualSpace } from './unusual-space/check.ts';

/** The checks of this family, in the order of their codes. */
export const confusablesChecks: readonly AnyCheck[] = [
  bidiCharacter,
  controlCharacter,
  fullwidthCharacter,
  invisibleCharacter,
  lookAlikeNames,
  mixedScriptName,
  typographicCharacter,
  unusualSpace,
];
