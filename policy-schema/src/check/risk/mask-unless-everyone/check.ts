import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { isAny, itemsOf } from '../../rule-parts.ts';

const hide = 'Hide it from everyone';

export const maskUnlessEveryone: Check<'mask'> = {
  code: 'mask-unless-everyone',
  family: 'risk',
  severity: 'warning',
  title: 'A mask that holds for nobody.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [hide]: 'unsafe' },
  check({ node, policy }, report) {
    const unless = entryOf(node, 'unless');
    if (unless === undefined) return;
    for (const key of ['groups', 'people'] as const) {
      const star = itemsOf(entryOf(unless.value, key)?.value).find(({ text }) => isAny(text));
      if (star === undefined) continue;
      const whom = key === 'people' ? 'everyone' : 'everyone who is in any group';
      const message = `With this pattern ${whom} sees the values. Name who may, or remove \`unless\`.`;
      const edits = [removeEntry(policy.source, node, unless)];
      report(star.range, message, { fixes: [{ title: hide, safety: 'unsafe', edits }] });
      return;
    }
  },
};
