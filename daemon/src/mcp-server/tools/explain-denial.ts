import * as z from 'zod';
import type { KeptDenial } from '../denials-kept.ts';
import { type Explanation, explained, explainedText } from '../explained.ts';
import type { GateLink } from '../gate-link.ts';
import { explanation } from '../shapes.ts';
import { type Answer, defineTool } from '../tool.ts';

type Denial = NonNullable<Explanation['denial']>;

export const explainDenial = defineTool({
  name: 'explain_denial',
  title: 'Why was it denied?',
  description:
    'Explains a denial: the rule with file and line, its reason, what every rule makes of the statement by the policy as it is now, and what is allowed instead. Without an id it explains the last one, also one that another client of this agent (such as psql) was given.',
  input: z.object({
    id: z
      .string()
      .max(100)
      .optional()
      .describe('From the denial, such as denial-1; the last one unless given'),
    resource: z.string().optional().describe('The last one at this resource'),
  }),
  output: explanation,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: ({ resource = '' }, problem) => ({ resource, problem }),
  run: async ({ link, denials }, { id, resource }): Promise<Answer<Explanation>> => {
    const kept = denials.find(id, resource);
    if (kept !== undefined) return tell(link, kept.resource, ofKept(kept));
    const recorded = await fromRecord(link, id, resource);
    if (recorded !== undefined) return tell(link, recorded.resource, recorded.denial);
    const words = id === undefined ? 'Nothing was denied to this agent yet.' : `There is no denial ${id}.`;
    return {
      structured: {
        resource: resource ?? '',
        problem: { message: words, next: ['`explain` tells what the gate would decide of a statement.'] },
      },
      text: words,
      isError: id !== undefined,
    };
  },
});

function ofKept({ id, at, statement, refusal }: KeptDenial): Denial {
  const { message, detail, hint } = refusal;
  return {
    ...{ id, at, statement, message },
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The newest that the record has of this agent, at one resource or at all. */
async function fromRecord(link: GateLink, id: string | undefined, wanted: string | undefined) {
  const names = wanted === undefined ? (await link.resources()).map(({ name }) => name) : [wanted];
  const found: { resource: string; denial: Denial }[] = [];
  for (const resource of names) {
    const { control } = await link.at(resource);
    for (const each of await control.own.denials({ limit: 20 })) {
      const detail = each.rules.map(({ rule, place }) => `rule ${rule} (${place})`).join('; ');
      const { id: request, at, text, reason } = each;
      const denial = {
        id: request,
        at,
        statement: text,
        message: reason,
        ...(detail === '' ? {} : { detail }),
      };
      found.push({ resource, denial });
    }
  }
  return found
    .filter(({ denial }) => id === undefined || denial.id === id)
    .sort((a, b) => (a.denial.at < b.denial.at ? 1 : -1))[0];
}

async function tell(link: GateLink, resource: string, denial: Denial): Promise<Answer<Explanation>> {
  const { control } = await link.at(resource);
  const decision = await control.own.decision({ text: denial.statement });
  const lines = [
    `${denial.id} at ${denial.at}, on ${resource}: ${denial.message}`,
    ...(denial.detail === undefined ? [] : [`Why: ${denial.detail}`]),
    ...(denial.hint === undefined ? [] : [`Hint: ${denial.hint}`]),
    'By the policy as it is now:',
    explainedText(decision),
  ];
  return { structured: { ...explained(resource, decision), denial }, text: lines.join('\n') };
}
