import type { Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';

/** One connection of one principal to one resource. */
export interface Session {
  readonly id: string;
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly client: { readonly address: string; readonly application: string };
}
