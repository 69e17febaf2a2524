import { namesOf, type NamePlace } from '../../../names/names-of.ts';
import { respell } from '../../../names/respell.ts';
import type { Fix, TextEdit } from '../../../syntax/diagnostic.ts';
import type { Check, PolicyUnit, World } from '../../check.ts';

const rename = 'Write it in lower case with hyphens';

/** Kinds whose names a policy file makes. Token sets are left out: tokens follow from their names. */
const kinds = ['policy', 'rule', 'list'] as const;
type Kind = (typeof kinds)[number];

interface Named {
  readonly place: NamePlace;
  readonly kind: Kind;
  /** The name itself, without its policy's. */
  readonly text: string;
}

interface Own {
  readonly odd: readonly Named[];
  /** How many names of several words are in the usual style. */
  readonly usual: number;
}

const ownOf = new WeakMap<PolicyUnit, Own>();

function textOf({ kind, name, holder }: NamePlace, policy: PolicyUnit): string {
  return kind === 'rule' && holder.kind === 'rule' ? name.slice(policy.policy.name.length + 1) : name;
}

function own(policy: PolicyUnit): Own {
  let known = ownOf.get(policy);
  if (known === undefined) {
    const made = namesOf(policy.file, 'Policy', policy.root).flatMap((place): Named[] => {
      const kind = kinds.find((each) => each === place.kind);
      return kind && place.role === 'definition' ? [{ place, kind, text: textOf(place, policy) }] : [];
    });
    known = {
      odd: made.filter(({ text }) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(text)),
      usual: made.filter(({ text }) => /^[a-z0-9]+([-.][a-z0-9]+)+$/.test(text)).length,
    };
    ownOf.set(policy, known);
  }
  return known;
}

const styleOf = new WeakMap<World, boolean>();

/** Whether the workspace has a style of its own, in which most of its names are. */
function otherStyle(world: World): boolean {
  let other = styleOf.get(world);
  if (other === undefined) {
    const all = world.policies.map(own);
    const odd = all.reduce((sum, each) => sum + each.odd.length, 0);
    const usual = all.reduce((sum, each) => sum + each.usual, 0);
    other = odd > usual;
    styleOf.set(world, other);
  }
  return other;
}

function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[_-]+/g, '-')
    .replace(/-?\.-?/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** Where a name is made and used, in all files. */
function usesOf({ place, kind }: Named, world: World): readonly NamePlace[] {
  if (kind !== 'list') return [place];
  return world.policies.flatMap(({ file, root }) =>
    namesOf(file, 'Policy', root).filter((each) => each.kind === 'list' && each.name === place.name),
  );
}

function taken({ kind }: Named, name: string, policy: PolicyUnit, world: World): boolean {
  switch (kind) {
    case 'rule':
      return policy.rules.some(({ rule }) => rule.name === name);
    case 'policy':
      return world.policies.some((each) => each.policy.name === name);
    case 'list':
      return world.policies.some(({ file, root }) =>
        namesOf(file, 'Policy', root).some((each) => each.kind === 'list' && each.name === name),
      );
  }
}

function renamed(named: Named, name: string, policy: PolicyUnit, world: World): readonly Fix[] {
  if (name === '' || world.partial || taken(named, name, policy, world)) return [];
  const uses = usesOf(named, world);
  const edits: TextEdit[] = world.policies.flatMap(({ file, source }) => [
    ...respell(
      source,
      uses.filter((each) => each.file === file),
      name,
    ),
  ]);
  return [{ title: rename, safety: uses.length === 1 ? 'safe' : 'unsafe', edits }];
}

export const nameStyle: Check<'policy'> = {
  code: 'name-style',
  family: 'hygiene',
  severity: 'information',
  title: 'A name that is not in lower case with hyphens, as the others are.',
  unit: 'policy',
  reads: 'world',
  fixes: { [rename]: 'unsafe' },
  check(unit, report, world) {
    const { odd } = own(unit);
    if (odd.length === 0 || otherStyle(world)) return;
    for (const named of odd) {
      const name = kebab(named.text);
      const message = `Most names here are in lower case with hyphens, and people search records for them. Write \`${name}\`.`;
      const fixes = renamed(named, name, unit, world);
      report(named.place, message, fixes.length > 0 ? { fixes } : {});
    }
  },
};
