import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { ConfigFault } from '../core/faults.ts';
import { Caller } from './caller.ts';
import type { ControlService } from './service.ts';

const maxCallers = 64;

export interface ControlServer {
  readonly socket: string;
  close(): Promise<void>;
}

/**
 * Serve the control API on a unix socket (a named pipe on Windows) that only this user can open.
 * @param socket in a private folder; whoever holds the lock of the records owns it, so one that is there is left over.
 */
export async function serveControl(socket: string, service: ControlService): Promise<ControlServer> {
  const callers = new Set<Caller>();
  const server = createServer((connection) => {
    const caller = new Caller(connection, service, () => callers.delete(caller));
    callers.add(caller);
  });
  server.maxConnections = maxCallers;
  if (process.platform !== 'win32') removeLeftOver(socket);
  server.listen(socket);
  await once(server, 'listening');
  if (process.platform !== 'win32') chmodSync(socket, 0o600);
  return {
    socket,
    async close() {
      const ended = once(server, 'close');
      server.close();
      for (const caller of callers) caller.close();
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
