import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { fileKindOf, workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { ConfigFault } from '../core/faults.ts';
import { type PolicyFiles, readPolicyFiles } from '../workspace/files.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';
import type { PolicyNow } from './decide-again.ts';

/**
 * The policy of the files as they stand, with some texts in place of what is on the disk.
 * @returns the errors, a line each, where there are any
 * @throws ConfigFault `usage` for a path that is none of a workspace or policy file
 */
export async function policyNow(
  folder: string,
  texts: readonly { readonly path: string; readonly text: string }[],
): Promise<PolicyNow | { readonly problems: readonly string[] }> {
  const files = await filesNow(folder, texts);
  const { workspace, policies } = files;
  const checked = checkWorkspace({ workspace, policies, checks: [] });
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticLine);
  const problems = [...files.problems, ...errors];
  if (checked.workspace === undefined || checked.set === undefined || problems.length > 0)
    return { problems: problems.length > 0 ? problems : [`${workspaceFile}: there is no such file`] };
  return {
    compiled: compilePolicies(checked.set),
    resources: new Map(checked.workspace.resources.map((resource) => [resource.name, resource])),
  };
}

/**
 * The files as they stand, with some texts in place of what is on the disk.
 * @throws ConfigFault `usage` for a path that is none of a workspace or policy file
 */
export async function filesNow(
  folder: string,
  texts: readonly { readonly path: string; readonly text: string }[],
): Promise<PolicyFiles> {
  const files = await readPolicyFiles(folder);
  const policies = new Map(files.policies);
  let { workspace } = files;
  for (const { path, text } of texts) {
    const kind = fileKindOf(path);
    if (kind === undefined) throw new ConfigFault('usage', `${path} is no file of a policy.`);
    if (kind === 'Workspace') workspace = { file: workspaceFile, text };
    else policies.set(path, text);
  }
  return { ...files, ...(workspace && { workspace }), policies };
}
