import type { Check } from '../../check.ts';
import { codePoint, placesOf, put } from '../characters.ts';
import { proseOf, standsIn } from '../prose.ts';

const usual = 'Write a usual space';

const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+|[\u0085\u2028\u2029]+/g;

export const unusualSpace: Check<'text'> = {
  code: 'unusual-space',
  family: 'confusables',
  severity: 'warning',
  title: 'A space or line break that looks like the usual one, and is read as part of a name.',
  unit: 'text',
  reads: 'unit',
  fixes: { [usual]: 'safe' },
  check(source, report) {
    const prose = proseOf(source);
    for (const place of placesOf(source.text, spaces)) {
      const isBreak = /^[\u0085\u2028\u2029]/.test(place.text);
      // Good typography, where people read it. A break that only some programs see could show a comment as a line.
      if (!isBreak && standsIn(prose, place.start)) continue;
      const what = isBreak ? 'a line break that YAML does not take for one' : 'not the usual space';
      const message = `Here stands ${codePoint(place.text)}, ${what}: Gatehouse reads it as part of the text beside it. Write a usual space.`;
      report(place, message, put(source, place, ' '.repeat(place.text.length), usual, 'safe'));
    }
  },
};
