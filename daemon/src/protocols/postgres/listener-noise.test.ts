import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** Bytes that mean nothing neither end the daemon nor keep a connection. */

let shop: ShopGate;
before(async () => {
  shop = await startShopGate();
});
after(() => shop.stop());

/** Well-formed messages with some bytes changed, which get further than bytes of chance. */
const damaged = fc
  .record({
    messages: fc.array(
      fc.constantFrom(
        send.query('SELECT 1'),
        send.parse('SELECT $1::int', 's', [23]),
        send.bind({ statement: 's', values: ['1'], resultFormats: [1] }),
        send.describe('P'),
        send.execute('', 1),
        send.flush,
        send.sync,
        send.close('S', 's'),
        send.copyData('1\n'),
        send.copyDone,
        send.copyFail('no'),
        send.functionCall(1299, []),
      ),
      { minLength: 1, maxLength: 12 },
    ),
    changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  })
  .map(({ messages, changes }) => {
    const bytes = Buffer.concat(messages);
    for (const [place, value] of changes) bytes[place % bytes.length] = value;
    return bytes;
  });
const noise = fc.oneof(
  damaged,
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

async function closed(socket: net.Socket): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

test('behind a login', async () => {
  const login = await shop.gate.login('shop-db');
  await fc.assert(
    fc.asyncProperty(noise, fc.nat(), async (bytes, at) => {
      const connection = await RawPostgres.connect(login);
      const cut = at % bytes.length;
      connection.send(bytes.subarray(0, cut));
      await new Promise(setImmediate);
      connection.socket.end(bytes.subarray(cut));
      await closed(connection.socket);
    }),
    { numRuns: 150 },
  );
  const connection = await RawPostgres.connect(login);
  assert.deepEqual(await connection.rows('SELECT 1'), [['1']]);
  await connection.end();
});

test('before a login', async () => {
  const login = await shop.gate.login('shop-db');
  const startup = send.startup({ user: login.user, database: login.database });
  await fc.assert(
    fc.asyncProperty(noise, fc.boolean(), async (bytes, begun) => {
      const socket = net.connect({ host: login.host, port: login.port });
      await once(socket, 'connect');
      socket.end(begun ? Buffer.concat([startup, bytes]) : bytes);
      await closed(socket);
    }),
    { numRuns: 150 },
  );
  const connection = await RawPostgres.connect(login);
  assert.deepEqual(await connection.rows('SELECT 1'), [['1']]);
  await connection.end();
});
