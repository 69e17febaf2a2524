import { servePrivateSocket } from '../control/private-socket.ts';
import { provideControlSecret } from '../identity/control-secret.ts';
import type { SecretText } from '../identity/secret-text.ts';
import { Host, type HostOptions } from './host.ts';
import { elect, type HostPlace, hostPlace, hostSocket, removeAddress, writeAddress } from './place.ts';
import { Visitor } from './visitor.ts';

export interface StartHostOptions {
  /** What operators say hello with. Absent: made anew, and kept in a file of the state folder for commands to read. */
  readonly secret?: SecretText;
  readonly graceMs: number;
  readonly idleMs?: number;
  readonly log: (line: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly daemon?: HostOptions['daemon'];
}

export interface RunningHost {
  readonly host: Host;
  readonly place: HostPlace;
  close(): Promise<void>;
}

/**
 * Become the daemon of this user, and serve others who want workspaces.
 * @returns undefined when another process is the daemon
 * @throws ConfigFault when the state folder cannot be used
 */
export async function startHost(options: StartHostOptions): Promise<RunningHost | undefined> {
  const { env = process.env, log, graceMs, idleMs, daemon } = options;
  const place = hostPlace(env);
  const lock = elect(place);
  if (lock === undefined) return undefined;
  try {
    const secret = provideControlSecret(place.secret, options.secret);
    const host = new Host({
      operatorSecret: options.secret === undefined ? 'file' : 'memory',
      log: (line) => {
        log(line);
        for (const visitor of server.clients) visitor.log(line);
      },
      graceMs,
      ...(idleMs === undefined ? {} : { idleMs }),
      ...(daemon === undefined ? {} : { daemon }),
      onDraining: () => {
        for (const visitor of server.clients) visitor.draining();
      },
    });
    const startedAt = new Date().toISOString();
    const server = await servePrivateSocket(
      hostSocket(place, env),
      (socket, closed) => new Visitor(socket, { host, secret, startedAt, log }, closed),
    );
    writeAddress(place, { socket: server.socket, pid: process.pid });
    return {
      host,
      place,
      async close() {
        await host.close();
        // Nobody finds it any more before the next one may be elected.
        removeAddress(place);
        await server.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
