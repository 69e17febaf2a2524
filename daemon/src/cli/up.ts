import { Command } from 'commander';
import type { Daemon } from '../daemon.ts';
import type { StatusResult } from '../control/messages.ts';
import { readStdinSecrets } from '../identity/stdin-secrets.ts';
import { findWorkspace } from '../workspace/files.ts';
import { exitCodes } from './exit-codes.ts';
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

The first start of a workspace accepts its policy as it is. Later changes of the files that
could allow more wait for \`gatehouse accept\`; changes that only tighten apply at once.

Exit status: 0 ended on request, 2 could not start.`,
    )
    .action(run(up));
}

async function up(options: UpOptions, command: Command): Promise<number> {
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
  // Loaded here, as no other command needs the protocols.
  const { startDaemon } = await import('../daemon.ts');
  const daemon: Daemon = await startDaemon({
    workspaceFolder,
    log,
    ...(stdinSecrets === undefined ? {} : { stdinSecrets }),
  });
  try {
    if (options.json === true) json({ event: 'ready', status: daemon.status() });
    else welcome(daemon.status());
    await Promise.race([stopped, daemon.stopRequested]);
  } finally {
    if (options.json !== true) err.line(err.paint('dim', 'Ending; open sessions are closed.'));
    await daemon.close();
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
