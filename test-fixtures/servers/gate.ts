import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlClient, connectControl } from '@gatehouse/daemon/control/client.ts';
import type { TokenResult } from '@gatehouse/daemon/control/messages.ts';
import { startDaemon } from '@gatehouse/daemon/daemon.ts';
import { SecretText } from '@gatehouse/daemon/identity/secret-text.ts';
import type { RecordLine } from '@gatehouse/daemon/recordings/entry.ts';
import type { RunningPostgres } from './postgres.ts';

export interface GateResource {
  readonly name: string;
  readonly server: Pick<RunningPostgres, 'host' | 'port' | 'user' | 'password' | 'database'>;
  /** Absent: the server's. */
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** YAML of the resource's `tls`; `{ mode: disable }` unless told. */
  readonly tls?: string;
}

export interface GateOptions {
  readonly resources: readonly GateResource[];
  /** Policy files by name, without `.policy.yaml`. */
  readonly policies: Readonly<Record<string, string>>;
  readonly durability?: 'durable' | 'written';
  /** Further lines of gatehouse.yaml. */
  readonly settings?: string;
  /** `false`: do not gather record lines, which costs the daemon something. */
  readonly followRecords?: boolean;
}

export interface RunningGate {
  /** The workspace's folder; write into `.gatehouse/` there to change the policy. */
  readonly folder: string;
  readonly stateRoot: string;
  /** What the daemon said to the person who watches it. */
  readonly log: readonly string[];
  readonly control: ControlClient;
  /** Every record line so far. */
  readonly lines: readonly RecordLine[];
  /** The first line, past or to come, that `wanted` takes. */
  line(wanted: (line: RecordLine) => boolean): Promise<RecordLine>;
  /** A token for an agent, with the place to connect to. */
  token(resource: string, agent?: string): Promise<TokenResult>;
  /** What `pg` and the like take to connect as an agent. */
  login(resource: string, agent?: string): Promise<Login>;
  stop(): Promise<void>;
}

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The policy files of a sample workspace, by name. */
export function samplePolicies(workspace: string): Record<string, string> {
  const folder = fileURLToPath(new URL(`../workspaces/${workspace}/.gatehouse/policies/`, import.meta.url));
  const files = globSync('*.policy.yaml', { cwd: folder });
  return Object.fromEntries(
    files.map((file) => [file.replace('.policy.yaml', ''), readFileSync(path.join(folder, file), 'utf8')]),
  );
}

/** A policy that lets everything pass. */
export const allowAll = `gatehouse: v1
kind: Policy
name: allow-all
applies: { to: ["*"] }
rules:
  - { name: everything, effect: allow }
`;

/** A daemon in this process, on a workspace of its own under the temporary folder. */
export async function startGate(options: GateOptions): Promise<RunningGate> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-gate-')));
  const folder = path.join(root, 'workspace');
  const stateRoot = path.join(root, 'state');
  const discard = () => rmSync(root, { recursive: true, force: true });
  let stopDaemon = async () => {};
  try {
    writeWorkspace(folder, options);
    const stdinSecrets = new Map(
      options.resources.map((each) => [each.name, new SecretText(each.password ?? each.server.password)]),
    );
    const log: string[] = [];
    const start = () =>
      startDaemon({
        workspaceFolder: folder,
        stateFolder: stateRoot,
        stdinSecrets,
        log: (line) => log.push(line),
      });
    let daemon = await start();
    stopDaemon = () => daemon.close();
    if (options.durability !== 'durable') {
      // The record is opened before a workspace is accepted for the first time, so its setting holds from then on.
      await daemon.close();
      daemon = await start();
    }
    const problem = daemon.status().resources.find((each) => each.problem !== undefined)?.problem;
    if (problem !== undefined) throw new Error(`${problem}\n${log.join('\n')}`);
    const control = await connectControl({ state: daemon.state, client: 'test' });
    const lines: RecordLine[] = [];
    const waiting = new Set<(line: RecordLine) => void>();
    const gather = (line: RecordLine) => {
      lines.push(line);
      for (const each of waiting) each(line);
    };
    if (options.followRecords !== false) await control.follow(0, gather, () => {});
    const token = (resource: string, agent = 'test-agent') =>
      control.mintToken({ resource, agent, ttl: 3_600_000 });
    return {
      folder,
      stateRoot,
      log,
      control,
      lines,
      line: (wanted) => {
        const past = lines.find(wanted);
        if (past !== undefined) return Promise.resolve(past);
        return new Promise((resolve) => {
          const look = (line: RecordLine) => {
            if (!wanted(line)) return;
            waiting.delete(look);
            resolve(line);
          };
          waiting.add(look);
        });
      },
      token,
      login: async (resource, agent) => {
        const { host, port, user, token: password, database } = await token(resource, agent);
        return { host, port, user, password, database };
      },
      stop: async () => {
        control.close();
        await stopDaemon();
        discard();
      },
    };
  } catch (error) {
    await stopDaemon();
    discard();
    throw error;
  }
}

function writeWorkspace(folder: string, options: GateOptions): void {
  mkdirSync(path.join(folder, '.gatehouse', 'policies'), { recursive: true });
  const resources = options.resources.map(
    (each) => `  - name: ${each.name}
    protocol: postgres
    labels: ${JSON.stringify(each.labels ?? {})}
    host: ${each.server.host}
    port: ${each.server.port}
    database: ${each.database ?? each.server.database}
    user: ${each.user ?? each.server.user}
    password: { stdin: ${each.name} }
    tls: ${each.tls ?? '{ mode: disable }'}
`,
  );
  writeFileSync(
    path.join(folder, '.gatehouse', 'gatehouse.yaml'),
    `gatehouse: v1
kind: Workspace
resources:
${resources.join('')}records: { durability: ${options.durability ?? 'written'} }
${options.settings ?? ''}`,
  );
  for (const [name, text] of Object.entries(options.policies)) {
    writeFileSync(path.join(folder, '.gatehouse', 'policies', `${name}.policy.yaml`), text);
  }
}
