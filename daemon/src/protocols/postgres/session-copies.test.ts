import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres, short } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** COPY data in every place where it may stand, and where it may not. */

const policy = `gatehouse: v1
kind: Policy
name: copies
applies: { to: [shop-db] }
rules:
  - name: run-a-session
    effect: allow
    sql: { actions: [set, begin, commit, rollback, values, prepare, execute] }
  - name: read-and-fill
    effect: allow
    sql: { actions: [select, insert], tables: [public.products, public.customer_totals, public.orders] }
`;

let shop: ShopGate;
before(async () => {
  shop = await startShopGate({}, { policies: { copies: policy } });
});
after(() => shop.stop());

async function client(): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db'));
}

async function orders(): Promise<number> {
  const [row] = await shop.server.sql('SELECT count(*)::int AS n FROM public.orders');
  return Number(row?.n);
}

const copy = 'COPY orders (customer_id) FROM STDIN';
const batch = [send.parse(copy), send.bind(), send.execute()];

/** The header of a message, and nothing of its body. */
function header(type: string, bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(type, 'latin1');
  bytes.writeInt32BE(bodyBytes + 4, 1);
  return bytes;
}

/** A Bind whose one parameter holds, at some place, a query that nobody decided. */
function smuggler(before: number): readonly Buffer[] {
  const hidden = send.query("INSERT INTO orders (customer_id, note) VALUES (1, 'smuggled')");
  const value = Buffer.concat([Buffer.alloc(before), hidden]);
  return [
    send.parse('VALUES (length($1))', '', [17]),
    send.bind({ values: [value], parameterFormats: [1] }),
    send.execute(),
    send.sync,
  ];
}

async function smuggled(): Promise<number> {
  const [row] = await shop.server.sql("SELECT count(*)::int AS n FROM public.orders WHERE note = 'smuggled'");
  return Number(row?.n);
}

for (const [way, start] of Object.entries({ 'a simple': [send.query(copy)], 'an extended': batch })) {
  test(`a CopyData message that is half on its way when ${way} COPY fails is sent to its end`, async () => {
    const connection = await client();
    const extended = way === 'an extended';
    connection.send(...start, ...(extended ? [send.flush] : []));
    await connection.until('G');
    // The first line fails while the beginning of the second message is on its way.
    connection.send(send.copyData('no number\n'), header('d', 400), Buffer.alloc(10, 0x31));
    assert.match(short(await connection.until('E')), /E=22P02$/);
    connection.send(Buffer.alloc(390, 0x31), ...(extended ? [send.sync] : []));
    assert.equal(short(await connection.until('Z')), 'Z=I');
    for (let before = 0; before < 420; before += 35) {
      assert.match(short(await connection.exchange(...smuggler(before))), /C=SELECT 1 Z=I$/);
    }
    assert.equal(await smuggled(), 0);
    await connection.end();
  });
}

for (const type of ['c', 'f']) {
  test(`an end of COPY data (${type}) that is far too long does not reach the server in part`, async () => {
    const connection = await client();
    const before = await orders();
    connection.send(send.query(copy));
    await connection.until('G');
    connection.send(send.copyData('1\n'), header(type, 100_000), Buffer.alloc(100_000, 0x31));
    const said = short(await connection.until('Z'));
    assert.match(said, /^(E=\w+ )+closed$|^E=\w+ Z=I$/);
    if (!connection.ended) {
      assert.match(short(await connection.exchange(...smuggler(50))), /C=SELECT 1 Z=I$/);
    }
    assert.equal(await smuggled(), 0);
    assert.equal(await orders(), before);
    await connection.end();
  });
}

test('a COPY is bound before a Flush and run behind it', async () => {
  const connection = await client();
  const before = await orders();
  connection.send(send.parse(copy), send.bind(), send.flush);
  assert.equal(short(await connection.until('2')), '1 2');
  connection.send(send.execute(), send.flush);
  assert.equal(short(await connection.until('G')), 'G');
  assert.equal(
    short(await connection.exchange(send.copyData('1\n'), send.copyDone, send.sync)),
    'C=COPY 1 Z=I',
  );
  assert.equal(await orders(), before + 1);
  await connection.end();
});

