import { Command, InvalidArgumentError, Option } from 'commander';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { ControlClient } from '../control/client.ts';
import type { RecordLine } from '../recordings/entry.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { bringUpToDate, callDaemon, type Context, contextOf, withRecords } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { eventOfRow, isQuiet, type LogEvent, LogJoiner } from './log-events.ts';
import { LogPrinter } from './log-lines.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { plural } from './text.ts';

interface LogOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly number: number;
  readonly effect?: Effect;
  readonly agent?: string;
  readonly resource?: string;
}

export function logCommand(): Command {
  return new Command('log')
    .summary('show requests and what was decided')
    .description('Show the requests of agents, oldest first, with what was decided and by which rule.')
    .option('-f, --follow', 'go on with each decision as it is made, until Ctrl-C')
    .option('-n, --number <count>', 'how many requests of the past to show', countOf, 20)
    .addOption(new Option('--effect <effect>', 'only these').choices(['allow', 'approve', 'deny']))
    .option('--agent <name>', 'only requests of this agent')
    .option('--resource <name>', 'only requests to this resource')
    .option('--json', 'one JSON object a line, with the whole text')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse log --follow                   watch decisions as they are made
  $ gatehouse log -n 100 --effect deny       the last hundred denials
  $ gatehouse log --json | jq .reason        for programs

Columns: time, agent, resource, decision, rule, duration, statement.
Without --follow no daemon is needed.`,
    )
    .action(
      run(async (options: LogOptions, command: Command) => {
        const context = await contextOf(command);
        if (options.follow === true) await follow(context, options);
        else await withRecords(context, async (index) => history(index, options, printer(options)));
        return exitCodes.ok;
      }),
    );
}

function countOf(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 100_000) return number;
  throw new InvalidArgumentError('It is a whole number from 0 to 100000.');
}

interface Printer {
  readonly measure: (events: readonly LogEvent[]) => void;
  readonly print: (event: LogEvent) => void;
}

function printer(options: LogOptions): Printer {
  if (options.json === true) return { measure: () => {}, print: json };
  const lines = new LogPrinter(out);
  return { measure: (events) => lines.measure(events), print: (event) => lines.print(event) };
}

function history(index: StoreIndex, options: LogOptions, { measure, print }: Printer): void {
  const { effect, agent, resource } = options;
  const filter = {
    ...(effect === undefined ? {} : { effect }),
    ...(agent === undefined ? {} : { agent }),
    ...(resource === undefined ? {} : { resource }),
  };
  // Statements that were only made ready are left out, so some more are asked for.
  const rows = index.recentRequests(options.number * 2 + 10, filter).filter((row) => !isQuiet(row));
  const events = rows
    .slice(0, options.number)
    .reverse()
    .map((row) => eventOfRow(row, index));
  measure(events);
  for (const event of events) print(event);
  if (events.length === 0 && options.json !== true && options.number > 0) {
    err.line(err.paint('dim', 'No requests yet.'));
  }
}

function wanted(options: LogOptions, event: LogEvent): boolean {
  const effect = event.standing === 'waiting' ? 'approve' : event.standing;
  return (
    (options.effect === undefined || options.effect === effect) &&
    (options.agent === undefined || options.agent === event.agent) &&
    (options.resource === undefined || options.resource === event.resource)
  );
}

async function follow(context: Context, options: LogOptions): Promise<void> {
  const client = await callDaemon(context);
  try {
    await withRecords(context, (index) => followWith(client, index, options));
  } finally {
    client.close();
  }
}

async function followWith(client: ControlClient, index: StoreIndex, options: LogOptions): Promise<void> {
  const shown = printer(options);
  const joiner = new LogJoiner(
    (session) => lookUp(index, session),
    (event) => {
      if (wanted(options, event)) shown.print(event);
    },
  );
  // The live lines are asked for before the past is read, so that nothing falls between the two.
  let early: RecordLine[] | undefined = [];
  let known = 0;
  const take = (line: RecordLine) => {
    if (early !== undefined) early.push(line);
    else if (line.seq > known) joiner.push(line);
  };
  await client.follow(0, take, (lines) => {
    err.line(
      err.paint(
        'yellow',
        `${plural(lines, 'record')} came too fast to be shown; \`gatehouse log -n\` has them.`,
      ),
    );
  });
  await bringUpToDate(index);
  history(index, options, shown);
  known = index.position.head.seq;
  const waiting = early;
  early = undefined;
  for (const line of waiting) take(line);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await Promise.race([
    interrupted,
    client.closed.then(() => err.line(err.paint('dim', 'The daemon has ended.'))),
  ]);
  joiner.flush();
}

function lookUp(index: StoreIndex, session: string) {
  try {
    return index.sessionById(session);
  } catch {
    return undefined;
  }
}
