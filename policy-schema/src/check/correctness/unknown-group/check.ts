import { compilePattern } from '../../../model/pattern.ts';
import { fileNames, type NamePlace } from '../../../names/names-of.ts';
import { respell } from '../../../names/respell.ts';
import type { Fix } from '../../../syntax/diagnostic.ts';
import { addEntry, yamlScalar } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, PolicyUnit, WorkspaceUnit } from '../../check.ts';

export const unknownGroup: Check<'policy'> = {
  code: 'unknown-group',
  family: 'correctness',
  severity: 'warning',
  title: 'A group that gatehouse.yaml does not know.',
  unit: 'policy',
  reads: 'world',
  fixes: { 'Write `NAME`': 'unsafe', 'Make `NAME` known in gatehouse.yaml': 'unsafe' },
  check(policy, report, { workspace }) {
    const groups = workspace?.groups;
    if (workspace === undefined || groups === undefined) return;
    const known = [...groups.keys()];
    for (const place of fileNames(policy.file, 'Policy', policy.root).places) {
      if (place.kind !== 'group' || groups.has(place.name)) continue;
      if (place.role === 'pattern') {
        if (known.some(compilePattern(place.name))) continue;
        report(
          place,
          `No group that gatehouse.yaml knows matches \`${place.name}\`. Known: ${listed(known)}. Change the pattern, or add the group below \`groups\` there.`,
        );
        continue;
      }
      const meant = suggest(place.name, known);
      const hint =
        meant === undefined
          ? `Known: ${listed(known)}. Change the name, or add it below \`groups\` there.`
          : `Did you mean \`${meant}\`?`;
      report(place, `gatehouse.yaml knows no group \`${place.name}\`. ${hint}`, {
        fixes: fixesFor(policy, workspace, place, meant),
      });
    }
  },
};

function fixesFor(
  { source }: PolicyUnit,
  workspace: WorkspaceUnit,
  place: NamePlace,
  meant: string | undefined,
): readonly Fix[] {
  const groups = entryOf(workspace.root, 'groups')?.value;
  const write: readonly Fix[] =
    meant === undefined
      ? []
      : [{ title: `Write \`${meant}\``, safety: 'unsafe', edits: respell(source, [place], meant) }];
  if (groups?.kind !== 'mapping') return write;
  const edit = addEntry(
    workspace.source,
    groups,
    yamlScalar(place.name),
    yamlScalar(`The group ${place.name}.`),
  );
  return [
    ...write,
    { title: `Make \`${place.name}\` known in gatehouse.yaml`, safety: 'unsafe', edits: [edit] },
  ];
}

const maxListed = 12;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, maxListed).map((name) => `\`${name}\``);
  return names.length > maxListed ? `${shown.join(', ')} and others` : shown.join(', ');
}
