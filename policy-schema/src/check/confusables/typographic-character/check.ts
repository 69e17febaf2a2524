import type { Check } from '../../check.ts';
import { placesOf, put } from '../characters.ts';
import { proseOf, standsIn } from '../prose.ts';

const usual = 'Write the usual sign';

/** What word processors and web pages make of the signs of YAML and CEL. */
const signs: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '∗': '*',
  '⁎': '*',
  '․': '.',
  '∕': '/',
  '⁄': '/',
  '∶': ':',
  ː: ':',
  '‖': '||',
};

const written = /[“”„‟‘’‚‐‑–—−∗⁎․∕⁄∶ː‖]/g;

export const typographicCharacter: Check<'text'> = {
  code: 'typographic-character',
  family: 'confusables',
  severity: 'warning',
  title: 'A sign of typography where one of YAML, of a pattern or of CEL is meant.',
  unit: 'text',
  reads: 'unit',
  fixes: { [usual]: 'unsafe' },
  check(source, report) {
    const prose = proseOf(source);
    for (const place of placesOf(source.text, written)) {
      if (standsIn(prose, place.start)) continue;
      const sign = signs[place.text] ?? '';
      const message = `\`${place.text}\` is no \`${sign}\`, and has no meaning here. Write \`${sign}\`.`;
      report(place, message, put(source, place, sign, usual, 'unsafe'));
    }
  },
};
