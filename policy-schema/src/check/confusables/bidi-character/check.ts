import type { Check } from '../../check.ts';
import { codePoint, placesOf, put } from '../characters.ts';

const remove = 'Remove it';

/** Embeddings, overrides and isolates, which reorder what follows; then marks, which texts from right to left need. */
const controls = /[\u202a-\u202e\u2066-\u2069]+|[\u200e\u200f\u061c]+/g;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

export const bidiCharacter: Check<'text'> = {
  code: 'bidi-character',
  family: 'confusables',
  severity: 'warning',
  title: 'An unseen character that shows text in another order than it is read in.',
  unit: 'text',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check(source, report) {
    for (const place of placesOf(source.text, controls)) {
      const isMark = /^[\u200e\u200f\u061c]/.test(place.text);
      const around = source.text.slice(Math.max(0, place.start - 20), place.end + 20);
      if (isMark && rightToLeft.test(around)) continue;
      const message = `Here stands ${codePoint(place.text)}, which nobody sees and which shows the text around it in another order than Gatehouse reads it. Remove it.`;
      report(place, message, put(source, place, '', remove, 'safe'));
    }
  },
};
