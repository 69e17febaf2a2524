import { listNamed } from '../../../model/lists.ts';
import type { Fix } from '../../../syntax/diagnostic.ts';
import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf, type MappingEntry, type MappingNode, type SyntaxNode } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit } from '../../check.ts';

const remove = 'Remove the list';

const kept = new WeakMap<PolicyUnit, ReadonlySet<string>>();

function gather(node: SyntaxNode, into: Set<string>): void {
  switch (node.kind) {
    case 'scalar': {
      const name = typeof node.value === 'string' ? listNamed(node.value) : undefined;
      if (name !== undefined) into.add(name);
      return;
    }
    case 'sequence':
      for (const item of node.items) gather(item, into);
      return;
    case 'mapping':
      for (const { value } of node.entries) gather(value, into);
  }
}

/** Names of the lists that a file uses. */
function usedBy(policy: PolicyUnit): ReadonlySet<string> {
  let used = kept.get(policy);
  if (used === undefined) {
    const found = new Set<string>();
    gather(policy.root, found);
    used = found;
    kept.set(policy, used);
  }
  return used;
}

function without({ source, root }: PolicyUnit, lists: MappingNode, entry: MappingEntry): Fix {
  const only = lists.entries.length === 1 ? entryOf(root, 'lists') : undefined;
  const edit = only ? removeEntry(source, root, only) : removeEntry(source, lists, entry);
  return { title: remove, safety: 'safe', edits: [edit] };
}

export const listUnused: Check<'policy'> = {
  code: 'list-unused',
  family: 'dead-policy',
  severity: 'information',
  title: 'A list that no policy uses.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'safe' },
  check(unit, report, world) {
    // A file that cannot be read may use it.
    if (world.partial) return;
    const lists = entryOf(unit.root, 'lists')?.value;
    if (lists?.kind !== 'mapping') return;
    for (const entry of lists.entries) {
      if (world.policies.some((policy) => usedBy(policy).has(entry.key))) continue;
      const message = `No policy uses this list. Write \`$${entry.key}\` where its patterns are meant, or remove it.`;
      report(entry.keyRange, message, { fixes: [without(unit, lists, entry)], unnecessary: true });
    }
  },
};
