import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Command } from 'commander';
import { clientEnvironments } from '../agents/environment.ts';
import { contextOf, withDaemon } from './context.ts';
import { run } from './run.ts';
import { err } from './terminal.ts';
import { defaultAgent, defaultTask, ttlOf } from './token.ts';

interface ExecOptions {
  readonly agent: string;
  readonly task?: string;
  readonly ttl: number;
  readonly tls?: boolean;
}

/** As shells end when a command is not there, or may not be run. */
const notFound = 127;
const notExecutable = 126;
const forwarded = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

const eightHours = 8 * 60 * 60 * 1000;

export function execCommand(): Command {
  return new Command('exec')
    .summary('run a command that connects through Gatehouse')
    .description(
      'Run a command with the environment that `gatehouse env` prints. It ends as the command ends.',
    )
    .argument('<resource>', 'as gatehouse.yaml names it')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('--agent <name>', 'who connects', defaultAgent())
    .option('--task <text>', 'what for; recorded with each session', defaultTask())
    .option('--ttl <duration>', 'how long its token can log in', ttlOf, eightHours)
    .option('--tls', 'have the client use TLS to Gatehouse and verify it')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse exec shop-db -- psql
  $ gatehouse exec shop-db -- psql -c 'select * from products'
  $ gatehouse exec shop-db --agent claude -- npm test

Exit status: the command's own; 126 or 127 when it cannot be run, 128 and the signal when one ended it.`,
    )
    .action(
      run(async (resource: string, argv: string[], options: ExecOptions, command: Command) => {
        const { agent, task, ttl } = options;
        const token = await withDaemon(
          await contextOf(command),
          (client) => client.mintToken({ resource, agent, ttl, ...(task === undefined ? {} : { task }) }),
          'launcher',
        );
        return runChild(argv, {
          ...process.env,
          ...clientEnvironments.postgres.variables(token, options.tls === true),
        });
      }),
    );
}

function runChild(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { env, stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals) => void child.kill(signal);
    // The terminal sends Ctrl-C to both; whether to end is the command's to say.
    const leave = () => {};
    for (const signal of forwarded) process.on(signal, forward);
    process.on('SIGINT', leave);
    process.on('SIGQUIT', leave);
    const finish = (code: number) => {
      for (const signal of forwarded) process.off(signal, forward);
      process.off('SIGINT', leave);
      process.off('SIGQUIT', leave);
      resolve(code);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      err.line(`gatehouse: ${program}: ${missing ? 'command not found' : 'cannot be run'}`);
      finish(missing ? notFound : notExecutable);
    });
    child.once('exit', (code, signal) => {
      finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
