import type { OwnDenial, OwnPolicy } from '../agents/own.ts';
import { ownDecision, ownPolicy, ownSchema, type Standing } from '../agents/own-standing.ts';
import { ConfigFault } from '../core/faults.ts';
import type { AccessRequests } from '../core/access-requests.ts';
import type { AcceptedPolicy } from '../workspace/accepted.ts';
import type { Listeners } from '../workspace/listeners.ts';
import type { Review } from '../review/questions.ts';
import type { AgentRole, OwnService } from './service.ts';

export interface OwnParts {
  readonly accepted: AcceptedPolicy;
  readonly listeners: Listeners;
  readonly review: Review;
  readonly access: AccessRequests;
}

const longestText = 2000;

/** What agents ask about themselves. Who they are, and of which resource they speak, their token says. */
export function ownOperations(parts: OwnParts): OwnService {
  const { listeners, accepted, access, review } = parts;
  const found = ({ resource }: AgentRole) => {
    const entry = listeners.find(resource);
    if (entry === undefined)
      throw new ConfigFault('resource-unknown', `The resource ${resource} is not there any more.`);
    return entry;
  };
  const standing = (role: AgentRole): Standing => ({
    policies: accepted.current.compiled,
    principal: role.principal,
    resource: found(role).resource,
  });
  return {
    ownPolicy: (role): OwnPolicy => ({
      ...ownPolicy(standing(role)),
      access: access.of(role.principal, role.resource),
    }),
    ownDecision: (role, { text }) => ownDecision(standing(role), text),
    ownSchema: async (role, { table }) => {
      const { listener, problem } = found(role);
      if (listener === undefined)
        throw new ConfigFault('usage', `The resource is not served now: ${problem ?? 'unknown'}`);
      return ownSchema(standing(role), await listener.names(), table);
    },
    ownDenials: async ({ principal, resource }, { limit }): Promise<readonly OwnDenial[]> => {
      const { agent } = principal;
      const { requests } = await review.ask('requests', { effect: 'deny', agent, resource, limit });
      return requests.map(({ id, at, text, reason, rules }) => ({
        id,
        at,
        text: text.slice(0, longestText),
        reason,
        rules: rules
          .filter(({ effect, error }) => effect === 'deny' || error !== undefined)
          .map(({ rule, policy, file, line }) => ({ rule, policy, place: `${file}:${line}` })),
      }));
    },
    requestAccess: (role, params) => access.ask(role, params),
  };
}
