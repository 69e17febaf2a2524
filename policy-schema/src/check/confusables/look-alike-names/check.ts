import type { NameKind } from '../../../model/names.ts';
import type { FileRange, TextRange } from '../../../syntax/diagnostic.ts';
import { entryOf, type SyntaxNode } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit, World } from '../../check.ts';
import { skeleton } from '../look-alikes.ts';

type Kind = Extract<NameKind, 'resource' | 'group' | 'person' | 'agent' | 'policy'> | 'table';

interface Use {
  readonly key: string;
  readonly name: string;
  readonly range: TextRange;
}

const kept = new WeakMap<PolicyUnit, readonly Use[]>();
const keptWorlds = new WeakMap<World, ReadonlyMap<string, Map<string, FileRange>>>();

function usesOf(policy: PolicyUnit): readonly Use[] {
  let uses = kept.get(policy);
  if (uses === undefined) {
    uses = readUses(policy);
    kept.set(policy, uses);
  }
  return uses;
}

function readUses({ root, rules, masks }: PolicyUnit): Use[] {
  const uses: Use[] = [];
  const add = (kind: Kind, node: SyntaxNode | undefined, prefix = ''): void => {
    if (node?.kind === 'sequence') for (const item of node.items) add(kind, item, prefix);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string' || !node.value.startsWith(prefix)) return;
    const name = node.value.slice(prefix.length);
    // Patterns and named lists stand for others.
    if (name.includes('*') || name.startsWith('$') || name.includes('=')) return;
    uses.push({ key: `${kind} ${skeleton(name)}`, name, range: node.range });
  };
  const applies = entryOf(root, 'applies')?.value;
  add('policy', entryOf(root, 'name')?.value);
  add('resource', entryOf(applies, 'to')?.value);
  add('agent', entryOf(applies, 'agents')?.value);
  add('group', entryOf(applies, 'groups')?.value);
  for (const { node } of rules) {
    add('table', entryOf(entryOf(node, 'sql')?.value, 'tables')?.value);
    const by = entryOf(entryOf(node, 'approval')?.value, 'by')?.value;
    add('group', by, 'group:');
    add('person', by, 'person:');
  }
  for (const { node } of masks) {
    const unless = entryOf(node, 'unless')?.value;
    add('group', entryOf(unless, 'groups')?.value);
    add('person', entryOf(unless, 'people')?.value);
  }
  return uses;
}

/** By what names look like, each name with its first place. */
function namesOf(world: World): ReadonlyMap<string, Map<string, FileRange>> {
  const before = keptWorlds.get(world);
  if (before !== undefined) return before;
  const names = new Map<string, Map<string, FileRange>>();
  const add = ({ key, name, range }: Use, file: string): void => {
    const same = names.get(key);
    if (same === undefined) names.set(key, new Map([[name, { file, ...range }]]));
    else if (!same.has(name)) same.set(name, { file, ...range });
  };
  const { workspace } = world;
  if (workspace) {
    const resources = entryOf(workspace.root, 'resources')?.value;
    for (const item of resources?.kind === 'sequence' ? resources.items : []) {
      const name = entryOf(item, 'name')?.value;
      if (name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
      add({ key: `resource ${skeleton(name.value)}`, name: name.value, range: name.range }, workspace.file);
    }
  }
  for (const policy of world.policies) for (const use of usesOf(policy)) add(use, policy.file);
  keptWorlds.set(world, names);
  return names;
}

export const lookAlikeNames: Check<'policy'> = {
  code: 'look-alike-names',
  family: 'confusables',
  severity: 'warning',
  title: 'Two names that look the same, and are not.',
  unit: 'policy',
  reads: 'world',
  check(policy, report, world) {
    const names = namesOf(world);
    const told = new Set<string>();
    for (const { key, name, range } of usesOf(policy)) {
      const same = names.get(key);
      const [first] = same ?? [];
      if (first === undefined || first[0] === name || told.has(`${key} ${name}`)) continue;
      told.add(`${key} ${name}`);
      const kind = key.slice(0, key.indexOf(' '));
      const message = `This ${kind} looks like \`${first[0]}\`, which is another one. If the same is meant, write it the same; if not, give them names that differ more.`;
      report(range, message, { related: [{ ...first[1], message: `The other ${kind} stands here.` }] });
    }
  },
};
