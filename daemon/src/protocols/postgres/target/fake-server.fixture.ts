import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { DialOptions } from './target-options.ts';

/** A listener on loopback that does with each connection what a test says. */
export interface FakeServer {
  readonly port: number;
  readonly connections: number;
  close(): Promise<void>;
}

export async function startFake(script: (socket: Socket, index: number) => void): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    script(socket, connections++);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function dialOptions(port: number, more: Partial<DialOptions> = {}): DialOptions {
  return {
    host: '127.0.0.1',
    port,
    database: 'shop',
    user: 'gate',
    password: async () => 'the-real-password',
    tls: { mode: 'disable', negotiation: 'postgres' },
    parameters: new Map(),
    timeoutMs: 10_000,
    ...more,
  };
}
