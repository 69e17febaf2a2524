import { Command, Option } from 'commander';
import { contextOf, withRecords } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { count, dayAndTime } from './format.ts';
import { run } from './run.ts';
import { list } from './table.ts';
import { err, json, out } from './terminal.ts';

interface SessionsOptions {
  readonly json?: boolean;
  readonly number: string;
  readonly open?: boolean;
  readonly agent?: string;
  readonly resource?: string;
}

export function sessionsCommand(): Command {
  return new Command('sessions')
    .summary('list recorded sessions')
    .description('List the sessions of agents, newest first. Needs no daemon.')
    .addOption(new Option('-n, --number <count>', 'how many').default('20'))
    .option('--open', 'only sessions that are open now')
    .option('--agent <name>', 'only sessions of this agent')
    .option('--resource <name>', 'only sessions on this resource')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse sessions
  $ gatehouse sessions --open --agent claude
  $ gatehouse replay 4f2a                    replay one, by the beginning of its id`,
    )
    .action(
      run(async (options: SessionsOptions, command: Command) => {
        const context = await contextOf(command);
        const { agent, resource, open } = options;
        const sessions = await withRecords(context, async (index) =>
          index.listSessions({
            limit: Math.max(1, Number(options.number) || 20),
            ...(agent === undefined ? {} : { agent }),
            ...(resource === undefined ? {} : { resource }),
            ...(open === undefined ? {} : { open }),
          }),
        );
        if (options.json === true) {
          for (const { place: _, ...session } of sessions) json(session);
          return exitCodes.ok;
        }
        if (sessions.length === 0) {
          err.line(err.paint('dim', 'No sessions yet.'));
          return exitCodes.ok;
        }
        list(
          out,
          [
            { title: 'SESSION' },
            { title: 'OPENED' },
            { title: 'AGENT' },
            { title: 'RESOURCE' },
            { title: 'STATE' },
            { title: 'REQUESTS', align: 'right' },
            { title: 'DENIED', align: 'right' },
            { title: 'APPROVED', align: 'right' },
            { title: 'ROWS', align: 'right' },
            { title: 'CLIENT', shrinks: true },
          ],
          sessions.map((session) => [
            session.id,
            dayAndTime(session.openedAt),
            session.agent,
            session.resource,
            session.state,
            count(session.requests),
            count(session.denied),
            count(session.approved),
            count(session.rows),
            session.client.application || session.client.address,
          ]),
        );
        return exitCodes.ok;
      }),
    );
}
