import type { Check } from '../../check.ts';

export const ignoreWithoutReason: Check<'text'> = {
  code: 'ignore-without-reason',
  family: 'hygiene',
  severity: 'warning',
  title: 'A comment that leaves a finding without saying why.',
  unit: 'text',
  reads: 'world',
  check() {
    // Said in ../../ignore/apply.ts, which alone knows what comments left.
  },
};
