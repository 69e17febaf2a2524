import type { PolicySet } from '../model/policy.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { AnyCheck } from './check.ts';
import { CheckSession } from './session.ts';

export interface WorkspaceFiles {
  /** gatehouse.yaml; `file` is its path relative to the workspace folder, with `/`. */
  readonly workspace: { readonly file: string; readonly text: string } | undefined;
  /** Texts of the policy files by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** Texts of the test files by path; they are checked, and have no part in what is enforced. */
  readonly tests?: ReadonlyMap<string, string>;
  /** The day of the check, for what may expire; now unless given. */
  readonly now?: Date;
  /** Which checks to run beside those of the language; all of them unless given. */
  readonly checks?: readonly AnyCheck[];
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
export function checkWorkspace({
  workspace: given,
  policies,
  tests,
  ...options
}: WorkspaceFiles): CheckedWorkspace {
  const session = new CheckSession({ ...options, workspaceFile: given?.file });
  for (const [file, text] of policies) session.setFile(file, text);
  for (const [file, text] of tests ?? []) session.setFile(file, text);
  if (given) session.setFile(given.file, given.text);
  const { workspace, set } = session.checked;
  return { ...(workspace && { workspace }), ...(set && { set }), diagnostics: session.all() };
}
