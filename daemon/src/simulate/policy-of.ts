import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { PolicyFiles } from '../workspace/files.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';

/** What policy files say, as plain data. */
export type PolicyOf =
  | { readonly kind: 'policy'; readonly set: PolicySet; readonly resources: readonly Resource[] }
  /** The errors, a line each. */
  | { readonly kind: 'broken'; readonly problems: readonly string[] };

export function policyOf(files: PolicyFiles): PolicyOf {
  const { workspace, policies } = files;
  const { set, workspace: read, diagnostics } = checkWorkspace({ workspace, policies, checks: [] });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticLine);
  const problems = [...files.problems, ...errors];
  if (set === undefined || read === undefined || problems.length > 0)
    return {
      kind: 'broken',
      problems: problems.length > 0 ? problems : [`${workspaceFile}: there is no such file`],
    };
  return { kind: 'policy', set, resources: read.resources };
}
