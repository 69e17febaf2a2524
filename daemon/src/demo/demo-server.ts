import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { acceptClient } from '../protocols/postgres/startup/accept-client.ts';
import { encodeReadyForQuery, welcomeMessages } from '../protocols/postgres/wire/backend-messages.ts';
import { Sqlstate } from '../protocols/postgres/wire/codes.ts';
import { DemoSession } from './demo-session.ts';
import { type Engine, startEngine } from './engine.ts';
import { shopDatabase, shopUser } from './shop.ts';
import { Turns } from './turns.ts';

export interface DemoServerOptions {
  readonly password: string;
  /** 0: one that is free. */
  readonly port: number;
  /** When nobody is logged in any more, nor was for this long; milliseconds. */
  readonly idleMs: number;
  readonly onIdle: () => void;
  readonly log: (line: string) => void;
  /** For tests. */
  readonly limits?: { readonly idleInTransactionMs: number; readonly statementMs: number };
  readonly start?: () => Promise<Engine>;
}

export interface DemoServer {
  readonly port: number;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Serve the demo's database on loopback. @throws Error when it cannot start, or the port is taken */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const sockets = new Set<Socket>();
  const sessions = new Set<DemoSession>();
  let idle: NodeJS.Timeout | undefined;
  let pids = 0;
  const restartIdle = (): void => {
    clearTimeout(idle);
    if (sessions.size === 0 && server.listening) idle = setTimeout(options.onIdle, options.idleMs);
  };
  const turns = new Turns({
    start: options.start ?? startEngine,
    idleInTransactionMs: 10_000,
    statementMs: 30_000,
    ...options.limits,
    onCrash: (reason) => {
      options.log(`The database ended (${reason}); it starts again as it was at first.`);
      for (const session of sessions)
        void session.fail({
          code: '57P02',
          message: 'terminating connection because of a crash of the database',
        });
      sessions.clear();
    },
  });
  const serve = async (socket: Socket): Promise<void> => {
    const accepted = await acceptClient(socket, {
      authenticate: (user, database, password) =>
        user === shopUser && database === shopDatabase && same(password, options.password)
          ? { ok: true, value: undefined }
          : { ok: false, message: 'The demo database knows one user, whose password only its daemon has.' },
    });
    if (accepted.kind === 'cancel') {
      turns.cancel(accepted.pid, accepted.key);
      accepted.stream.end();
    }
    if (accepted.kind !== 'session') return;
    const { stream, startup, leftover } = accepted;
    const settings = [...startup.parameters].filter(([name]) => name !== 'options');
    const session = new DemoSession(stream, startup.minor, ++pids, settings);
    sessions.add(session);
    clearTimeout(idle);
    stream.once('close', () => {
      sessions.delete(session);
      turns.leave(session);
      restartIdle();
    });
    const values = await turns.enter(session);
    session.write(
      Buffer.concat([welcomeMessages(values, session.pid, session.key), encodeReadyForQuery('I')]),
    );
    const receive = (chunk: Buffer): void => {
      try {
        session.receive(chunk);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        void session.fail({ code: Sqlstate.protocol_violation, message });
      }
      if (session.ended) stream.end();
      else turns.wake();
    };
    receive(leftover);
    stream.on('data', receive);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void serve(socket);
  });
  server.listen(options.port, host);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    clearTimeout(idle);
    server.close();
    for (const socket of sockets) socket.destroy();
    await turns.close();
  };
  try {
    await turns.ready();
  } catch (error) {
    await close();
    throw error;
  }
  restartIdle();
  return { port: (server.address() as AddressInfo).port, close };
}

function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
