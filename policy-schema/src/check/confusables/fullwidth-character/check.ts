import type { Check } from '../../check.ts';
import { placesOf, put } from '../characters.ts';
import { proseOf, standsIn } from '../prose.ts';

const usual = 'Write the usual characters';

const wide = /[\uff01-\uff5e]+/g;
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

export const fullwidthCharacter: Check<'text'> = {
  code: 'fullwidth-character',
  family: 'confusables',
  severity: 'warning',
  title: 'Wide letters or signs, which are others than the usual ones.',
  unit: 'text',
  reads: 'unit',
  fixes: { [usual]: 'unsafe' },
  check(source, report) {
    const { text } = source;
    const prose = proseOf(source);
    for (const place of placesOf(text, wide)) {
      // In East Asian text, names of tables included, both widths are in use.
      const around = text.slice(Math.max(0, place.start - 1), place.end + 1);
      if (standsIn(prose, place.start) || eastAsian.test(around)) continue;
      const narrow = place.text.normalize('NFKC');
      const message = `\`${place.text}\` is written in wide characters, and is not \`${narrow}\`. Write the usual ones.`;
      report(place, message, put(source, place, narrow, usual, 'unsafe'));
    }
  },
};
