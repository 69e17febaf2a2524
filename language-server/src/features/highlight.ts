import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { entryOf, type ScalarNode, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import { vocabularies } from '@gatehouse/policy-schema/vocabulary/registry.ts';
import type { Desk } from '../desk.ts';
import { inOrder } from './definition.ts';

export interface Highlight {
  readonly range: TextRange;
  /** `write`: the name is made there. `text`: the same pattern stands there. */
  readonly kind: 'read' | 'write' | 'text';
}

/** Where else in its file the thing under the cursor stands: a name, or a pattern of a rule, mask or list. */
export function highlights(desk: Desk, name: string, offset: number): readonly Highlight[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const index = nameIndexOf(desk.files);
  const place = index.at(name, offset);
  if (place !== undefined) {
    const same = index.named(place.kind, place.name).filter((each) => each.file === name);
    return inOrder(same).map(({ start, end, role }) => ({
      range: { start, end },
      kind: role === 'definition' ? 'write' : 'read',
    }));
  }
  const patterns = patternsOf(file.tree);
  const here = patterns.find(({ range }) => range.start <= offset && offset <= range.end);
  return here === undefined
    ? []
    : patterns
        .filter(({ value }) => value === here.value)
        .map(({ range: { start, end } }) => ({ range: { start, end }, kind: 'text' }));
}

/** The patterns of rules, masks and lists, kinds of action included. */
function patternsOf(tree: SyntaxNode | undefined): readonly ScalarNode[] {
  const lists = entryOf(tree, 'lists')?.value;
  return [
    ...(lists?.kind === 'mapping' ? lists.entries.flatMap(({ value }) => scalarsOf(value)) : []),
    ...itemsOf(tree, 'rules').flatMap((rule) =>
      Object.keys(vocabularies).flatMap((vocabulary) => {
        const block = entryOf(rule, vocabulary)?.value;
        return block?.kind === 'mapping' ? block.entries.flatMap(({ value }) => scalarsOf(value)) : [];
      }),
    ),
    ...itemsOf(tree, 'masks').flatMap((mask) => scalarsOf(entryOf(mask, 'columns')?.value)),
  ];
}

function itemsOf(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}

function scalarsOf(node: SyntaxNode | undefined): readonly ScalarNode[] {
  return node?.kind === 'sequence'
    ? node.items
        .filter((item) => item.kind === 'scalar' && typeof item.value === 'string')
        .map((item) => item as ScalarNode)
    : [];
}
