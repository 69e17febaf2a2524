/** Where a policy holds, and how much it would cost there to be wrong. */
import { compileTarget } from '../../model/applies.ts';
import type { Resource } from '../../model/workspace.ts';
import type { PolicyUnit, World, WorkspaceUnit } from '../check.ts';

const environmentKeys = /^(env|environment|stage|tier)$/i;
const productionValues = /^(prod|production|prd|live)([-_.]|$)/i;
const trialValues = /^(dev|develop|development|test|testing|local|sandbox|demo|ci|qa|preview)([-_.]|$)/i;

function labelled({ labels }: Resource, values: RegExp): boolean {
  return Object.entries(labels).some(([key, value]) => environmentKeys.test(key) && values.test(value));
}

/** A resource that its labels call production. */
export function isProduction(resource: Resource): boolean {
  return labelled(resource, productionValues);
}

/** A resource that its labels call one for developing or testing. */
export function isForTrials(resource: Resource): boolean {
  return labelled(resource, trialValues);
}

const kept = new WeakMap<PolicyUnit, { workspace: WorkspaceUnit; resources: readonly Resource[] }>();

/** The resources that a policy applies to; undefined where nobody knows them. */
export function resourcesOf(policy: PolicyUnit, { workspace }: World): readonly Resource[] | undefined {
  if (workspace === undefined) return undefined;
  const before = kept.get(policy);
  if (before?.workspace === workspace) return before.resources;
  const targets = policy.policy.applies.to.map(compileTarget);
  const resources = workspace.workspace.resources.filter((each) => targets.some((matches) => matches(each)));
  kept.set(policy, { workspace, resources });
  return resources;
}

/** The first resource of production that a policy applies to. */
export function productionOf(policy: PolicyUnit, world: World): Resource | undefined {
  return resourcesOf(policy, world)?.find(isProduction);
}

/** Whether a policy surely holds for nothing but resources for developing and testing. */
export function onlyForTrials(policy: PolicyUnit, world: World): boolean {
  const resources = resourcesOf(policy, world);
  return resources !== undefined && resources.length > 0 && resources.every(isForTrials);
}
