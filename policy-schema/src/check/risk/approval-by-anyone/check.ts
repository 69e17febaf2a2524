import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { productionOf } from '../places.ts';
import { itemsOf, removal } from '../../rule-parts.ts';

const remove = 'Ask the named ones alone';

export const approvalByAnyone: Check<'rule'> = {
  code: 'approval-by-anyone',
  family: 'risk',
  severity: 'warning',
  title: 'A request to production that any person may approve.',
  unit: 'rule',
  reads: 'world',
  fixes: { [remove]: 'unsafe' },
  check({ node, rule, policy }, report, world) {
    if (rule.approval?.by.includes('*') !== true) return;
    const production = productionOf(policy, world);
    if (production === undefined) return;
    const star = itemsOf(entryOf(entryOf(node, 'approval')?.value, 'by')?.value).find(
      ({ text }) => text === '*',
    );
    const range = star?.range ?? entryOf(node, 'effect')?.value.range;
    if (range === undefined) return;
    const message = `Any person may approve this on \`${production.name}\`, also the one whose agent asks. Name who may, such as \`by: ["group:dba"]\`.`;
    report(range, message, star ? removal(remove, policy.source, [star]) : {});
  },
};