test('a COPY is bound in a transaction and run two batches later', async () => {
  const connection = await client();
  await connection.exchange(send.query('BEGIN'));
  await connection.exchange(send.parse(copy, 's'), send.bind({ statement: 's', portal: 'p' }), send.sync);
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1/);
  connection.send(send.execute('p'), send.sync);
  assert.equal(short(await connection.until('G')), 'G');
  assert.equal(
    short(await connection.exchange(send.copyData('1\n'), send.copyDone, send.sync)),
    'C=COPY 1 Z=T',
  );
  await connection.exchange(send.query('ROLLBACK'));
  await connection.end();
});

test('a COPY that fails before it reads anything', async () => {
  const connection = await client();
  for (const text of [
    'COPY customer_totals FROM STDIN',
    'COPY orders (customer_id) FROM STDIN (FREEZE)',
    'COPY missing FROM STDIN',
  ]) {
    const run = [send.parse(text), send.bind(), send.execute(), send.sync];
    connection.send(...run);
    const said = short(await connection.until('EZ'));
    assert.match(said, /^(1 )?(2 )?(G )?E=\w+/, text);
    if (!said.endsWith('Z=I')) assert.equal(short(await connection.until('Z')), 'Z=I', text);
    assert.equal(
      short(await connection.exchange(send.copyData('1\n'), send.copyDone, send.sync)),
      'Z=I',
      text,
    );
    assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I$/, text);
  }
  await connection.end();
});

test('two COPYs in one batch, in one text, and data sent ahead', async () => {
  const connection = await client();
  const before = await orders();
  // A server ends a connection whose client sends other messages than it reads.
  const lost = await client();
  assert.match(
    short(await lost.exchange(...batch, ...batch, send.sync)),
    /^1 2 G E=08P01 (E=08P01 )?closed$/,
  );
  connection.send(send.query(`${copy}; ${copy}`));
  await connection.until('G');
  connection.send(send.copyData('1\n'), send.copyDone);
  assert.equal(short(await connection.until('G')), 'C=COPY 1 G');
  assert.equal(short(await connection.exchange(send.copyData('2\n3\n'), send.copyDone)), 'C=COPY 2 Z=I');
  assert.equal(
    short(await connection.exchange(...batch, send.copyData('4\n'), send.copyDone, send.sync)),
    '1 2 G C=COPY 1 Z=I',
  );
  assert.equal(
    short(await connection.exchange(send.query(copy), send.copyData('5\n'), send.copyDone)),
    'G C=COPY 1 Z=I',
  );
  assert.equal(await orders(), before + 5);
  await connection.end();
});

test('what follows a COPY in its batch', async () => {
  const connection = await client();
  const before = await orders();
  connection.send(...batch, send.flush);
  await connection.until('G');
  connection.send(
    send.copyData('1\n'),
    send.copyDone,
    send.parse('VALUES (1)'),
    send.bind(),
    send.execute(),
    send.sync,
  );
  assert.equal(short(await connection.until('Z')), 'C=COPY 1 1 2 D=1 C=SELECT 1 Z=I');
  connection.send(...batch, send.flush);
  await connection.until('G');
  connection.send(send.copyData('1\n'), send.copyFail('no'), send.parse('VALUES (1)'), send.sync);
  assert.equal(short(await connection.until('Z')), 'E=57014 Z=I');
  assert.equal(await orders(), before + 1);
  await connection.end();
});

test('a client that goes away in the middle of COPY data leaves nothing', async () => {
  const before = await orders();
  for (const last of [send.copyData('1\n'), header('d', 100)]) {
    const connection = await client();
    connection.send(send.query(copy));
    await connection.until('G');
    connection.send(send.copyData('1\n'), last);
    connection.socket.destroy();
  }
  const again = await client();
  await again.exchange(send.query('SELECT 1'));
  assert.equal(await orders(), before);
  await again.end();
});
