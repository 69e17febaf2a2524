import type { PolicySet } from '../../model/policy.ts';
import { limitMutants, maskMutants, scopeMutants } from './mask-mutants.ts';
import type { PolicyMutant } from './policy-mutant.ts';
import { ruleMutants } from './rule-mutants.ts';

/** Every mutant of a set: one small change each, in the order of the policies and their parts. */
export function* policyMutants(set: PolicySet): Generator<PolicyMutant> {
  for (const policy of set.policies) {
    for (const makers of [scopeMutants, ruleMutants, maskMutants, limitMutants]) {
      for (const { made, ...change } of makers(policy)) {
        const policies = set.policies.map((each) => (each === policy ? made : each));
        yield { ...change, policy: policy.name, set: { ...set, policies } };
      }
    }
  }
}
