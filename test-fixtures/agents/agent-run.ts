import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtFolder } from '../built.ts';
import { type RunningGate, samplePolicies, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A shop behind a gate, and a home of its own for an agent that works in the gate's workspace. */
export interface AgentWorld {
  readonly server: RunningPostgres;
  readonly gate: RunningGate;
  readonly home: string;
  /** The plugin that VS Code and Claude Code load; its launcher is written. */
  readonly plugin: string;
  /** The program that hooks run. */
  readonly launcher: string;
  /** Run an agent to its end. What it prints is not judged. */
  run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export async function startAgentWorld(): Promise<AgentWorld> {
  const dist = builtFolder();
  const home = mkdtempSync(path.join(os.tmpdir(), 'gh-agent-'));
  const server = await startPostgres();
  await createShop(server);
  const gate = await startGate({
    resources: [{ name: 'shop-db', server, ...shopRole }],
    policies: samplePolicies('shop'),
  });
  const env = {
    PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    GATEHOUSE_STATE: gate.stateRoot,
  };
  mkdirSync(path.join(home, 'tmp'));
  const launcher = execFileSync(process.execPath, [path.join(dist, 'hook.js'), '--write-launcher'], {
    encoding: 'utf8',
    env,
  }).trim();
  return {
    server,
    gate,
    home,
    plugin: path.join(repository, 'extension/plugin'),
    launcher,
    run: async (program, args, more) => {
      const run = promisify(execFile)(program, args, {
        cwd: gate.folder,
        env: { ...env, ...more },
        timeout: 120_000,
        maxBuffer: 32 * 1024 * 1024,
      });
      run.child.stdin?.end();
      const { stdout, stderr } = await run.catch((error: { stdout?: string; stderr?: string }) => ({
        stdout: error.stdout ?? '',
        stderr: `${error.stderr ?? ''}${String(error)}`,
      }));
      return `${stdout}${stderr}`;
    },
    stop: async () => {
      await gate.stop();
      await server.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
