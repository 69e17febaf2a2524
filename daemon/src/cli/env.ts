import { Command, Option } from 'commander';
import { clientEnvironments } from '../agents/environment.ts';
import { contextOf, withDaemon } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { defaultAgent, defaultTask, ttlOf } from './token.ts';

const hour = 60 * 60 * 1000;

type Shell = 'sh' | 'fish' | 'powershell';

interface EnvOptions {
  readonly agent: string;
  readonly task?: string;
  readonly ttl: number;
  readonly tls?: boolean;
  readonly shell: Shell;
  readonly json?: boolean;
}

const exports: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  sh: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
};

export function envCommand(): Command {
  return new Command('env')
    .summary('print what a client needs to connect')
    .description(
      'Print shell lines that point a client at a resource through Gatehouse: PGHOST, PGPORT, PGUSER, PGDATABASE, PGSSLMODE, and PGPASSWORD with a fresh token that soon expires.',
    )
    .argument('<resource>', 'as gatehouse.yaml names it')
    .option('--agent <name>', 'who will connect', defaultAgent())
    .option('--task <text>', 'what for; recorded with each session', defaultTask())
    .option('--ttl <duration>', 'how long the token can log in', ttlOf, hour)
    .option('--tls', 'have the client use TLS to Gatehouse and verify it')
    .addOption(new Option('--shell <shell>', 'whose syntax').choices(Object.keys(exports)).default('sh'))
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ eval "$(gatehouse env shop-db)"
  $ gatehouse env shop-db --shell fish | source
  $ gatehouse env shop-db --agent claude --ttl 8h --json

The token is for this resource only, and ends with the daemon.`,
    )
    .action(
      run(async (resource: string, options: EnvOptions, command: Command) => {
        const { agent, task, ttl } = options;
        const token = await withDaemon(
          await contextOf(command),
          (client) => client.mintToken({ resource, agent, ttl, ...(task === undefined ? {} : { task }) }),
          'launcher',
        );
        const variables = clientEnvironments.postgres.variables(token, options.tls === true);
        if (options.json === true) {
          json({ resource, agent, expires: token.expires, env: variables });
          return exitCodes.ok;
        }
        for (const [name, value] of Object.entries(variables)) out.line(exports[options.shell](name, value));
        if (out.interactive) {
          err.line(
            err.paint('dim', `# Until ${token.expires}. To use it: eval "$(gatehouse env ${resource})"`),
          );
        }
        return exitCodes.ok;
      }),
    );
}
