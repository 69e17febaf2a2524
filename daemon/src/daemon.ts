import { existsSync, realpathSync, rmSync } from 'node:fs';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { StatusResult } from './control/messages.ts';
import { controlOperations } from './control/operations.ts';
import { serveControl } from './control/server.ts';
import { AccessRequests } from './core/access-requests.ts';
import { Approvals } from './core/approvals.ts';
import type { Listener, Protocol } from './core/listener.ts';
import { RecordFault } from './core/faults.ts';
import { Pipeline } from './core/pipeline.ts';
import { type PastUse, Usage } from './core/usage.ts';
import { type LocalCa, loadOrCreateCa } from './identity/ca.ts';
import { provideControlSecret, provideLaunchSecret } from './identity/control-secret.ts';
import { provideMaskKey } from './identity/mask-key.ts';
import { localPerson } from './identity/person.ts';
import type { SecretText } from './identity/secret-text.ts';
import { fetchSecret } from './identity/secrets.ts';
import { controlSecretName } from './identity/stdin-secrets.ts';
import { Tokens } from './identity/tokens.ts';
import { type Indexing, startIndexing } from './recordings/indexing.ts';
import { openReview } from './review/review.ts';
import { neverInForce } from './recordings/read-segments.ts';
import { openRecorder } from './recordings/recorder.ts';
import { openIndex } from './recordings/store-index.ts';
import { version } from './core/version.ts';
import { AcceptedPolicy } from './workspace/accepted.ts';
import { readPolicyFiles } from './workspace/files.ts';
import { type ListenerPlan, Listeners } from './workspace/listeners.ts';
import { writePrivateFile } from './core/private-file.ts';
import { type Snapshot, snapshotFiles } from './workspace/snapshot.ts';
import { controlSocketPath, ensurePrivateFolder, type StatePaths, statePaths } from './workspace/state.ts';

export interface DaemonOptions {
  /** The folder that holds `.gatehouse/`. */
  readonly workspaceFolder: string;
  /** In place of `GATEHOUSE_STATE` and the user's state folder. */
  readonly stateFolder?: string;
  /** By name, as `gatehouse up --secrets-stdin` reads them; looked up for each connection. */
  readonly stdinSecrets?: ReadonlyMap<string, SecretText>;
  /** Lines for the person who watches the daemon. */
  readonly log: (line: string) => void;
  readonly onReady?: (status: StatusResult) => void;
  /** For tests; absent: those of protocols/registry.ts. */
  readonly protocols?: Readonly<Record<Resource['protocol'], Protocol>>;
  /** What does not end by then must not keep the rest, the records above all, from being closed. For tests. */
  readonly closeWithinMs?: number;
}

export interface Daemon {
  readonly state: StatePaths;
  /** Where operators call it, and by which secret. */
  readonly control: { readonly socket: string; readonly secret: SecretText };
  status(): StatusResult;
  /** Settles when somebody asked the daemon, over its control socket, to end. */
  readonly stopRequested: Promise<void>;
  close(): Promise<void>;
}

const listenHost = '127.0.0.1';

