import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ListenOptions, Protocol } from '../core/listener.ts';

/** Listens, and speaks nothing: for tests of what is around a protocol. */
export interface FakeProtocol extends Protocol {
  /** What each resource was opened with last. */
  readonly opened: Map<string, ListenOptions>;
}

export function fakeProtocol(): FakeProtocol {
  const opened = new Map<string, ListenOptions>();
  return {
    opened,
    async listen(options) {
      const server = createServer((socket) => socket.destroy());
      server.listen(options.port, options.host);
      await once(server, 'listening');
      opened.set(options.resource.name, options);
      const address = server.address();
      return {
        host: options.host,
        port: typeof address === 'object' && address !== null ? address.port : 0,
        sessions: 0,
        names: async () => ({ tables: [], partial: false }),
        close: async () => {
          server.close();
          await once(server, 'close');
        },
      };
    },
  };
}
