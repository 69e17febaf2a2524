import type { Resource, SecretSource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { Upstream } from '../upstreams.ts';

/** A resource as the finder sees it. */
export interface Target extends Upstream {
  readonly user: string;
  readonly password?: SecretSource;
}

export function targetOf({ name, protocol, host, port, database, user, password }: Resource): Target {
  const target = { resource: name, protocol, host, port, database, user };
  return password === undefined ? target : { ...target, password };
}

/**
 * The name under which a password that was found is kept: the resource's own where it logs in as the resource's user and
 * nothing is known of a name, else one beside it, so that moving never puts a wrong password in place of a right one.
 */
export function secretNameOf(targets: readonly Target[], resource: string, user: string | undefined): string {
  const target = targets.find((each) => each.resource === resource);
  const own = target?.password !== undefined && 'stdin' in target.password ? target.password.stdin : resource;
  if (user === undefined || user === target?.user) return own;
  const safe = /^[A-Za-z0-9_.-]{1,40}$/.test(user) ? user : 'other';
  return `${own}-${safe}`;
}
