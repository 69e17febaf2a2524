import { compileTarget } from '../../../model/applies.ts';
import { listNamed, type Lists, patternOf } from '../../../model/lists.ts';
import type { Resource } from '../../../model/workspace.ts';
import { replace, yamlScalar } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const write = 'Write the name that is declared';

function labelsOf(resources: readonly Resource[]): readonly string[] {
  const pairs = resources.flatMap(({ labels }) => Object.entries(labels).map((pair) => pair.join('=')));
  return [...new Set(pairs)].sort();
}

function explain(entry: string, meant: string | undefined, resources: readonly Resource[]): string {
  const labels = labelsOf(resources);
  const said = entry.includes('=') ? `No resource has the label \`${entry}\`.` : undefined;
  if (meant !== undefined)
    return `${said ?? `No resource is named \`${entry}\`.`} Did you mean \`${meant}\`?`;
  if (said !== undefined)
    return `${said} ${labels.length > 0 ? `Labels in gatehouse.yaml: ${labels.join(', ')}.` : 'No resource has labels.'}`;
  const names = resources.map(({ name }) => name);
  return `No resource matches \`${entry}\`. Resources in gatehouse.yaml: ${names.join(', ')}.`;
}

/** Words about a list of which no resource matches anything. */
function explainList(name: string, lists: Lists, resources: readonly Resource[]): string | undefined {
  const targets = lists.patterns(name);
  // An empty one is an error where it is made.
  if (targets.length === 0 || targets.some(({ pattern }) => resources.some(compileTarget(pattern))))
    return undefined;
  return `No resource matches anything of the list \`${name}\`. Resources in gatehouse.yaml: ${resources.map(({ name }) => name).join(', ')}.`;
}

export const unknownResource: Check<'policy'> = {
  code: 'unknown-resource',
  family: 'correctness',
  severity: 'warning',
  title: 'A policy that applies to a resource that is not declared.',
  unit: 'policy',
  reads: 'world',
  fixes: { [write]: 'unsafe' },
  check({ root, source }, report, { workspace, lists }) {
    if (workspace === undefined) return;
    const { resources } = workspace.workspace;
    const to = entryOf(entryOf(root, 'applies')?.value, 'to')?.value;
    if (to?.kind !== 'sequence') return;
    for (const item of to.items) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
      const { range } = item;
      const list = listNamed(item.value);
      if (list !== undefined) {
        const message = explainList(list, lists, resources);
        if (message !== undefined) report(range, message);
        continue;
      }
      const entry = patternOf(item.value);
      if (resources.some(compileTarget(entry))) continue;
      const meant = suggest(entry, [...resources.map(({ name }) => name), ...labelsOf(resources)]);
      report(range, explain(entry, meant, resources), {
        fixes:
          meant === undefined
            ? []
            : [{ title: write, safety: 'unsafe', edits: [replace(source, range, yamlScalar(meant))] }],
      });
    }
  },
};
