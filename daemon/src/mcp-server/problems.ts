import type * as z from 'zod';
import type { OwnRule } from '../control/messages.ts';
import { ConfigFault } from '../core/faults.ts';
import type { KeptDenial } from './denials-kept.ts';
import type { problem } from './shapes.ts';
import type { Refusal } from './statement.ts';

export type Problem = z.infer<typeof problem>;

const aroundWords = 'Do not look for a way around the gate; a person sees every request.';

/** The gate refused a statement. */
export function deniedProblem(denial: KeptDenial, allowed: readonly OwnRule[]): Problem {
  const { id, refusal } = denial;
  return {
    ...refusal,
    id,
    allowed: [...allowed],
    next: [
      'Change the statement to what is allowed; `explain` tells what the gate would decide of it, without running it.',
      `Or ask a person with \`request_access\`, and say what you need it for. \`explain_denial\` with ${id} tells more.`,
      aroundWords,
    ],
  };
}

/** The gate let it pass, and the database refused it. */
export function failedProblem(refusal: Refusal): Problem {
  return { ...refusal, next: ['Mend the statement; `schema` tells tables and columns.'] };
}

/** The gate, or what lies behind it, is not to be reached. */
export function unavailableProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ConfigFault ? error.code : undefined;
  switch (code) {
    case 'daemon-absent':
    case 'secret-unavailable':
      return {
        message: 'The gate of this workspace does not run, so no resource can be reached.',
        detail: message,
        next: [
          'Ask the person to open the folder in VS Code with Gatehouse, or to run `gatehouse up` in it. Then call the tool again.',
          aroundWords,
        ],
      };
    case 'workspace-missing':
      return {
        message: 'This folder is no workspace of Gatehouse.',
        detail: message,
        next: ['Ask the person to run `gatehouse init` in it, or to start `gatehouse mcp` with -C FOLDER.'],
      };
    default:
      return { message, next: ['`list_resources` tells what can be reached and how it stands.'] };
  }
}

/** As an agent reads it. */
export function problemText({ message, detail, hint, allowed, next }: Problem): string {
  return [
    message,
    ...(detail === undefined ? [] : [`Why: ${detail}`]),
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    ...(allowed === undefined ? [] : ['What you may do here:', ...ruleLines(allowed)]),
    ...next,
  ].join('\n');
}

export function ruleLines(rules: readonly Pick<OwnRule, 'effect' | 'words' | 'place'>[]): readonly string[] {
  return rules.length === 0
    ? ['- nothing: no rule allows anything']
    : rules.map(({ effect, words, place }) => `- ${effect}: ${words} (${place})`);
}
