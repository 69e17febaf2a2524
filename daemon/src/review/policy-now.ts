import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { policyOf } from '../simulate/policy-of.ts';
import { filesNow } from '../workspace/files.ts';
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
  const policy = policyOf(await filesNow(folder, texts));
  if (policy.kind === 'broken') return { problems: policy.problems };
  return {
    compiled: compilePolicies(policy.set),
    resources: new Map(policy.resources.map((resource) => [resource.name, resource])),
  };
}
