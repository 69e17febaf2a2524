import { addEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, World } from '../../check.ts';

const add = 'Name the owner of the others';

interface Owners {
  readonly policies: number;
  readonly names: ReadonlySet<string>;
}

const ownersIn = new WeakMap<World, Owners>();

function ownersOf(world: World): Owners {
  let known = ownersIn.get(world);
  if (known === undefined) {
    const all = world.policies.flatMap(({ policy }) => (policy.owner === undefined ? [] : [policy.owner]));
    known = { policies: all.length, names: new Set(all) };
    ownersIn.set(world, known);
  }
  return known;
}

export const ownerMissing: Check<'policy'> = {
  code: 'owner-missing',
  family: 'hygiene',
  severity: 'information',
  title: 'A policy without an owner, where most others have one.',
  unit: 'policy',
  reads: 'world',
  fixes: { [add]: 'unsafe' },
  check({ policy, root, source }, report, world) {
    const name = entryOf(root, 'name')?.value;
    if (policy.owner !== undefined || name === undefined) return;
    const { policies, names } = ownersOf(world);
    if (policies === 0 || policies * 2 < world.policies.length) return;
    const message =
      'Nobody is named who answers for this policy, while most others have an owner. Add `owner: group:NAME` or `owner: person:NAME`.';
    const [only, ...more] = names;
    const edits = [addEntry(source, root, 'owner', JSON.stringify(only))];
    report(
      name.range,
      message,
      only !== undefined && more.length === 0 ? { fixes: [{ title: add, safety: 'unsafe', edits }] } : {},
    );
  },
};
