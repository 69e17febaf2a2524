import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { isMasked } from '../masked-columns.ts';

export const observedMask: Check<'mask'> = {
  code: 'observed-mask',
  family: 'risk',
  severity: 'information',
  title: 'A mask that hides nothing, because its policy only observes.',
  unit: 'mask',
  reads: 'world',
  check({ node, mask, policy }, report, world) {
    if (policy.policy.mode !== 'observe' || world.partial) return;
    const open = mask.columns.filter((column) => !isMasked(column, policy, world, 'holding'));
    const columns = entryOf(node, 'columns');
    if (open.length === 0 || columns === undefined) return;
    const message = `Agents see \`${open.join('`, `')}\` as it is while this policy observes, wherever another lets it be read. Put masks that must hold into a policy without \`mode: observe\`.`;
    report(columns.keyRange, message);
  },
};
