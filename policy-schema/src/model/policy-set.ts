import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type ParsedYaml, parseYaml } from '../syntax/parse-yaml.ts';
import { sortDiagnostics } from '../syntax/source.ts';
import { entryOf, type ScalarNode, type SyntaxNode } from '../syntax/tree.ts';
import { policyDigest } from './digest.ts';
import { declaredLists, Lists } from './lists.ts';
import { type LoadedPolicy, readPolicyFile } from './load-policy.ts';
import type { Policy, PolicySet } from './policy.ts';

export interface LoadedPolicySet {
  /** Present when no file has an error: a set is whole or it is not. */
  readonly set?: PolicySet;
  readonly diagnostics: readonly Diagnostic[];
  /** Each file as it was read, in the order of file names. */
  readonly files: readonly LoadedPolicy[];
  readonly lists: Lists;
}

/**
 * Read all policy files of a workspace. Never throws.
 * @param files Texts by path relative to the workspace folder, with `/`.
 */
export function loadPolicySet(files: ReadonlyMap<string, string>): LoadedPolicySet {
  const names = [...files.keys()].sort();
  const parsed = names.map((file) => parseYaml(file, files.get(file) ?? ''));
  // First the lists of all files, because every file may use them.
  const lists = Lists.of(parsed);
  const loaded = parsed.map((file) => readPolicyFile(file, lists));
  const diagnostics = sortDiagnostics([
    ...loaded.flatMap((file) => file.diagnostics),
    ...duplicatePolicies(parsed),
    ...duplicateLists(parsed, lists),
  ]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics, files: loaded, lists };
  const policies = loaded.flatMap(({ policy }) => (policy ? [policy] : []));
  return { set: policySetOf(policies), diagnostics, files: loaded, lists };
}

/** A set of policies that are already typed. */
export function policySetOf(policies: readonly Policy[]): PolicySet {
  return { policies, digest: policyDigest(policies) };
}

const names = new WeakMap<SyntaxNode, ScalarNode | undefined>();

/** From the tree, so that a broken file's name counts too. */
function nameOf(root: SyntaxNode): ScalarNode | undefined {
  if (names.has(root)) return names.get(root);
  const value = entryOf(root, 'name')?.value;
  const name = value?.kind === 'scalar' && typeof value.value === 'string' ? value : undefined;
  names.set(root, name);
  return name;
}

/** Policies of one name, in files that are given in the order of their names. */
export function duplicatePolicies(files: readonly ParsedYaml[]): Diagnostic[] {
  const first = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { root, source } of files) {
    const node = root && nameOf(root);
    if (typeof node?.value !== 'string') continue;
    const before = first.get(node.value);
    if (before === undefined) {
      first.set(node.value, source.file);
      continue;
    }
    const message = `The policy of ${before} has this name already. Give each policy a name of its own: decisions and records refer to it.`;
    found.push(source.diagnostic(node.range, 'duplicate-policy', message));
  }
  return found;
}

/** Lists that another file has made already. */
export function duplicateLists(files: readonly ParsedYaml[], lists: Lists): Diagnostic[] {
  return files.flatMap((parsed) =>
    declaredLists(parsed).flatMap((list) => {
      const first = lists.get(list.name);
      // Within one file it is a key that stands twice.
      if (first === undefined || first === list || first.file === list.file) return [];
      const message = `${first.file} makes a list of this name already. Give each list of the workspace a name of its own.`;
      const related = [{ file: first.file, ...first.keyRange, message: 'The list of this name.' }];
      return [{ ...parsed.source.diagnostic(list.keyRange, 'duplicate-list', message), related }];
    }),
  );
}
