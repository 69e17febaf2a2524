import type { CompiledPolicy } from '../evaluate/compile.ts';
import type { Approval, Rule } from '../model/policy.ts';
import type { TextEdit } from '../syntax/diagnostic.ts';
import { addEntry, addItem, isFlow, replace } from '../syntax/edits.ts';
import { entryOf, type MappingNode } from '../syntax/tree.ts';
import type { VocabularyName } from '../vocabulary/vocabulary.ts';
import type { Block } from './blocks.ts';
import type { Desk } from './desk.ts';
import {
  conditionScalar,
  patternScalar,
  ruleInFlow,
  ruleLines,
  ruleName,
  type RuleParts,
} from './rule-text.ts';

export interface NewRule {
  readonly effect: 'allow' | 'approve';
  readonly vocabulary: VocabularyName;
  readonly block: Block;
  readonly when: string | undefined;
}

/** Rules at the end of a policy's file, in the way in which its others are written. */
export function addRules(
  desk: Desk,
  { policy }: CompiledPolicy,
  rules: readonly NewRule[],
): readonly TextEdit[] {
  const parsed = desk.parsed(policy.location.file);
  if (parsed?.root?.kind !== 'mapping') return [];
  const { root, source } = parsed;
  const named: RuleParts[] = [];
  for (const rule of rules) {
    const name = ruleName(
      { rules: [...policy.rules, ...(named as unknown as Rule[])] },
      rule.effect,
      rule.block,
    );
    named.push({ ...rule, name, ...heldBy(rule, policy.rules) });
  }
  const list = entryOf(root, 'rules')?.value;
  if (list?.kind !== 'sequence') {
    const entry = entryOf(root, 'rules');
    const text = `\n${named.map((rule) => inBlock(rule, '  ')).join('\n')}`;
    if (entry !== undefined) return [replace(source, entry.value.range, text)];
    const added = addEntry(source, root, 'rules', text);
    return [{ ...added, text: added.text.replace('rules: \n', 'rules:\n') }];
  }
  if (isFlow(source, list)) return named.map((rule) => addItem(source, list, ruleInFlow(rule)));
  return named.map((rule, place) => {
    const edit = addItem(source, list, '');
    // What a second one begins with, the first has ended.
    const text = place === 0 ? edit.text : edit.text.replace(/^\r?\n/, '');
    const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
    const indent = /^\s*?(?=[ \t]*- )/.exec(text)?.[0] ?? '';
    const spaces = /([ \t]*)- /.exec(text)?.[1] ?? '  ';
    return { ...edit, text: `${indent}${inBlock(rule, spaces).replaceAll('\n', newline)}${newline}` };
  });
}

/** A file with a policy of its own, for a resource to which none applies. */
export function newPolicy(name: string, to: string, agent: string, rules: readonly NewRule[]): string {
  const named: RuleParts[] = [];
  for (const rule of rules) {
    const taken = { rules: named as unknown as Rule[] };
    named.push({ ...rule, name: ruleName(taken, rule.effect, rule.block), ...heldBy(rule, []) });
  }
  return [
    'gatehouse: v1',
    'kind: Policy',
    `name: ${name}`,
    `applies: { to: [${patternScalar(to)}], agents: [${patternScalar(agent)}] }`,
    '',
    'rules:',
    ...named.map((rule) => inBlock(rule, '  ')),
    '',
  ].join('\n');
}

function inBlock(rule: RuleParts, indent: string): string {
  const [first = '', ...more] = ruleLines(rule);
  return [`${indent}- ${first}`, ...more.map((line) => `${indent}  ${line}`)].join('\n');
}

/** Asked in the same way, and of the same people, as the policy's other held requests. */
function heldBy(
  { effect, block }: NewRule,
  rules: readonly Rule[],
): { readonly approval?: Approval; readonly message?: string } {
  if (effect !== 'approve') return {};
  const known = rules.find(({ approval }) => approval !== undefined)?.approval;
  const approval: Approval = known ? { by: known.by, within: known.within } : { by: ['*'], within: 600_000 };
  return { approval, message: `A person looks at ${(block.actions ?? []).join(' and ')} first.` };
}

/** Write more patterns into one of the lists of a rule's block. */
export function addPatterns(
  desk: Desk,
  rule: Rule,
  key: string,
  values: readonly string[],
): readonly TextEdit[] {
  const found = nodeOf(desk, rule);
  const list = entryOf(entryOf(found?.node, rule.vocabulary ?? '')?.value, key)?.value;
  if (found === undefined || list?.kind !== 'sequence') return [];
  return values.map((value) => addItem(found.source, list, patternScalar(value)));
}

/** Write a condition that leaves some requests out, beside the one that the rule has. */
export function exceptWhen(desk: Desk, rule: Rule, except: string): readonly TextEdit[] {
  const found = nodeOf(desk, rule);
  if (found === undefined) return [];
  const { node, source } = found;
  const entry = entryOf(node, 'when');
  const place = isFlow(source, node) ? 'flow' : 'block';
  const own = rule.when?.trim();
  const when = own === undefined ? `!(${except})` : `(${own}) && !(${except})`;
  if (own?.includes('//')) return [];
  const text = conditionScalar(when, place);
  if (entry === undefined) return [addEntry(source, node, 'when', text)];
  const written = source.text.slice(entry.value.range.start, entry.value.range.end);
  // A block scalar's range holds its last line break.
  return [replace(source, entry.value.range, /\n$/.test(written) ? `${text}\n` : text)];
}

function nodeOf(
  desk: Desk,
  rule: Rule,
):
  | { readonly node: MappingNode; readonly source: NonNullable<ReturnType<Desk['parsed']>>['source'] }
  | undefined {
  const parsed = desk.parsed(rule.location.file);
  const list = entryOf(parsed?.root, 'rules')?.value;
  if (parsed === undefined || list?.kind !== 'sequence') return undefined;
  const node = list.items.find(
    (item) => entryOf(item, 'name')?.value.kind === 'scalar' && textOf(item) === rule.name,
  );
  return node?.kind === 'mapping' ? { node, source: parsed.source } : undefined;
}

function textOf(item: Parameters<typeof entryOf>[0]): string | undefined {
  const name = entryOf(item, 'name')?.value;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
}
