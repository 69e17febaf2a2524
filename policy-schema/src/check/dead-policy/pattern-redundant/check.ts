import { patternCovers, targetCovers } from '../../../evaluate/cover.ts';
import { entryOf, type SyntaxNode } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit } from '../../check.ts';
import { type Item, itemsOf } from '../../rule-parts.ts';
import { repetitions, withoutItem } from '../repetitions.ts';

const remove = 'Remove the pattern';

type Covers = (outer: string, inner: string) => boolean;

interface PatternList {
  readonly items: readonly Item[];
  readonly covers: Covers;
}

/** What stands in a named list may be used as either. */
const bothCover: Covers = (outer, inner) => patternCovers(outer, inner) && targetCovers(outer, inner);

function* patternLists({ root, rules, masks }: PolicyUnit): Generator<PatternList> {
  const list = (node: SyntaxNode | undefined, key: string, covers: Covers = patternCovers): PatternList => ({
    items: itemsOf(entryOf(node, key)?.value),
    covers,
  });
  const applies = entryOf(root, 'applies')?.value;
  yield list(applies, 'to', targetCovers);
  yield list(applies, 'agents');
  yield list(applies, 'groups');
  const lists = entryOf(root, 'lists')?.value;
  if (lists?.kind === 'mapping') for (const { key } of lists.entries) yield list(lists, key, bothCover);
  for (const { node, rule } of rules) {
    const block = rule.vocabulary === undefined ? undefined : entryOf(node, rule.vocabulary)?.value;
    for (const key of Object.keys(rule.selector)) if (key !== 'actions') yield list(block, key);
  }
  for (const { node } of masks) {
    yield list(node, 'columns');
    const unless = entryOf(node, 'unless')?.value;
    yield list(unless, 'groups');
    yield list(unless, 'people');
  }
}

export const patternRedundant: Check<'policy'> = {
  code: 'pattern-redundant',
  family: 'dead-policy',
  severity: 'information',
  title: 'A pattern that another one of its list covers.',
  unit: 'policy',
  reads: 'file',
  fixes: { [remove]: 'safe' },
  check(unit, report) {
    for (const { items, covers } of patternLists(unit)) {
      for (const { item, by } of repetitions(items, covers)) {
        const message =
          item.text === by.text
            ? `\`${item.text}\` stands in this list already. Remove it, or write what was meant.`
            : `\`${by.text}\` of this list covers \`${item.text}\`. Remove it, or narrow the wider pattern down.`;
        report(item.range, message, {
          related: [{ file: unit.file, ...by.range, message: 'This pattern covers it.' }],
          fixes: withoutItem(unit.source, item, remove),
          unnecessary: true,
        });
      }
    }
  },
};
