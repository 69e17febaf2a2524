import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  encodeCommandComplete,
  encodeDataRow,
  encodeEmptyBackend,
  encodeParameterDescription,
  encodeReadyForQuery,
  encodeRowDescription,
  welcomeMessages,
} from '../wire/backend-messages.ts';
import { FrontendType } from '../wire/codes.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { acceptClient } from './accept-client.ts';
import type { Accepted, AcceptOptions } from './accept-options.ts';

/** A server made of `acceptClient` and a few answers, for real clients to log in to. */
export interface ScriptedServer {
  readonly port: number;
  /** What became of each connection, in the order in which that was known. */
  readonly accepted: Accepted<string>[];
  /** The next one that is not in `accepted` yet. */
  next(): Promise<Accepted<string>>;
  close(): Promise<void>;
}

export const goodToken = 'token-of-the-agent';
/** What every query returns, as one text column. */
export const answer = 'let in';

const parameters = new Map([
  ['server_version', '18.4'],
  ['server_encoding', 'UTF8'],
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
  ['integer_datetimes', 'on'],
  ['DateStyle', 'ISO, MDY'],
  ['TimeZone', 'UTC'],
]);

export async function startScripted(options: Partial<AcceptOptions<string>> = {}): Promise<ScriptedServer> {
  const accepted: Accepted<string>[] = [];
  const waiting: ((each: Accepted<string>) => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const each = await acceptClient<string>(socket, {
      authenticate: (_user, _database, password) =>
        password === goodToken
          ? { ok: true, value: 'agent' }
          : { ok: false, message: 'The token is not known.' },
      ...options,
    });
    if (each.kind === 'session') serve(each.stream, each.leftover, each.startup.minor);
    if (each.kind === 'cancel') each.stream.end();
    accepted.push(each);
    waiting.shift()?.(each);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(stream: Duplex, leftover: Buffer, minor: number): void {
  const key = Buffer.alloc(minor === 2 ? 32 : 4, 7);
  stream.write(Buffer.concat([welcomeMessages(parameters, 4711, key), encodeReadyForQuery('I')]));
  const reader = new FrameReader({ bound: () => 1e6, streams: () => false });
  const row = encodeRowDescription([
    {
      name: 'answer',
      tableOid: 0,
      attributeNumber: 0,
      typeOid: 25,
      typeLength: -1,
      typeModifier: -1,
      format: 0,
    },
  ]);
  const data = Buffer.concat([encodeDataRow([Buffer.from(answer)]), encodeCommandComplete('SELECT 1')]);
  const replies: Readonly<Record<number, Buffer>> = {
    [FrontendType.Query]: Buffer.concat([row, data, encodeReadyForQuery('I')]),
    [FrontendType.Parse]: encodeEmptyBackend('ParseComplete'),
    [FrontendType.Bind]: encodeEmptyBackend('BindComplete'),
    [FrontendType.Describe]: Buffer.concat([encodeParameterDescription([]), row]),
    [FrontendType.Execute]: data,
    [FrontendType.Close]: encodeEmptyBackend('CloseComplete'),
    [FrontendType.Sync]: encodeReadyForQuery('I'),
  };
  const receive = (chunk: Buffer) => {
    reader.push(chunk);
    while (reader.next()) {
      const described = reader.type === FrontendType.Describe && reader.buffer[reader.start + 5] === 0x50;
      const reply = described ? row : replies[reader.type];
      if (reply !== undefined) stream.write(reply);
      if (reader.type === FrontendType.Terminate) stream.end();
    }
  };
  receive(leftover);
  stream.on('data', receive);
}
