import type { Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';

/** One connection of one principal to one resource. */
export interface Session {
  readonly id: string;
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly client: {
    readonly address: string;
    readonly application: string;
    /** What the client asked for at its login, as it goes on to the server; in the protocol's own names. */
    readonly settings?: Readonly<Record<string, string>>;
  };
}
