import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import { loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { ProtocolFault, TargetFault } from '../../core/faults.ts';
import type { KnownNames } from '../../core/known-names.ts';
import type { Listener, ListenOptions, Protocol } from '../../core/listener.ts';
import type { Session } from '../../core/session.ts';
import { Catalog } from './catalog.ts';
import { fatalError } from './denial.ts';
import { knownNames } from './known-names.ts';
import { PostgresSession } from './session.ts';
import { acceptClient } from './startup/accept-client.ts';
import type { Accepted } from './startup/accept-options.ts';
import { passSettings, underRecord } from './session-opening.ts';
import { startupSettings } from './startup-settings.ts';
import { cancelTarget } from './target/cancel.ts';
import { dialTarget } from './target/dial.ts';
import type { DialOptions, Target } from './target/target-options.ts';
import { encodeErrorResponse } from './wire/backend-messages.ts';
import { Sqlstate } from './wire/codes.ts';
import { letGo } from './wire/outlet.ts';

/** How long a client may take to log in, and a server to answer a login. */
const startupTimeoutMs = 10_000;
const dialTimeoutMs = 15_000;
const cancelTimeoutMs = 3000;

type AcceptedSession = Extract<Accepted<Principal>, { kind: 'session' }>;

/** Serves one PostgreSQL database to agents on loopback. */
class PostgresListener implements Listener {
  readonly #options: ListenOptions;
  readonly #server: Server;
  readonly #catalog = new Catalog();
  readonly #analyses = new AnalysisCache();
  /** By process id and cancel key, as a CancelRequest names them. */
  readonly #sessions = new Map<string, PostgresSession>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #context: SecureContext;
  /** One object for all sessions: decisions are cached by it. */
  readonly #resource: ResourceFacts;

  constructor(options: ListenOptions) {
    this.#options = options;
    const { name, protocol, labels } = options.resource;
    this.#resource = { name, protocol, labels };
    const { certPem, keyPem } = options.certificate;
    this.#context = createSecureContext({ cert: certPem, key: keyPem, minVersion: 'TLSv1.2' });
    this.#server = createServer({ noDelay: true }, (socket) => {
      const running = this.#serve(socket)
        .catch((error: unknown) => options.log(`postgres ${options.resource.name}: ${String(error)}`))
        .finally(() => {
          this.#running.delete(running);
          letGo(socket);
        });
      this.#running.add(running);
    });
  }

  get host(): string {
    return this.#options.host;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  names(): Promise<KnownNames> {
    return knownNames(this.#dialOptions(new Map()));
  }

  async start(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#closing.abort();
    for (const session of this.#sessions.values()) session.end('the daemon is shutting down');
    await Promise.all([closed, ...this.#running]);
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    const { verifyToken } = this.#options;
    const peer = `${socket.remoteAddress ?? 'local'}:${socket.remotePort ?? 0}`;
    const accepted = await acceptClient<Principal>(socket, {
      tls: this.#context,
      resource: this.#options.resource.name,
      startupTimeoutMs,
      signal: this.#closing.signal,
      authenticate: (_user, _database, password) => {
        const verdict = verifyToken(password, socket.remoteAddress ?? '');
        return verdict.ok ? { ok: true, value: verdict.principal } : { ok: false, message: verdict.message };
      },
    });
    switch (accepted.kind) {
      case 'closed':
        this.#options.log(`postgres ${this.#options.resource.name}: ${accepted.reason}`);
        return;
      case 'cancel':
        this.#sessions.get(sessionKey(accepted.pid, accepted.key))?.cancel();
        accepted.stream.end();
        return;
      case 'session':
        try {
          await this.#session(accepted, peer);
        } catch (fault) {
          if (!accepted.stream.destroyed) accepted.stream.end(fatalError(fault));
        }
    }
  }

  async #session(accepted: AcceptedSession, peer: string): Promise<void> {
    const { resource, gate, sizes, results, maskKey, log } = this.#options;
    const { startup, stream, leftover } = accepted;
    const refusal = this.#refuseDatabase(startup.database);
    if (refusal !== undefined) {
      stream.end(refusal);
      return;
    }
    const settings = startupSettings(startup.parameters);
    if (!settings.ok) throw new ProtocolFault('unsupported', settings.message);
    const application = startup.parameters.get('application_name') ?? '';
    const session: Session = {
      id: newSessionId(),
      principal: accepted.value,
      resource: this.#resource,
      client: { address: peer, application, settings: Object.fromEntries(settings.parameters) },
    };
    const dial = this.#dialOptions(settings.parameters);
    await underRecord(gate, session, async () => {
      if (!(await passSettings(gate, session, settings.toDecide, stream))) return 'a setting was denied';
      const server = await dialTarget(dial);
      // Not given up when the listener closes, as that is when what runs must be cancelled.
      const { signal: _, ...address } = dial;
      const cancelAddress = { ...address, timeoutMs: cancelTimeoutMs };
      return this.#run(
        new PostgresSession({
          session,
          gate,
          client: { stream, leftover, minor: startup.minor, application },
          server,
          catalog: this.#catalog,
          analyses: this.#analyses,
          sizes,
          results,
          maskKey,
          cancelServer: () => cancelTarget(cancelAddress, server.pid, server.key),
          log: (line) => log(`postgres ${resource.name}: ${line}`),
        }),
        server,
      );
    });
  }

  /** The reason of its end. */
  async #run(session: PostgresSession, server: Target): Promise<string> {
    const key = sessionKey(server.pid, session.key);
    this.#sessions.set(key, session);
    try {
      return await session.run();
    } finally {
      this.#sessions.delete(key);
    }
  }

  #refuseDatabase(asked: string): Buffer | undefined {
    const { resource } = this.#options;
    if (asked === resource.database || asked === resource.name) return undefined;
    return encodeErrorResponse({
      severity: 'FATAL',
      code: Sqlstate.invalid_catalog_name,
      message: `database "${asked}" is not behind this port`,
      hint: `This is the resource ${resource.name}: connect to the database "${resource.database}", or run \`gatehouse env ${resource.name}\`.`,
    });
  }

  #dialOptions(parameters: ReadonlyMap<string, string>): DialOptions {
    const { resource, secret, caPem } = this.#options;
    return {
      host: resource.host,
      port: resource.port,
      database: resource.database,
      user: resource.user,
      password: async () => {
        const value = await secret();
        if (value === undefined) {
          throw new TargetFault(
            'authentication-failed',
            `The server asks for a password, and the resource ${resource.name} names none in gatehouse.yaml.`,
          );
        }
        return value;
      },
      tls: {
        mode: resource.tls.mode,
        negotiation: resource.tls.negotiation,
        ...(caPem === undefined ? {} : { caPem }),
      },
      parameters,
      signal: this.#closing.signal,
      timeoutMs: dialTimeoutMs,
    };
  }
}

function sessionKey(pid: number, key: Buffer): string {
  return `${pid}:${key.toString('hex')}`;
}

function newSessionId(): string {
  return randomBytes(5).toString('hex');
}

export const postgres: Protocol = {
  async listen(options) {
    await loadSqlParser();
    const listener = new PostgresListener(options);
    await listener.start();
    return listener;
  },
};
