import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { itemsOf } from '../../rule-parts.ts';

export const approvalByRequester: Check<'rule'> = {
  code: 'approval-by-requester',
  family: 'risk',
  severity: 'information',
  title: 'Requests that are approved by the very group that asks.',
  unit: 'rule',
  reads: 'file',
  check({ node, rule, policy }, report) {
    const groups = policy.policy.applies.groups ?? [];
    const by = rule.approval?.by ?? [];
    const asks = (approver: string): boolean => groups.some((group) => approver === `group:${group}`);
    if (groups.length === 0 || !by.every(asks)) return;
    const [first] = itemsOf(entryOf(entryOf(node, 'approval')?.value, 'by')?.value);
    if (first === undefined) return;
    const message = `This policy holds for agents of \`${groups.join('`, `')}\`, so whoever asks may approve it alone. If a second person should look, name a group that does not ask.`;
    report(first.range, message);
  },
};
