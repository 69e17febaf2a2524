/** What a rule grants, with the places where it says so. */
import { listNamed, patternOf } from '../model/lists.ts';
import type { Rule } from '../model/policy.ts';
import type { Fix, TextRange } from '../syntax/diagnostic.ts';
import { removeItem } from '../syntax/edits.ts';
import type { SourceFile } from '../syntax/source.ts';
import { entryOf, type SequenceNode, type SyntaxNode } from '../syntax/tree.ts';
import type { SqlActionKind } from '../vocabulary/sql/vocabulary.ts';
import type { RuleUnit } from './check.ts';

/** A text in a list, as it stands in the file. */
export interface Item {
  readonly text: string;
  readonly range: TextRange;
  readonly list: SequenceNode;
  readonly index: number;
}

/** The texts of a list. Named lists (`$name`) are left out. */
export function itemsOf(node: SyntaxNode | undefined): readonly Item[] {
  return textsOf(node).filter(({ text }) => listNamed(text) === undefined);
}

function textsOf(node: SyntaxNode | undefined): readonly Item[] {
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item, index) =>
    item.kind === 'scalar' && typeof item.value === 'string'
      ? [{ text: item.value, range: item.range, list: node, index }]
      : [],
  );
}

/** The patterns of a key of the rule's `sql` block. What comes of named lists stands where the first of them is used. */
export function patternsOf({ node, rule }: RuleUnit, key: string): readonly Item[] {
  const written = textsOf(entryOf(entryOf(node, 'sql')?.value, key)?.value);
  const plain = written.flatMap((item) =>
    listNamed(item.text) === undefined ? [{ ...item, text: patternOf(item.text) }] : [],
  );
  const named = written.find(({ text }) => listNamed(text) !== undefined);
  if (named === undefined) return plain;
  const known = new Set(plain.map(({ text }) => text));
  const expanded = (rule.selector[key] ?? []).filter((text) => !known.has(text));
  return [...plain, ...expanded.map((text) => ({ ...named, text }))];
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
  // Neighbours would be cut twice, so only one item goes at a time; and a named list is used as a whole.
  const node = first.list.items[first.index];
  if (items.length > 1 || node?.kind !== 'scalar' || listNamed(String(node.value)) !== undefined) return {};
  return { fixes: [{ title, safety: 'unsafe', edits: [removeItem(source, first.list, first.index)] }] };
}
