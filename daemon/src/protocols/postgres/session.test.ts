import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import {
  type BackendMessage,
  errorFields,
  RawPostgres,
  short,
} from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { samplePolicies } from '@gatehouse/test-fixtures/servers/gate.ts';
import { furtherPolicy, type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** Sequences that have talked proxies around, and the promises that a denial keeps. */

let shop: ShopGate;

before(async () => {
  // The sample's rate is for people who read along; a stream split at each byte is faster.
  const policies = Object.entries(samplePolicies('shop')).map(([name, text]) => [
    name,
    text.replace(/statementsPerMinute: \d+/, 'duration: 5m'),
  ]);
  shop = await startShopGate(
    {},
    {
      policies: Object.fromEntries([...policies, ['tests', furtherPolicy]]),
      settings: 'sizes: { maxStatementBytes: 64KiB, maxMessageBytes: 256KiB }\n',
    },
  );
});
after(() => shop.stop());

async function client(): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db'));
}

function run(text: string): readonly Buffer[] {
  return [send.parse(text), send.bind(), send.execute(), send.sync];
}

async function count(table: string): Promise<number> {
  const [row] = await shop.server.sql(`SELECT count(*)::int AS n FROM ${table}`);
  return Number(row?.n);
}

test('a stream of messages split at any byte gives the same answers', async () => {
  const bytes = Buffer.concat([
    send.query('SELECT 1; SELECT id, name FROM products WHERE id = 2'),
    send.query(''),
    send.query('DROP TABLE products'),
    send.parse('SELECT name, ssn FROM customers WHERE id = $1', 'who', [23]),
    send.describe('S', 'who'),
    send.sync,
    send.bind({ statement: 'who', values: ['3'], portal: 'p' }),
    send.describe('P', 'p'),
    send.execute('p', 0),
    send.sync,
    send.bind({
      statement: 'who',
      values: [Buffer.from([0, 0, 0, 4])],
      parameterFormats: [1],
      resultFormats: [1],
    }),
    send.execute(),
    send.close('S', 'who'),
    send.sync,
  ]);
  const connection = await client();
  const answer = async (pieces: readonly Buffer[]) => {
    for (const piece of pieces) {
      connection.send(piece);
      await new Promise(setImmediate);
    }
    const all: BackendMessage[] = [];
    for (let ready = 0; ready < 6; ready++) all.push(...(await connection.until('Z')));
    return short(all);
  };
  const whole = await answer([bytes]);
  assert.match(whole, /^T D=1 C=SELECT 1 T D=2\|\S/);
  assert.match(
    whole,
    /E=42501 Z=I 1 t T Z=I 2 T D=[^|]+\|\[redacted\] C=SELECT 1 Z=I 2 D=[^|]+\|\[redacted\]/,
  );
  for (let split = 1; split < bytes.length; split++) {
    assert.equal(await answer([bytes.subarray(0, split), bytes.subarray(split)]), whole, `split at ${split}`);
  }
  assert.equal(await answer([...bytes].map((byte) => Buffer.from([byte]))), whole);
  await connection.end();
});

test('a Parse that fails leaves the old statement under its name, and that is what is decided', async () => {
  const connection = await client();
  await connection.exchange(send.parse('SELECT 1', 's'), send.sync);
  connection.send(
    send.parse('SELECT 2', 's'),
    send.sync,
    send.bind({ statement: 's' }),
    send.execute(),
    send.sync,
  );
  assert.equal(short(await connection.until('Z')), 'E=42P05 Z=I');
  assert.equal(short(await connection.until('Z')), '2 D=1 C=SELECT 1 Z=I');
  // Close and Parse are skipped after an error in their batch, so the name means what it meant.
  connection.send(
    send.parse('SELECT 1/0 FROM products', ''),
    send.bind(),
    send.execute(),
    send.close('S', 's'),
    send.parse('SELECT 3', 's'),
    send.sync,
    send.bind({ statement: 's' }),
    send.execute(),
    send.sync,
  );
  assert.match(short(await connection.until('Z')), /E=22012 Z=I$/);
  assert.equal(short(await connection.until('Z')), '2 D=1 C=SELECT 1 Z=I');
  await connection.end();
});

