import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const most = 60;

export const longPolicy: Check<'policy'> = {
  code: 'long-policy',
  family: 'hygiene',
  severity: 'information',
  title: 'A policy of so many rules that nobody sees what they say together.',
  unit: 'policy',
  reads: 'file',
  check({ root, rules }, report) {
    const name = entryOf(root, 'name')?.value;
    if (name === undefined || rules.length <= most) return;
    const message = `This policy has ${rules.length} rules. Their order means nothing, so they can stand in several policies: make one for each part of the work, and named lists of what many rules name.`;
    report(name.range, message);
  },
};
