import { loadWorkspace } from '../model/load-workspace.ts';
import type { PolicySet } from '../model/policy.ts';
import { loadPolicySet } from '../model/policy-set.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { sortDiagnostics } from '../syntax/source.ts';
import { checkConditions } from './conditions.ts';
import { runChecks } from './run-checks.ts';
import { checkTargets } from './targets.ts';
import { policyUnit, workspaceUnit } from './units.ts';
import type { World } from './check.ts';

export interface WorkspaceFiles {
  /** gatehouse.yaml; `file` is its path relative to the workspace folder, with `/`. */
  readonly workspace: { readonly file: string; readonly text: string } | undefined;
  /** Texts of the policy files by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** The day of the check, for what may expire; now unless given. */
  readonly now?: Date;
}

export interface CheckedWorkspace {
  /** Present when gatehouse.yaml was given and has no error. */
  readonly workspace?: Workspace;
  /** Present when no policy file has an error, conditions included. */
  readonly set?: PolicySet;
  /** In the order of files and places. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Read and check all files of a workspace: what the daemon enforces, the command reports and the editor underlines.
 * Never throws. Whoever enforces a set takes it from here, as only here conditions are checked too.
 */
export function checkWorkspace(files: WorkspaceFiles): CheckedWorkspace {
  const loaded = files.workspace && loadWorkspace(files.workspace.file, files.workspace.text);
  const { set, files: policies, diagnostics: found } = loadPolicySet(files.policies);
  const conditions = policies.flatMap(({ parsed }) => checkConditions(parsed));
  const targets = loaded?.workspace
    ? policies.flatMap(({ parsed }) => checkTargets(parsed, loaded.workspace?.resources ?? []))
    : [];
  const workspace = loaded && workspaceUnit(loaded);
  const units = policies.flatMap((policy) => policyUnit(policy) ?? []);
  const world: World = {
    ...(workspace && { workspace }),
    policies: units,
    partial: units.length < policies.length || (loaded !== undefined && workspace === undefined),
    now: files.now ?? new Date(),
  };
  const texts = [...(loaded ? [loaded.parsed.source] : []), ...policies.map(({ parsed }) => parsed.source)];
  const checked = runChecks(world, texts);
  const whole = !conditions.some(({ severity }) => severity === 'error');
  return {
    ...(loaded?.workspace && { workspace: loaded.workspace }),
    ...(set && whole && { set }),
    diagnostics: sortDiagnostics([
      ...(loaded?.diagnostics ?? []),
      ...found,
      ...conditions,
      ...targets,
      ...checked,
    ]),
  };
}
