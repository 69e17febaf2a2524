/** The messages of rules, which people and agents read when they are refused or held. */
import type { Fix } from '../../syntax/diagnostic.ts';
import { addEntry } from '../../syntax/edits.ts';
import { entryOf, type ScalarNode } from '../../syntax/tree.ts';
import type { RuleUnit } from '../check.ts';

/** The scalar of a rule's message. */
export function messageOf({ node }: RuleUnit): (ScalarNode & { readonly value: string }) | undefined {
  const value = entryOf(node, 'message')?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string'
    ? (value as ScalarNode & { readonly value: string })
    : undefined;
}

/** A name as a sentence: `no-deletes-in-production` says enough for one. Undefined where it is a single word. */
function sentenceOf(name: string): string | undefined {
  const words = name.split(/[-_.]+/).filter((word) => word !== '');
  if (words.length < 2) return undefined;
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The fix that adds a message made of the rule's name. */
export function messageFromName(unit: RuleUnit, title: string): { readonly fixes?: readonly Fix[] } {
  const sentence = sentenceOf(unit.rule.name);
  if (sentence === undefined) return {};
  const edits = [addEntry(unit.policy.source, unit.node, 'message', JSON.stringify(sentence))];
  return { fixes: [{ title, safety: 'unsafe', edits }] };
}