test('a portal is run only if a decided Bind made it', async () => {
  const connection = await client();
  const declared = await connection.exchange(
    send.query('BEGIN; DECLARE hidden CURSOR FOR SELECT ssn FROM customers'),
  );
  assert.match(short(declared), /Z=T$/);
  const messages = await connection.exchange(send.execute('hidden'), send.sync);
  assert.match(short(messages), /^E=34000 Z=E$/);
  await connection.exchange(send.query('ROLLBACK'));
  assert.equal(short(await connection.exchange(send.execute('never'), send.sync)), 'E=34000 Z=I');
  assert.equal(short(await connection.exchange(send.bind({ statement: 'never' }), send.sync)), 'E=26000 Z=I');
  await connection.end();
});

test('one portal name bound twice in a batch runs what each Bind said', async () => {
  const connection = await client();
  const messages = await connection.exchange(
    send.parse('SELECT $1::int', 'n', [23]),
    send.bind({ statement: 'n', values: ['1'] }),
    send.execute(),
    send.bind({ statement: 'n', values: ['2'] }),
    send.execute(),
    send.sync,
  );
  assert.equal(short(messages), '1 2 D=1 C=SELECT 1 2 D=2 C=SELECT 1 Z=I');
  await connection.end();
});

test('a denial keeps the connection and the transaction, and ReadyForQuery tells the truth', async () => {
  const connection = await client();
  assert.equal(short(await connection.exchange(send.query('BEGIN'))), 'C=BEGIN Z=T');
  assert.equal(short(await connection.exchange(send.query('DROP TABLE products'))), 'E=42501 Z=T');
  assert.equal(short(await connection.exchange(...run('DROP TABLE products'))), 'E=42501 Z=T');
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /C=SELECT 1 Z=T$/);
  // A text that the server would not have taken ends the transaction as it does there.
  assert.equal(short(await connection.exchange(send.query('SELEC 1'))), 'E=42601 Z=E');
  assert.equal(short(await connection.exchange(send.query('SELECT 1'))), 'E=25P02 Z=E');
  assert.equal(short(await connection.exchange(...run('SELECT id FROM order_items'))), 'E=25P02 Z=E');
  assert.equal(short(await connection.exchange(send.query('ROLLBACK'))), 'C=ROLLBACK Z=I');
  assert.equal(short(await connection.exchange(...run('SELEC 1'))), 'E=42601 Z=I');
  await connection.end();
});

test('the words of a denial name the rule, its place, and what may be done instead', async () => {
  const connection = await client();
  const [error] = await connection.exchange(send.query('DROP TABLE products'));
  const fields = errorFields(error?.body ?? Buffer.alloc(0));
  assert.equal(fields.S, 'ERROR');
  assert.equal(fields.V, 'ERROR');
  assert.match(fields.M ?? '', /migration/);
  assert.match(fields.D ?? '', /no-schema-changes \(.*writing\.policy\.yaml:\d+\)/);
  assert.ok((fields.H ?? '').length > 0);
  await connection.end();
});

test('no statement of a text or batch runs when one is denied', async () => {
  const connection = await client();
  const before = await count('orders');
  const insert = 'INSERT INTO orders (customer_id) VALUES (1)';
  assert.equal(short(await connection.exchange(send.query(`${insert}; DROP TABLE products`))), 'E=42501 Z=I');
  const batch = await connection.exchange(
    send.parse(insert),
    send.bind(),
    send.execute(),
    send.parse('DELETE FROM orders WHERE id = 1'),
    send.bind(),
    send.execute(),
    send.sync,
  );
  assert.equal(short(batch), 'E=42501 Z=I');
  assert.equal(await count('orders'), before);
  await connection.end();
});

