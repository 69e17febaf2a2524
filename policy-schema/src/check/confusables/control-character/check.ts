import type { Check } from '../../check.ts';
import { codePoint, placesOf, put } from '../characters.ts';
import { proseOf } from '../prose.ts';

const remove = 'Remove it';

/** C0 without tab and line breaks, DEL and C1 without NEL, with what follows in an escape sequence (ECMA-48, 5.4). */
const raw = /[\p{Cc}--[\t\n\r\u0085]]+(?:\[[0-?]{0,40}[@-~])?/gv;
/** The same as escapes of a double-quoted text, behind an even number of backslashes. */
const escaped =
  /(?<!\\)(?:\\\\)*(\\(?:e|a|0|b|x(?:0[0-8b-cB-CeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|u00(?:0[0-8b-cB-CeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]))(?:\[[0-?]{0,40}[@-~])?)/g;

export const controlCharacter: Check<'text'> = {
  code: 'control-character',
  family: 'confusables',
  severity: 'warning',
  title: 'A control character, which a terminal obeys when it shows the text.',
  unit: 'text',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check(source, report) {
    const { text } = source;
    for (const place of placesOf(text, raw)) {
      const message = `Here stands ${codePoint(place.text)}, which nobody sees and a terminal may obey. Remove it.`;
      report(place, message, put(source, place, '', remove, 'safe'));
    }
    for (const prose of proseOf(source)) {
      const value = text.slice(prose.start, prose.end);
      if (!/^\s*"/.test(value)) continue;
      for (const match of value.matchAll(escaped)) {
        const sequence = match[1] ?? '';
        const end = prose.start + match.index + match[0].length;
        const range = { start: end - sequence.length, end };
        const message =
          'This escape stands for a control character, which the terminal of whoever reads the message may obey. Remove it.';
        report(range, message, put(source, range, '', remove, 'safe'));
      }
    }
  },
};
