import type { Diagnostic } from '../syntax/diagnostic.ts';
import { maxDiagnostics } from '../syntax/parse-yaml.ts';
import type { MappingEntry, MappingNode, SyntaxNode } from '../syntax/tree.ts';
import { type LoadedPolicy, readPolicyFile } from './load-policy.ts';
import type { Policy } from './policy.ts';

export interface ReadablePart {
  readonly policy: Policy;
  /** The file's tree without what is broken. */
  readonly root: MappingNode;
}

/**
 * What can be read of a policy file that has errors: its head, and the rules, masks and bounds on whose lines no error
 * stands. For checks and the editor alone: a policy without its broken rule may allow what the whole one denies, so this
 * is never enforced. Undefined where the errors leave nothing certain.
 */
export function readablePart({ policy, parsed, diagnostics, lists }: LoadedPolicy): ReadablePart | undefined {
  const { tree, source } = parsed;
  if (policy !== undefined || tree?.kind !== 'mapping') return undefined;
  // Of what stands behind the last one told, nothing is known.
  if (parsed.diagnostics.length >= maxDiagnostics) return undefined;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const root = withoutBroken(tree, errors, (offset) => source.position(offset).line);
  const part = readPolicyFile({ source, root, tree: root, diagnostics: [], local: parsed.local }, lists);
  return part.policy && { policy: part.policy, root };
}

const sequences: ReadonlySet<string> = new Set(['rules', 'masks']);

function withoutBroken(
  root: MappingNode,
  errors: readonly Diagnostic[],
  lineOf: (offset: number) => number,
): MappingNode {
  // A bracket or quote that is not closed is found where the next thing begins.
  const places = errors.map(({ code, line, endLine }) => ({
    from: code === 'syntax' ? line - 1 : line,
    to: endLine,
  }));
  const sound = (from: number, to: number): boolean =>
    !places.some((place) => place.from <= Math.max(from, to) && place.to >= from);
  const entries = root.entries.flatMap((entry, index): MappingEntry[] => {
    const from = lineOf(entry.keyRange.start);
    const next = root.entries[index + 1];
    const to = next === undefined ? Number.POSITIVE_INFINITY : lineOf(next.keyRange.start) - 1;
    if (entry.value.kind !== 'sequence' || !sequences.has(entry.key)) return sound(from, to) ? [entry] : [];
    const starts = entry.value.items.map(({ range }) => lineOf(range.start));
    const first = starts[0];
    if (first === undefined || !sound(from, Math.max(from, first - 1))) return [];
    const items = entry.value.items.filter((_: SyntaxNode, item: number) =>
      sound(starts[item] ?? from, (starts[item + 1] ?? to + 1) - 1),
    );
    return items.length === 0 ? [] : [{ ...entry, value: { ...entry.value, items } }];
  });
  return { ...root, entries };
}
