import type { Check } from '../../check.ts';

export const ignoreUnknownCode: Check<'text'> = {
  code: 'ignore-unknown-code',
  family: 'hygiene',
  severity: 'warning',
  title: 'A comment that names no code of a check.',
  unit: 'text',
  reads: 'world',
  check() {
    // Said in ../../ignore/apply.ts, which alone knows what comments left.
  },
};
