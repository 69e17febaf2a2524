import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const shorten = 'Wait 30 minutes';
const hour = 60 * 60 * 1000;

export const approvalWindowTooLong: Check<'rule'> = {
  code: 'approval-window-too-long',
  family: 'risk',
  severity: 'warning',
  title: 'A held request that waits for longer than an hour.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [shorten]: 'unsafe' },
  check({ node, rule, policy }, report) {
    const within = entryOf(entryOf(node, 'approval')?.value, 'within')?.value;
    if (within === undefined || rule.approval === undefined || rule.approval.within <= hour) return;
    const message =
      'The client waits for so long, with its transaction open and its locks held, and whoever approves then sees an old request. Wait an hour at most.';
    const edits = [replace(policy.source, within.range, '30m')];
    report(within.range, message, { fixes: [{ title: shorten, safety: 'unsafe', edits }] });
  },
};
