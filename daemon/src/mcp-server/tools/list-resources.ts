import * as z from 'zod';
import type { OwnPolicy } from '../../control/messages.ts';
import type { GateLink } from '../gate-link.ts';
import { ruleLines } from '../problems.ts';
import { resourceList } from '../shapes.ts';
import { defineTool } from '../tool.ts';

type Listed = z.input<typeof resourceList>['resources'][number];

export const listResources = defineTool({
  name: 'list_resources',
  title: 'List resources and what is allowed',
  description:
    'Lists the databases and other resources that can be reached through Gatehouse, each with its labels, what the policy lets this agent do there in plain words (allow, ask a person, deny), which columns are masked, and which limits hold. Begin here: statements outside of what is allowed are refused.',
  input: z.object({}),
  output: resourceList,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: (_input, problem) => ({ agent: '', resources: [], problem }),
  run: async ({ link }) => {
    const all = await link.resources();
    const resources = await Promise.all(
      all.map(({ name, protocol, problem, missingSecret }) => {
        const missing =
          missingSecret === undefined ? undefined : `Nobody gave Gatehouse the secret ${missingSecret}.`;
        return listed(link, { name, protocol }, problem ?? missing);
      }),
    );
    return {
      structured: { agent: link.agent, resources },
      text: resources.length === 0 ? 'No resource is declared.' : resources.map(words).join('\n\n'),
    };
  },
});

async function listed(
  link: GateLink,
  { name, protocol }: { readonly name: string; readonly protocol: string },
  problem: string | undefined,
): Promise<Listed> {
  const bare = { name, protocol, labels: {}, available: false, rules: [], masks: [], bounds: [], access: [] };
  if (problem !== undefined) return { ...bare, problem };
  try {
    const { control } = await link.at(name);
    return told(await control.own.policy());
  } catch (error) {
    return { ...bare, problem: error instanceof Error ? error.message : String(error) };
  }
}

function told({ resource, protocol, labels, rules, masks, bounds, access }: OwnPolicy): Listed {
  return {
    name: resource,
    protocol,
    labels: { ...labels },
    available: true,
    rules: [...rules],
    masks: masks.map(({ columns, with: kind, words: meaning }) => ({
      columns: [...columns],
      with: kind,
      words: meaning,
    })),
    bounds: [...bounds],
    access: access.map(({ id, reason, answer }) => ({
      id,
      reason,
      state: answer?.kind ?? 'waiting',
      ...(answer?.words === undefined ? {} : { words: answer.words }),
    })),
  };
}

function words({ name, protocol, labels, problem, rules, masks, bounds, access }: Listed): string {
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const head = `${name} (${[protocol, ...labelled].join(', ')})`;
  if (problem !== undefined) return `${head}: not to be reached. ${problem}`;
  return [
    `${head}:`,
    ...ruleLines(rules),
    ...masks.map((mask) => `- mask: ${mask.words}`),
    ...bounds.map((bound) => `- limit: ${bound}`),
    ...access.map(
      ({ id, state, reason, words: said }) =>
        `- asked for access (${id}, ${state}): ${reason}${said === undefined ? '' : `; the person says: ${said}`}`,
    ),
  ].join('\n');
}
