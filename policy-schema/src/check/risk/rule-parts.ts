/** What a rule grants, with the places where it says so. */
import type { Rule } from '../../model/policy.ts';
import type { Fix, TextRange } from '../../syntax/diagnostic.ts';
import { removeItem } from '../../syntax/edits.ts';
import type { SourceFile } from '../../syntax/source.ts';
import { entryOf, type SequenceNode, type SyntaxNode } from '../../syntax/tree.ts';
import type { SqlActionKind } from '../../vocabulary/sql/vocabulary.ts';
import type { RuleUnit } from '../check.ts';

/** A text in a list, as it stands in the file. */
export interface Item {
  readonly text: string;
  readonly range: TextRange;
  readonly list: SequenceNode;
  readonly index: number;
}

/** The texts of a list. A named list (`$name`) is left out: what it holds is told of where it is made. */
export function itemsOf(node: SyntaxNode | undefined): readonly Item[] {
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item, index) =>
    item.kind === 'scalar' && typeof item.value === 'string' && !item.value.startsWith('$')
      ? [{ text: item.value, range: item.range, list: node, index }]
      : [],
  );
}

/** The patterns of a key of the rule's `sql` block. */
export function patternsOf({ node }: RuleUnit, key: string): readonly Item[] {
  return itemsOf(entryOf(entryOf(node, 'sql')?.value, key)?.value);
}

/** Whether a pattern is for everything. */
export function isAny(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}

/** Kinds of action that a rule spells out, among those given. `*` spells out none. */
export function namedActions(unit: RuleUnit, kinds: readonly SqlActionKind[]): readonly Item[] {
  return patternsOf(unit, 'actions').filter(({ text }) => (kinds as readonly string[]).includes(text));
}

/** Whether a rule speaks of every kind of action. */
export function speaksOfEveryKind({ selector }: Rule): boolean {
  return selector.actions === undefined || selector.actions.some(isAny);
}

/** The keys that narrow a rule down, `actions` and `when` aside. */
export function narrowingKeys({ selector }: Rule): readonly string[] {
  return Object.keys(selector).filter((key) => key !== 'actions' && !selector[key]?.some(isAny));
}

/** An allow rule without a condition: whatever its block speaks of passes. */
export function grantsFreely({ rule }: RuleUnit): boolean {
  return rule.effect === 'allow' && rule.when === undefined;
}

/** Take items out of their list; none where nothing would be left, because an empty list is an error. */
export function removal(
  title: string,
  source: SourceFile,
  items: readonly Item[],
): { readonly fixes?: readonly Fix[] } {
  const [first] = items;
  if (first === undefined || items.length >= first.list.items.length) return {};
  // Neighbours would be cut twice, so only one item goes at a time.
  if (items.length > 1) return {};
  return { fixes: [{ title, safety: 'unsafe', edits: [removeItem(source, first.list, first.index)] }] };
}
