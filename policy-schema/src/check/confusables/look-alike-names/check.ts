import type { NameKind } from '../../../model/names.ts';
import type { FileRange } from '../../../syntax/diagnostic.ts';
import { entryOf, type SyntaxNode } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit, World } from '../../check.ts';
import { skeleton } from '../look-alikes.ts';

type Kind = Extract<NameKind, 'resource' | 'group' | 'person' | 'agent' | 'policy'> | 'table';

interface Use extends FileRange {
  /** What names of this kind that look like it share. */
  readonly key: string;
  readonly name: string;
}

const kept = new WeakMap<PolicyUnit, readonly Use[]>();
const keptWorlds = new WeakMap<World, ReadonlyMap<string, Use>>();

function usesOf(policy: PolicyUnit): readonly Use[] {
  let uses = kept.get(policy);
  if (uses === undefined) {
    uses = readUses(policy);
    kept.set(policy, uses);
  }
  return uses;
}

/** Each name once, with its first place. */
function readUses({ file, root, rules, masks }: PolicyUnit): Use[] {
  const uses: Use[] = [];
  const seen = new Set<string>();
  const add = (kind: Kind, node: SyntaxNode | undefined, prefix = ''): void => {
    if (node?.kind === 'sequence') for (const item of node.items) add(kind, item, prefix);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string' || !node.value.startsWith(prefix)) return;
    const name = node.value.slice(prefix.length);
    // Patterns, named lists and labels stand for others.
    if (/[*=]|^\$/.test(name)) return;
    const id = `${kind} ${name}`;
    if (seen.has(id)) return;
    seen.add(id);
    uses.push({ key: `${kind} ${skeleton(name)}`, name, file, ...node.range });
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

/** By what names look like, the first one with its place. */
function namesOf(world: World): ReadonlyMap<string, Use> {
  const before = keptWorlds.get(world);
  if (before !== undefined) return before;
  const names = new Map<string, Use>();
  const add = (use: Use): void => {
    if (!names.has(use.key)) names.set(use.key, use);
  };
  const { workspace } = world;
  if (workspace) {
    const resources = entryOf(workspace.root, 'resources')?.value;
    for (const item of resources?.kind === 'sequence' ? resources.items : []) {
      const name = entryOf(item, 'name')?.value;
      if (name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
      add({ key: `resource ${skeleton(name.value)}`, name: name.value, file: workspace.file, ...name.range });
    }
  }
  for (const policy of world.policies) for (const use of usesOf(policy)) add(use);
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
    for (const { key, name, start, end } of usesOf(policy)) {
      const first = names.get(key);
      if (first === undefined || first.name === name) continue;
      const kind = key.slice(0, key.indexOf(' '));
      const message = `This ${kind} looks like \`${first.name}\`, which is another one. If the same is meant, write it the same; if not, give them names that differ more.`;
      const other = { file: first.file, start: first.start, end: first.end };
      report({ start, end }, message, { related: [{ ...other, message: `The other ${kind} stands here.` }] });
    }
  },
};
