import { Command } from 'commander';
import { contextOf, withDaemon } from './context.ts';
import { standing } from './effects.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { out } from './terminal.ts';
import { cut, oneLine } from './text.ts';

/** `gatehouse approve` and `gatehouse deny`. */
export function approveCommand(): Command {
  return answerCommand('approve')
    .summary('let a waiting request pass')
    .description(
      'Let a waiting request pass, once, exactly as it was asked. With --shape also all that differ from it in nothing but values and come to no more rows and cost than was shown, until its session ends, for an hour at the most.',
    )
    .option('--shape', 'also all of its like in this session')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gatehouse approvals\n  $ gatehouse approve k7m2pq\n  $ gatehouse approve k7m2pq --shape',
    );
}

export function denyCommand(): Command {
  return answerCommand('deny')
    .summary('refuse a waiting request')
    .description('Refuse a waiting request. The reason reaches the agent, so say what it should do instead.')
    .addHelpText('after', '\nExamples:\n  $ gatehouse deny k7m2pq --reason "use the staging database"');
}

function answerCommand(answer: 'approve' | 'deny'): Command {
  return new Command(answer)
    .argument('<id>', 'from `gatehouse approvals`, or its beginning')
    .option('--reason <text>', 'recorded, and told to the agent')
    .action(
      run(async (id: string, options: { reason?: string; shape?: boolean }, command: Command) => {
        const { reason } = options;
        if (id.startsWith('ask-')) return answerAccess(command, id, answer, reason);
        const scope = options.shape === true ? ({ scope: 'shape' } as const) : {};
        const held = await withDaemon(await contextOf(command), (client) =>
          client.answer({ id, answer, ...(reason === undefined ? {} : { reason }), ...scope }),
        );
        const room = (out.columns ?? 200) - 24;
        out.line(`${standing(answer)} ${held.id}  ${cut(oneLine(held.text), room)}`);
        return exitCodes.ok;
      }),
    );
}

/** An agent asked for access. What is granted here, the policy must then say. */
async function answerAccess(
  command: Command,
  id: string,
  answer: 'approve' | 'deny',
  reason: string | undefined,
): Promise<ExitCode> {
  const kind = answer === 'approve' ? 'granted' : 'declined';
  const { agent, resource } = await withDaemon(await contextOf(command), (client) =>
    client.answerAccess({ id, answer: kind, ...(reason === undefined ? {} : { reason }) }),
  );
  out.line(`${standing(answer)} ${id}  ${kind}`);
  if (kind === 'granted')
    out.line(`${oneLine(agent)} is told so. To let it pass, change the policy of ${oneLine(resource)}.`);
  return exitCodes.ok;
}
