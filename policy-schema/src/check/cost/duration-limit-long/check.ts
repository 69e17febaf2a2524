import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const shorten = 'Stop after 60 seconds';
const most = 10 * 60 * 1000;

export const durationLimitLong: Check<'policy'> = {
  code: 'duration-limit-long',
  family: 'cost',
  severity: 'information',
  title: 'A request that may run for more than ten minutes.',
  unit: 'policy',
  reads: 'file',
  fixes: { [shorten]: 'unsafe' },
  check({ policy, root, source }, report) {
    const duration = entryOf(entryOf(root, 'limits')?.value, 'duration')?.value;
    if (duration === undefined || policy.limits.duration === undefined || policy.limits.duration <= most)
      return;
    const message =
      'No agent waits for so long: it gives up and asks again, while the first request goes on, with its snapshot and its locks. Write ten minutes at most.';
    const edits = [replace(source, duration.range, '60s')];
    report(duration.range, message, { fixes: [{ title: shorten, safety: 'unsafe', edits }] });
  },
};
