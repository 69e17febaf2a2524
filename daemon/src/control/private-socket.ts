import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { ConfigFault } from '../core/faults.ts';

const maxClients = 64;

export interface PrivateServer<Client> {
  readonly socket: string;
  /** Who is connected now. */
  readonly clients: ReadonlySet<Client>;
  close(): Promise<void>;
}

/**
 * Serve a unix socket (a named pipe on Windows) that only this user can open.
 * @param socket in a private folder; whoever holds the lock beside it owns it, so one that is there is left over.
 * @param accept is told by `closed` when to forget its client
 */
export async function servePrivateSocket<Client extends { close(): void }>(
  socket: string,
  accept: (connection: Socket, closed: () => void) => Client,
): Promise<PrivateServer<Client>> {
  const clients = new Set<Client>();
  const server = createServer((connection) => {
    const client = accept(connection, () => clients.delete(client));
    clients.add(client);
  });
  server.maxConnections = maxClients;
  if (process.platform !== 'win32') removeLeftOver(socket);
  server.listen(socket);
  await once(server, 'listening');
  if (process.platform !== 'win32') chmodSync(socket, 0o600);
  return {
    socket,
    clients,
    async close() {
      const ended = once(server, 'close');
      server.close();
      for (const client of clients) client.close();
      await ended;
    },
  };
}

function removeLeftOver(socket: string): void {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ConfigFault('workspace-invalid', `${socket} is in the way of the control socket; remove it.`);
  }
  rmSync(socket);
}
