import { Command } from 'commander';
import type { StatusResult } from '../control/messages.ts';
import { ConfigFault } from '../core/faults.ts';
import type { RunningHost } from '../host/start-host.ts';
import type { SecretText } from '../identity/secret-text.ts';
import { controlSecretName, readStdinSecrets } from '../identity/stdin-secrets.ts';
import { findWorkspace } from '../workspace/files.ts';
import { statePaths } from '../workspace/state.ts';
import { reachHost } from './daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { clock } from './format.ts';
import { run } from './run.ts';
import { statusLines } from './status.ts';
import { err, json, out } from './terminal.ts';

interface UpOptions {
  readonly secretsStdin?: boolean;
  readonly json?: boolean;
}

export function upCommand(): Command {
  return new Command('up')
    .summary('start the daemon of this workspace')
    .description(
      'Start the daemon in the foreground: it listens for agents on loopback, decides by the accepted policy, and records. Ctrl-C ends it.',
    )
    .option(
      '--secrets-stdin',
      'read a JSON object of secrets from standard input, for `password: { stdin: NAME }`',
    )
    .option('--json', 'tell the status when ready, and each event, as JSON lines')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse up
  $ op inject -i secrets.json | gatehouse up --secrets-stdin

One daemon serves all workspaces of a user; where one runs already, this holds the workspace
there. The first start of a workspace accepts its policy as it is. Later changes of the files that
could allow more wait for \`gatehouse accept\`; changes that only tighten apply at once.

Exit status: 0 ended on request, 2 could not start.`,
    )
    .action(run(up));
}

async function up(options: UpOptions, command: Command): Promise<ExitCode> {
  const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
  const workspaceFolder = await findWorkspace(workspace ?? process.cwd());
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const stdinSecrets = options.secretsStdin === true ? await readStdinSecrets(process.stdin) : undefined;
  const log = (line: string) => {
    if (options.json === true) json({ event: 'log', at: new Date().toISOString(), line });
    else err.line(`${err.paint('dim', clock(new Date().toISOString()))} ${line}`);
  };
  const secrets = Object.fromEntries(
    [...(stdinSecrets ?? new Map<string, SecretText>())].map(([name, secret]) => [name, secret.reveal()]),
  );
  const ready = (status: StatusResult) => {
    if (options.json === true) json({ event: 'ready', status });
    else welcome(status);
  };
  const serving = { workspaceFolder, secrets, log, ready, stopped, quiet: options.json === true };
  return serveWorkspace(serving, stdinSecrets?.get(controlSecretName));
}

/** Serve a workspace until it is ended: as the daemon of this user, or at the one that runs already. */
export async function serveWorkspace(serving: Serving, control?: SecretText): Promise<ExitCode> {
  // Loaded here, as no other command needs the protocols.
  const { startHost } = await import('../host/start-host.ts');
  const running = await startHost({
    graceMs: 0,
    log: () => {},
    ...(control === undefined ? {} : { secret: control }),
  });
  return running === undefined ? attach(serving) : foreground(running, serving);
}

export interface Serving {
  readonly workspaceFolder: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  readonly ready: (status: StatusResult) => void;
  readonly stopped: Promise<void>;
  readonly quiet: boolean;
}

/** Be the daemon, also for editors that come later, until Ctrl-C. */
async function foreground(running: RunningHost, serving: Serving): Promise<ExitCode> {
  const { host } = running;
  const ended = Promise.withResolvers<void>();
  try {
    const holder = {
      client: 'gatehouse up',
      log: (_folder: string, line: string) => serving.log(line),
      closed: () => ended.resolve(),
    };
    await host.open(serving.workspaceFolder, holder, serving.secrets);
    const daemon = await host.daemonOf(serving.workspaceFolder);
    if (daemon !== undefined) serving.ready(daemon.status());
    await Promise.race([serving.stopped, ended.promise, host.done]);
  } finally {
    if (!serving.quiet) err.line(err.paint('dim', 'Ending; open sessions are closed.'));
    await running.close();
  }
  return exitCodes.ok;
}

/** Hold the workspace at the daemon that runs already, until Ctrl-C. */
async function attach(serving: Serving): Promise<ExitCode> {
  const client = await reachHost();
  if (client === undefined) {
    throw new ConfigFault('daemon-absent', 'Your daemon is starting or ending; try again in a moment.');
  }
  try {
    client.onLogged(serving.log);
    const ended = new Promise<void>((resolve) => client.onClosed(() => resolve()));
    const { secret } = await client.open(serving.workspaceFolder, serving.secrets);
    const { connectControl } = await import('../control/client.ts');
    const state = statePaths(serving.workspaceFolder);
    const control = await connectControl({ state, client: 'gatehouse up', secret });
    serving.ready(await control.status());
    control.close();
    await Promise.race([serving.stopped, ended, client.closed]);
  } finally {
    client.close();
  }
  return exitCodes.ok;
}

function welcome(status: StatusResult): void {
  for (const line of statusLines(status)) out.line(line);
  const name = status.resources[0]?.name ?? 'RESOURCE';
  out.line();
  out.line(`  ${out.paint('dim', 'connect ')}    gatehouse exec ${name} -- psql`);
  out.line(`  ${out.paint('dim', 'watch   ')}    gatehouse log --follow`);
  out.line(`  ${out.paint('dim', 'answer  ')}    gatehouse approvals`);
  out.line();
  out.line(out.paint('green', 'Ready. Ctrl-C ends it.'));
}