test('a denial behind a Flush undoes the implicit transaction, as an error would', async () => {
  const connection = await client();
  const before = await count('orders');
  connection.send(
    send.parse('INSERT INTO orders (customer_id) VALUES (1)'),
    send.bind(),
    send.execute(),
    send.flush,
  );
  assert.equal(short(await connection.until('C')), '1 2 C=INSERT 0 1');
  const denied = await connection.exchange(
    send.parse('DELETE FROM products'),
    send.bind(),
    send.execute(),
    send.parse('SELECT 1'),
    send.sync,
  );
  assert.equal(short(denied), 'E=42501 Z=I');
  assert.equal(await count('orders'), before);
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1/);
  await connection.end();
});

test('what cannot be read is refused in words, and what is too long is thrown away', async () => {
  const connection = await client();
  const nul = Buffer.concat([Buffer.from('Q\0\0\0\0'), Buffer.from('SELECT 1\0; DROP TABLE products\0')]);
  nul.writeUInt32BE(nul.length - 1, 1);
  assert.equal(short(await connection.exchange(nul)), 'E=08P01 Z=I');
  const notUtf8 = Buffer.concat([Buffer.from('Q\0\0\0\0'), Buffer.from("SELECT '\xff'\0", 'latin1')]);
  notUtf8.writeUInt32BE(notUtf8.length - 1, 1);
  assert.match(short(await connection.exchange(notUtf8)), /^E=(08P01|22021) Z=I$/);
  const padded = `/*${'x'.repeat(200_000)}*/ DELETE FROM orders`;
  assert.equal(short(await connection.exchange(send.query(padded))), 'E=54000 Z=I');
  assert.equal(short(await connection.exchange(...run(padded))), 'E=54000 Z=I');
  assert.equal(
    short(await connection.exchange(send.query(`${padded.slice(0, 70_000)}*/ SELECT 1`))),
    'E=54000 Z=I',
  );
  const large = send.bind({ values: ['y'.repeat(400_000)] });
  const parameter = await connection.exchange(
    send.parse('SELECT $1::text'),
    large,
    send.execute(),
    send.sync,
  );
  assert.equal(short(parameter), 'E=54000 Z=I');
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I$/);
  await connection.end();
});

test('a message of no known type or impossible length ends the connection in words', async () => {
  for (const bytes of [Buffer.from([0x7e, 0, 0, 0, 4]), Buffer.from([0x51, 0, 0, 0, 1])]) {
    const connection = await client();
    const messages = await connection.exchange(bytes);
    assert.equal(short(messages), 'E=08P01 closed');
    assert.equal(errorFields(messages[0]?.body ?? Buffer.alloc(0)).S, 'FATAL');
  }
});

test('how texts are read cannot be changed', async () => {
  const connection = await client();
  for (const text of [
    "SET client_encoding = 'SJIS'",
    'SET standard_conforming_strings = off',
    'SET LOCAL client_encoding TO latin1',
    "SET NAMES 'EUC_JP'",
  ]) {
    assert.equal(short(await connection.exchange(send.query(text))), 'E=0A000 Z=I', text);
  }
  assert.match(short(await connection.exchange(send.query("SET client_encoding = 'UTF8'"))), /C=SET/);
  await connection.end();
});

test('the search path is followed, and not within one text', async () => {
  const connection = await client();
  await shop.server.sql(
    'CREATE SCHEMA IF NOT EXISTS other; CREATE TABLE IF NOT EXISTS other.products (id int)',
  );
  await shop.server.sql(
    'GRANT USAGE ON SCHEMA other TO shop_app; GRANT SELECT ON other.products TO shop_app',
  );
  assert.match(short(await connection.exchange(send.query('SELECT id FROM products LIMIT 1'))), /C=SELECT 1/);
  const together = await connection.exchange(send.query('SET search_path = other; SELECT id FROM products'));
  assert.equal(short(together), 'E=0A000 Z=I');
  assert.match(short(await connection.exchange(send.query('SET search_path = other'))), /C=SET/);
  assert.equal(short(await connection.exchange(send.query('SELECT id FROM products'))), 'E=42501 Z=I');
  assert.match(short(await connection.exchange(send.query('RESET search_path'))), /C=RESET/);
  assert.match(short(await connection.exchange(send.query('SELECT id FROM products LIMIT 1'))), /C=SELECT 1/);
  await connection.exchange(send.query('BEGIN'));
  await connection.exchange(send.query('SET LOCAL search_path = other'));
  assert.equal(short(await connection.exchange(send.query('SELECT id FROM products'))), 'E=42501 Z=T');
  await connection.exchange(send.query('COMMIT'));
  assert.match(short(await connection.exchange(send.query('SELECT id FROM products LIMIT 1'))), /C=SELECT 1/);
  await connection.end();
});

