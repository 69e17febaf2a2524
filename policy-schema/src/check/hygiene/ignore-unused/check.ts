import type { Check } from '../../check.ts';

export const ignoreUnused: Check<'text'> = {
  code: 'ignore-unused',
  family: 'hygiene',
  severity: 'information',
  title: 'A comment that leaves a finding which is not there.',
  unit: 'text',
  reads: 'world',
  fixes: { 'Remove the comment': 'safe' },
  check() {
    // Said in ../../ignore/apply.ts, which alone knows what comments left.
  },
};
