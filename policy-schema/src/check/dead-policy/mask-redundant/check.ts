import { maskCovers } from '../../../evaluate/cover.ts';
import { maskWords } from '../../../evaluate/mask-strength.ts';
import { removeItem } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, MaskUnit } from '../../check.ts';
import { coverings, standsBefore } from '../coverings.ts';

const remove = 'Remove the mask';
const wide = '*';

function judge(by: MaskUnit, held: MaskUnit): 'hidden' | undefined {
  // What only observes hides nothing.
  if (by.policy.policy.mode === 'observe' || held.policy.policy.mode === 'observe') return undefined;
  if (!maskCovers(by.mask, held.mask)) return undefined;
  return maskCovers(held.mask, by.mask) && !standsBefore(by, held) ? undefined : 'hidden';
}

const needlessMasks = coverings<MaskUnit, 'hidden'>({
  parts: ({ masks }) => masks,
  shelves: ({ mask }) => [...new Set(mask.columns.map((column) => (column.includes('*') ? wide : column)))],
  sought: ({ mask }) => [...new Set([wide, ...mask.columns.slice(0, 1)])],
  judge,
  rank: () => 0,
});

export const maskRedundant: Check<'policy'> = {
  code: 'mask-redundant',
  family: 'dead-policy',
  severity: 'information',
  title: 'A mask on columns that another mask hides at least as well.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'safe' },
  check(unit, report, world) {
    for (const { held, by } of needlessMasks(unit, world)) {
      const columns = entryOf(held.node, 'columns')?.value.range ?? held.node.range;
      const place = by.policy === unit ? 'this policy' : `the policy \`${by.policy.policy.name}\``;
      const message = `Another mask of ${place} (${maskWords(by.mask)}) is on all of these columns, hides as much and from as many. Remove this one, or narrow the other down.`;
      const masks = entryOf(unit.root, 'masks')?.value;
      report(columns, message, {
        related: [
          {
            file: by.policy.file,
            ...(entryOf(by.node, 'columns')?.value.range ?? by.node.range),
            message: 'This mask hides as much.',
          },
        ],
        fixes:
          masks?.kind === 'sequence' && masks.items.length > 1
            ? [{ title: remove, safety: 'safe', edits: [removeItem(unit.source, masks, held.index)] }]
            : [],
        unnecessary: true,
      });
    }
  },
};
