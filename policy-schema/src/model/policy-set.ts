import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { sortDiagnostics } from '../syntax/source.ts';
import { entryOf } from '../syntax/tree.ts';
import { policyDigest } from './digest.ts';
import { type LoadedPolicy, loadPolicy } from './load-policy.ts';
import type { Policy, PolicySet } from './policy.ts';

export interface LoadedPolicySet {
  /** Present when no file has an error: a set is whole or it is not. */
  readonly set?: PolicySet;
  readonly diagnostics: readonly Diagnostic[];
  /** Each file as it was read, in the order of file names. */
  readonly files: readonly LoadedPolicy[];
}

/**
 * Read all policy files of a workspace. Never throws.
 * @param files Texts by path relative to the workspace folder, with `/`.
 */
export function loadPolicySet(files: ReadonlyMap<string, string>): LoadedPolicySet {
  const names = [...files.keys()].sort();
  const loaded = names.map((file) => loadPolicy(file, files.get(file) ?? ''));
  const diagnostics = sortDiagnostics([
    ...loaded.flatMap((file) => file.diagnostics),
    ...duplicatePolicies(loaded.map(({ parsed }) => parsed)),
  ]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics, files: loaded };
  const policies = loaded.flatMap(({ policy }) => (policy ? [policy] : []));
  return { set: policySetOf(policies), diagnostics, files: loaded };
}

/** A set of policies that are already typed. */
export function policySetOf(policies: readonly Policy[]): PolicySet {
  return { policies, digest: policyDigest(policies) };
}

/** Policies of one name, in files that are given in the order of their names. */
export function duplicatePolicies(files: readonly ParsedYaml[]): Diagnostic[] {
  const first = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { root, source } of files) {
    // From the tree, so that a broken file's name counts too.
    const entry = root && entryOf(root, 'name');
    if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') continue;
    const before = first.get(entry.value.value);
    if (before === undefined) {
      first.set(entry.value.value, source.file);
      continue;
    }
    const message = `The policy of ${before} has this name already. Give each policy a name of its own: decisions and records refer to it.`;
    found.push(source.diagnostic(entry.value.range, 'duplicate-policy', message));
  }
  return found;
}
