import { Command } from 'commander';
import { callDaemon, contextOf } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { out } from './terminal.ts';

export function downCommand(): Command {
  return new Command('down')
    .summary('end the daemon of this workspace')
    .description('Ask the daemon to end, and wait until it has closed its sessions and records.')
    .addHelpText('after', '\nExamples:\n  $ gatehouse down')
    .action(
      run(async (_options: object, command: Command) => {
        const client = await callDaemon(await contextOf(command));
        await client.shutdown();
        await client.closed;
        out.line(`The daemon (process ${client.hello.pid}) has ended.`);
        return exitCodes.ok;
      }),
    );
}
