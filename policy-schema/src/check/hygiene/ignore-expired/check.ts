import type { Check } from '../../check.ts';

export const ignoreExpired: Check<'text'> = {
  code: 'ignore-expired',
  family: 'hygiene',
  severity: 'warning',
  title: 'A comment that left a finding until a day that is over.',
  unit: 'text',
  reads: 'world',
  check() {
    // Said in ../../ignore/apply.ts, which alone knows what comments left.
  },
};
