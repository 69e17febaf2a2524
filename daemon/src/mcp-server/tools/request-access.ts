import * as z from 'zod';
import type { AccessRequest } from '../../control/messages.ts';
import { accessResult } from '../shapes.ts';
import { type Answer, defineTool } from '../tool.ts';

type Result = z.input<typeof accessResult>;

export const requestAccess = defineTool({
  name: 'request_access',
  title: 'Ask a person for access',
  description:
    'Asks a person for what the policy denies, with your reason and the statement that you want to run. It grants nothing by itself: the person reads it in the editor, and may change the policy or decline with words. Go on with other work meanwhile; ask again in the same words, or call list_resources, to see the answer.',
  input: z.object({
    resource: z.string().describe('As list_resources names it'),
    reason: z.string().min(1).max(2000).describe('What you need it for, so that a person can decide'),
    statement: z.string().max(20_000).optional().describe('What you would run'),
  }),
  output: accessResult,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: ({ resource }, problem) => ({ resource, next: [...problem.next], problem }),
  run: async ({ link }, { resource, reason, statement }): Promise<Answer<Result>> => {
    const { control } = await link.at(resource);
    const before = (await control.own.policy()).access.findLast(
      (each) => each.reason === reason && each.statement === statement && each.answer !== undefined,
    );
    const request =
      before ??
      (await control.own.requestAccess({ reason, ...(statement === undefined ? {} : { statement }) }));
    const { answer } = request;
    const next = nextSteps(request);
    return {
      structured: {
        resource,
        id: request.id,
        state: answer?.kind ?? 'waiting',
        ...(answer?.words === undefined ? {} : { words: answer.words }),
        next,
      },
      text: next.join('\n'),
    };
  },
});

function nextSteps({ id, answer }: AccessRequest): string[] {
  const said = answer?.words === undefined ? '' : ` They say: ${answer.words}`;
  switch (answer?.kind) {
    case undefined:
      return [
        `The request ${id} is recorded and shown to a person, who decides. Nothing has changed yet.`,
        'The person may change the policy, or decline. Go on without it meanwhile; list_resources shows the answer.',
      ];
    case 'granted':
      return [
        `${answer.by} granted ${id}.${said}`,
        'Run the statement again: the policy decides it as it is now.',
      ];
    case 'declined':
      return [
        `${answer.by} declined ${id}.${said}`,
        'Do not ask for the same again; find another way to your goal.',
      ];
  }
}
