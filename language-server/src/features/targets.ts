import { compileTarget } from '@gatehouse/policy-schema/model/applies.ts';
import { entryOf, plainValue } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile } from '../desk.ts';

/** Names of the declared resources that a policy file applies to, as far as it can be read. */
export function resolveTargets(desk: Desk, { unit, tree }: DeskFile): readonly string[] {
  const declared = desk.world.workspace?.workspace.resources ?? [];
  const applies = tree && entryOf(tree, 'applies')?.value;
  const to = applies && entryOf(applies, 'to')?.value;
  const targets = unit?.policy.applies.to ?? (to ? [plainValue(to)].flat().map(String) : []);
  const matches = targets.map(compileTarget);
  return declared.filter((resource) => matches.some((match) => match(resource))).map(({ name }) => name);
}