test('a FunctionCall message is decided like any call', async () => {
  const connection = await client();
  const [oid] = await shop.server.sql(
    "SELECT 'pg_catalog.pg_read_file(text)'::regprocedure::oid::int AS oid",
  );
  const messages = await connection.exchange(send.functionCall(Number(oid?.oid), ['/etc/passwd']));
  assert.equal(short(messages), 'E=42501 Z=I');
  assert.equal(short(await connection.exchange(send.functionCall(4_000_000, []))), 'E=42883 Z=I');
  await connection.end();
});

test('COPY data flows in both protocols, and an aborted one leaves nothing', async () => {
  const connection = await client();
  const before = await count('orders');
  const copy = 'COPY orders (customer_id) FROM STDIN';
  connection.send(send.query(copy));
  await connection.until('G');
  assert.equal(
    short(await connection.exchange(send.copyData('1\n2'), send.copyData('\n'), send.copyDone)),
    'C=COPY 2 Z=I',
  );
  connection.send(send.parse(copy), send.bind(), send.execute(), send.sync);
  await connection.until('G');
  assert.equal(
    short(await connection.exchange(send.copyData('3\n'), send.copyDone, send.sync)),
    'C=COPY 1 Z=I',
  );
  connection.send(send.query(copy));
  await connection.until('G');
  assert.match(short(await connection.exchange(send.copyData('4\n'), send.copyFail('no'))), /E=57014 Z=I/);
  connection.send(send.query(copy));
  await connection.until('G');
  const stray = await connection.exchange(send.copyData('5\n'), send.query('SELECT 1'));
  assert.match(short(stray), /^E=\w+ Z=I/);
  assert.match(short(await connection.until('Z')), /D=1 C=SELECT 1 Z=I/);
  connection.send(send.query(copy));
  await connection.until('G');
  connection.socket.destroy();
  const again = await client();
  await again.exchange(send.query('SELECT 1'));
  assert.equal(await count('orders'), before + 3);
  await again.end();
});

test('COPY does not give masked columns out', async () => {
  const connection = await client();
  for (const text of [
    'COPY customers TO STDOUT',
    'COPY customers (id, ssn) TO STDOUT',
    'COPY (SELECT upper(ssn) FROM customers) TO STDOUT',
    'COPY (SELECT * FROM customer_totals) TO STDOUT',
  ]) {
    assert.equal(short(await connection.exchange(send.query(text))), 'E=42501 Z=I', text);
    assert.equal(short(await connection.exchange(...run(text))), 'E=42501 Z=I', text);
  }
  assert.match(
    short(await connection.exchange(send.query('COPY (SELECT id FROM products LIMIT 2) TO STDOUT'))),
    /H d d c C=COPY 2/,
  );
  await connection.end();
});

test('rows over the limit end the statement and keep the session', async () => {
  const connection = await client();
  const messages = await connection.exchange(send.query('SELECT generate_series(1, 100000)'));
  assert.equal(messages.filter((each) => each.type === 'D').length, 5000);
  assert.match(short(messages.slice(-2)), /^E=53400 Z=I$/);
  const extended = await connection.exchange(
    send.parse('SELECT generate_series(1, 100000)'),
    send.bind(),
    send.execute(),
    send.parse('SELECT 1'),
    send.bind(),
    send.execute(),
    send.sync,
  );
  assert.match(short(extended.slice(-2)), /^E=53400 Z=I$/);
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I/);
  await connection.end();
});
