import * as z from 'zod';
import { explained, explainedText } from '../explained.ts';
import { explanation } from '../shapes.ts';
import { defineTool } from '../tool.ts';

export const explain = defineTool({
  name: 'explain',
  title: 'What would the gate decide?',
  description:
    'Tells what the gate would decide of a statement, without running it: allow, ask a person, or deny; the rule with file and line behind each action; masks and limits that would hold; and what is allowed instead. It goes by the text alone: names without a schema are taken to lie in public, and masks or the plan of the database may still refuse a statement that it allows.',
  input: z.object({
    resource: z.string().describe('As list_resources names it'),
    statement: z.string().min(1).max(200_000),
  }),
  output: explanation,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: ({ resource }, problem) => ({ resource, problem }),
  run: async ({ link }, { resource, statement }) => {
    const { control } = await link.at(resource);
    const decision = await control.own.decision({ text: statement });
    return { structured: explained(resource, decision), text: explainedText(decision) };
  },
});