/**
 * Start the daemon of a workspace.
 * @throws ConfigFault, RecordFault or a listener's error; what was started by then is closed again
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const shutdown = new Shutdown(options.log, options.closeWithinMs ?? 15_000);
  try {
    return await start(options, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(options: DaemonOptions, shutdown: Shutdown): Promise<Daemon> {
  const { log } = options;
  const workspaceFolder = realpathSync(options.workspaceFolder);
  const stdin = options.stdinSecrets ?? new Map<string, SecretText>();
  const env =
    options.stateFolder === undefined
      ? process.env
      : { ...process.env, GATEHOUSE_STATE: options.stateFolder };
  const person = localPerson();

  const state = statePaths(workspaceFolder, env);
  ensurePrivateFolder(state.folder);

  const accepted = new AcceptedPolicy({ workspaceFolder, store: state.accepted, person: person.name, log });
  // On a first start the files are about to be accepted, so what they say of the records holds for them already.
  const settings =
    accepted.current.snapshot ?? (existsSync(state.records) ? undefined : await proposed(workspaceFolder));
  const durability = settings?.parsed.records.durability ?? 'durable';

  const recorder = await openRecorder(state.records, { durability });
  shutdown.push('records', () => recorder.close());
  if (recorder.recovered !== undefined) log(recorder.recovered);
  const firstStart = await neverInForce(state.records);
  const indexing = startIndexing(recorder, { onProblem: log });
  shutdown.push('index', () => indexing.close());
  const review = openReview({ folder: state.records, workspaceFolder, indexing });
  shutdown.push('review of records', () => review.close());
  shutdown.push('last record', async () =>
    recorder.note({ kind: 'daemon.stopped', detail: `version ${version}` }),
  );

  const ca = await loadOrCreateCa(state.identity);
  const maskKey = provideMaskKey(state.maskKey);
  const tokens = new Tokens();
  const secret = provideControlSecret(state.controlSecret, stdin.get(controlSecretName));

  const launchSecret = provideLaunchSecret(state.launchSecret);
  const approvals = new Approvals();
  shutdown.push('held requests', async () => approvals.close());
  const usage = new Usage(usedBefore(recorder.folder, recorder.lines, indexing), () => new Date());
  const policies = () => accepted.current.compiled;
  if (policies().set.policies.some(({ budgets }) => Object.keys(budgets).length > 0))
    await usage.ready().catch((error: unknown) => log(`What was used today is not known: ${String(error)}`));
  const gate = new Pipeline({ policies, records: recorder, approvals, usage });
  const protocols = options.protocols ?? (await import('./protocols/registry.ts')).protocols;
  const open = listenerOpener({ workspaceFolder, protocols, ca, maskKey, tokens, gate, stdin, log });
  const listeners = new Listeners({ open, portsFile: state.ports, log });
  shutdown.push('listeners', () => listeners.close());

  await recorder.append({ kind: 'daemon.started', detail: `version ${version}, by ${person.name}` });
  shutdown.push('policy files', () => accepted.close());
  await accepted.begin(recorder, firstStart, ({ snapshot }) => listeners.apply(snapshot));

  const stop = Promise.withResolvers<void>();
  const service = controlOperations({
    workspaceFolder,
    stateFolder: state.folder,
    person,
    secret,
    launchSecret,
    tokens,
    approvals,
    access: new AccessRequests(recorder),
    usage,
    accepted,
    listeners,
    recorder,
    review,
    durability,
    given: stdin,
    caFile: ca.caFile,
    shutdown: () => stop.resolve(),
    log,
  });
  const control = await serveControl(controlSocketPath(state, env), service);
  shutdown.push('control socket', () => control.close());
  writePrivateFile(state.daemon, `${JSON.stringify({ socket: control.socket, pid: process.pid })}\n`);
  shutdown.push('its address', async () => rmSync(state.daemon, { force: true }));

  const status = () => service.status({ kind: 'operator' });
  options.onReady?.(status());
  return {
    state,
    control: { socket: control.socket, secret },
    status,
    stopRequested: stop.promise,
    close: () => shutdown.run(),
  };
}

/** What the records up to `lines` say of today. @throws RecordFault when they are damaged, or their index cannot be read */
function usedBefore(folder: string, lines: number, indexing: Indexing): () => Promise<readonly PastUse[]> {
  const today = new Date();
  today.setUTCHours(0, 0, 0, 0);
  return async () => {
    const { damage } = await indexing.now();
    if (damage !== undefined) throw new RecordFault('store-corrupt', damage.message);
    const index = openIndex(folder);
    try {
      return index.usedSince(today, lines);
    } finally {
      index.close();
    }
  };
}

async function proposed(workspaceFolder: string): Promise<Snapshot | undefined> {
  const result = await snapshotFiles(workspaceFolder, await readPolicyFiles(workspaceFolder));
  return result.ok ? result.snapshot : undefined;
}

interface OpenerParts {
  readonly workspaceFolder: string;
  readonly protocols: Readonly<Record<Resource['protocol'], Protocol>>;
  readonly ca: LocalCa;
  readonly maskKey: Buffer;
  readonly tokens: Tokens;
  readonly gate: Pipeline;
  readonly stdin: ReadonlyMap<string, SecretText>;
  readonly log: (line: string) => void;
}

/** Opens a resource's listener on loopback. Its credential is fetched when a connection needs it, and not kept. */
function listenerOpener(parts: OpenerParts): (plan: ListenerPlan, port: number) => Promise<Listener> {
  const { workspaceFolder, stdin } = parts;
  return ({ resource, caPem, sizes, results }, port) =>
    parts.protocols[resource.protocol].listen({
      resource,
      ...(caPem === undefined ? {} : { caPem }),
      host: listenHost,
      port,
      gate: parts.gate,
      verifyToken: (token, peer) => parts.tokens.verify(token, resource.name, peer),
      secret: async () =>
        resource.password === undefined
          ? undefined
          : fetchSecret(resource.password, { workspaceFolder, stdin }),
      certificate: { certPem: parts.ca.certPem, keyPem: parts.ca.keyPem },
      maskKey: parts.maskKey,
      sizes,
      results,
      log: parts.log,
    });
}

/** Wait for some work, but not longer; meanwhile the process stays, whatever the work waits for. */
async function within(ms: number, work: Promise<void>, late: () => void): Promise<void> {
  const waited = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late();
    waited.resolve();
  }, ms);
  try {
    await Promise.race([work, waited.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What was started, closed once, the last first; one that fails does not keep the others open. */
class Shutdown {
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> }[] = [];
  readonly #log: (line: string) => void;
  readonly #closeWithinMs: number;
  #done: Promise<void> | undefined;

  constructor(log: (line: string) => void, closeWithinMs: number) {
    this.#log = log;
    this.#closeWithinMs = closeWithinMs;
  }

  push(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close });
  }

  run(): Promise<void> {
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    for (const { name, close } of this.#steps.reverse()) {
      try {
        await within(this.#closeWithinMs, close(), () =>
          this.#log(
            `Closing the ${name} takes longer than ${this.#closeWithinMs / 1000} s; going on without it.`,
          ),
        );
      } catch (error) {
        this.#log(`Closing the ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
