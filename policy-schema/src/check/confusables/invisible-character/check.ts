import type { Check } from '../../check.ts';
import { codePoint, placesOf, put } from '../characters.ts';

const remove = 'Remove it';

const invisible =
  /(?:[\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e00ff}]|\u034f|\u17b4|\u17b5|\p{Variation_Selector})+/gu;
/** Scripts in which joiners are part of how a word is written. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]/u;

/** Joiners and variation selectors that belong to a picture or a word. */
function belongs(run: string, before: string, after: string): boolean {
  if (/^[\u200d\ufe0e\ufe0f]+$/.test(run)) {
    return /[\p{Extended_Pictographic}\p{Emoji_Modifier}#*0-9]$/u.test(before);
  }
  return /^[\u200c\u200d]$/.test(run) && joining.test(before) && joining.test(after);
}

export const invisibleCharacter: Check<'text'> = {
  code: 'invisible-character',
  family: 'confusables',
  severity: 'warning',
  title: 'A character that nobody sees, so that a name is not the one it looks like.',
  unit: 'text',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check(source, report) {
    const { text } = source;
    for (const place of placesOf(text, invisible)) {
      // A byte order mark in front of a file is the editor's.
      if (place.start === 0 && place.text === '\ufeff') continue;
      if (
        belongs(
          place.text,
          text.slice(Math.max(0, place.start - 2), place.start),
          text.slice(place.end, place.end + 2),
        )
      )
        continue;
      const message = `Here stands ${codePoint(place.text)}, which nobody sees: what is written is not what it looks like. Remove it.`;
      report(place, message, put(source, place, '', remove, 'safe'));
    }
  },
};
