import { compileTarget } from '../model/applies.ts';
import { listNamed, type Lists, patternOf } from '../model/lists.ts';
import type { Resource } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { suggest } from '../syntax/suggest.ts';
import { entryOf } from '../syntax/tree.ts';

/** Warn of each entry of `applies.to` that no declared resource matches: such a policy quietly does nothing. */
export function checkTargets(
  { root, source }: ParsedYaml,
  resources: readonly Resource[],
  lists: Lists,
): Diagnostic[] {
  const to = entryOf(root && entryOf(root, 'applies')?.value, 'to')?.value;
  if (to?.kind !== 'sequence') return [];
  const found: Diagnostic[] = [];
  for (const item of to.items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const message = explain(item.value, resources, lists);
    if (message === undefined) continue;
    found.push(source.diagnostic(item.range, 'unknown-resource', message, 'warning'));
  }
  return found;
}

/** Undefined where some resource matches. */
function explain(item: string, resources: readonly Resource[], lists: Lists): string | undefined {
  const list = listNamed(item);
  if (list !== undefined) {
    const targets = lists.patterns(list);
    const matched = targets.some(({ pattern }) => resources.some(compileTarget(pattern)));
    // An empty one is an error where it is made.
    if (matched || targets.length === 0) return undefined;
    return `No resource matches anything of the list \`${list}\`. Resources in gatehouse.yaml: ${resources.map(({ name }) => name).join(', ')}.`;
  }
  const entry = patternOf(item);
  if (resources.some(compileTarget(entry))) return undefined;
  const names = resources.map(({ name }) => name);
  const meant = suggest(entry, names);
  if (meant !== undefined) return `No resource is named \`${entry}\`. Did you mean \`${meant}\`?`;
  if (entry.includes('=')) {
    const labels = [
      ...new Set(resources.flatMap(({ labels }) => Object.entries(labels).map((pair) => pair.join('=')))),
    ];
    const known =
      labels.length > 0
        ? `Labels in gatehouse.yaml: ${labels.sort().join(', ')}.`
        : 'No resource has labels.';
    return `No resource has the label \`${entry}\`. ${known}`;
  }
  return `No resource matches \`${entry}\`. Resources in gatehouse.yaml: ${names.join(', ')}.`;
}
