import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import type { HostClient } from '../host/client.ts';
import { readControlSecret } from '../identity/control-secret.ts';
import { SecretText } from '../identity/secret-text.ts';
import { controlSecretName, readStdinSecrets } from '../identity/stdin-secrets.ts';
import { ConfigFault } from '../core/faults.ts';
import { controlSecretVariable } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';

/** A window that is loaded anew comes back within seconds. */
const graceMs = 8000;
const idleMs = 60_000;

export function daemonCommand(): Command {
  return new Command('daemon')
    .summary('the one process that serves all your workspaces')
    .description(
      'One daemon serves a user: editors start it in the background, `gatehouse up` runs it in the foreground. Each workspace is served as long as a window or a command holds it.',
    )
    .addCommand(startCommand())
    .addCommand(runCommand(), { hidden: true })
    .addCommand(statusCommand(), { isDefault: true })
    .addCommand(stopCommand())
    .addHelpText('after', '\nExamples:\n  $ gatehouse daemon\n  $ gatehouse daemon stop');
}

function startCommand(): Command {
  return new Command('start')
    .summary('find it, or start it in the background')
    .description(
      'Find the daemon, or start one in the background. An older one makes way. With nothing to serve it ends after a minute.',
    )
    .option('--secret-stdin', 'keep its secret in memory: read it from standard input, in a JSON object')
    .option('--json', 'tell where it listens, and what to say hello with')
    .option('--client <name>', 'who starts it', 'gatehouse')
    .action(
      run(async (options: { secretStdin?: boolean; json?: boolean; client: string }) => {
        const { ensureHost } = await import('../host/ensure-host.ts');
        const entry = process.argv[1] ?? '';
        const { address, secret, version, pid } = await ensureHost({
          secret: options.secretStdin === true ? await givenSecret() : newSecret(),
          client: options.client,
          run: [entry, 'daemon', 'run', ...(options.secretStdin === true ? ['--secret-stdin'] : [])],
        });
        if (options.json === true) json({ socket: address.socket, secret: secret.reveal(), version, pid });
        else out.line(`The daemon ${version} runs (process ${pid}).`);
        return exitCodes.ok;
      }),
    );
}

function runCommand(): Command {
  return new Command('run')
    .summary('be the daemon')
    .option('--secret-stdin')
    .action(
      run(async (options: { secretStdin?: boolean }) => {
        const given = options.secretStdin === true ? { secret: await givenSecret() } : {};
        const stopped = new Promise<void>((resolve) => {
          for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
        });
        const { startHost } = await import('../host/start-host.ts');
        const log = (line: string) => err.line(`${new Date().toISOString()} ${line}`);
        const running = await startHost({ ...given, graceMs, idleMs, log });
        // Another one was faster, which is as good.
        if (running === undefined) return exitCodes.ok;
        await Promise.race([stopped, running.host.done]);
        await running.close();
        return exitCodes.ok;
      }),
    );
}

function statusCommand(): Command {
  return new Command('status')
    .summary('what it serves, and for whom')
    .option('--json', 'as one JSON object')
    .action(
      run(async (options: { json?: boolean }) =>
        withHost(async (client) => {
          const status = await client.status();
          if (options.json === true) json(status);
          else {
            out.line(`Gatehouse ${status.version}, process ${status.pid}, Node ${status.node}`);
            for (const { folder, clients } of status.workspaces)
              out.line(`  ${folder}  ${out.paint('dim', clients.join(', ') || 'nobody; it closes soon')}`);
            if (status.workspaces.length === 0) out.line(out.paint('dim', '  no workspace is open'));
          }
          return exitCodes.ok;
        }),
      ),
    );
}

function stopCommand(): Command {
  return new Command('stop').summary('let sessions end, then end it').action(
    run(async () =>
      withHost(async (client) => {
        await client.drain();
        await client.closed;
        out.line(`The daemon (process ${client.hello.pid}) has ended.`);
        return exitCodes.ok;
      }),
    ),
  );
}

async function withHost<Result>(work: (client: HostClient) => Promise<Result>): Promise<Result> {
  const client = await reachHost();
  if (client === undefined) throw new ConfigFault('daemon-absent', 'No daemon runs for you.');
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/**
 * The daemon of this user, if one runs.
 * @throws ConfigFault `secret-unavailable` when an editor keeps its secret
 */
export async function reachHost(): Promise<HostClient | undefined> {
  const { hostPlace, readAddress } = await import('../host/place.ts');
  const { connectHost } = await import('../host/client.ts');
  const place = hostPlace();
  const address = readAddress(place);
  if (address === undefined) return undefined;
  const secret = process.env[hostSecretVariable] ?? readControlSecret(place.secret)?.reveal();
  if (secret === undefined) {
    const { socket } = address;
    if ((await connectHost({ socket, pid: 0 }, '', 'gatehouse').catch(() => 'refused')) === undefined)
      return undefined;
    throw new ConfigFault('secret-unavailable', unlock);
  }
  try {
    return await connectHost(address, secret, 'gatehouse');
  } catch {
    throw new ConfigFault('secret-unavailable', unlock);
  }
}

/** Holds the host's secret in terminals that a person unlocked in the editor; beside {@link controlSecretVariable}. */
const hostSecretVariable = 'GATEHOUSE_HOST_SECRET';
const unlock = `Your daemon was started by an editor, which keeps its secret. Run "Gatehouse: Open an Unlocked Terminal" there and use that terminal; it sets ${hostSecretVariable} and ${controlSecretVariable}.`;

async function givenSecret(): Promise<SecretText> {
  const secret = (await readStdinSecrets(process.stdin)).get(controlSecretName);
  if (secret !== undefined) return secret;
  throw new ConfigFault('secret-unavailable', `Standard input has no "${controlSecretName}".`);
}

function newSecret(): SecretText {
  return new SecretText(`ghc_${randomBytes(32).toString('base64url')}`);
}
