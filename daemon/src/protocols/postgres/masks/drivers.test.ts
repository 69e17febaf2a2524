import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import pg from 'pg';
import postgres from 'postgres';
import { RowMasker } from './row-masker.ts';
import { valueMasker } from './value-masker.ts';
import { decodeRowDescription } from '../wire/backend-messages.ts';
import { BackendType } from '../wire/codes.ts';
import { FrameReader } from '../wire/frame-reader.ts';

/**
 * Whether drivers that know nothing of masks still read a masked result. Between them and a real server stands a bare
 * relay that masks every column, as its RowDescription describes it.
 */

const key = Buffer.alloc(32, 9);
let kind: Exclude<MaskKind, 'range' | 'tokenize'> = 'redact';
let server: RunningPostgres;
let relay: net.Server;
let port = 0;
/** The formats of the columns of the last result. */
let formats: readonly number[] = [];
const sockets = new Set<net.Socket>();

function maskAll(upstream: net.Socket, client: net.Socket): void {
  const reader = new FrameReader({ bound: () => 1 << 24, streams: () => false });
  let masker: RowMasker | undefined;
  upstream.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    while (reader.next()) {
      let { buffer, start, end } = reader;
      if (reader.type === BackendType.RowDescription) {
        const fields = decodeRowDescription(buffer, start, end);
        formats = fields.map(({ format }) => format);
        const mask = { with: kind, keep: { first: 2, last: 1 } };
        masker = new RowMasker(fields.map(({ typeOid, format }) => valueMasker(mask, typeOid, format, key)));
      } else if (reader.type === BackendType.DataRow) {
        assert.ok(masker !== undefined, 'rows come after their description');
        ({ buffer, start, end } = masker.mask(buffer, start, end));
      }
      client.write(buffer.subarray(start, end));
    }
  });
}

before(async () => {
  server = await startPostgres();
  relay = net.createServer((client) => {
    const upstream = net.connect(server.port, server.host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.end();
      });
    }
    client.pipe(upstream);
    maskAll(upstream, client);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  port = (relay.address() as net.AddressInfo).port;
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  relay?.close();
  await server?.stop();
});

const columns = {
  text: `'ada@mail.example'::text`,
  varchar: `'ada@mail.example'::varchar(20)`,
  bpchar: `'ada@mail'::char(20)`,
  name: `'pg_class'::name`,
  json: `'"ada@mail.example"'::json`,
  jsonb: `'{"a": 1}'::jsonb`,
  int4: '42',
  int8: '42::int8',
  float8: '1.5::float8',
  numeric: '1.5',
  bool: 'true',
  bytea: `'\\x00ff'::bytea`,
  timestamptz: `'2026-01-01'::timestamptz`,
  date: `'2026-01-01'::date`,
  uuid: `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid`,
  list: `'{1,2}'::int[]`,
  texts: `'{a,b}'::text[]`,
  span: `'1 day'::interval`,
  address: `'127.0.0.1'::inet`,
  empty: 'null::text',
};
const query = `SELECT ${Object.entries(columns).map(([name, value]) => `${value} AS "${name}"`)} FROM generate_series(1, 3)`;

const texts: Readonly<
  Record<Exclude<MaskKind, 'hash' | 'range' | 'tokenize'>, Readonly<Record<string, string>>>
> = {
  redact: Object.fromEntries(
    ['text', 'varchar', 'bpchar', 'name', 'json', 'jsonb'].map((name) => [name, '[redacted]']),
  ),
  partial: {
    text: 'ad***e',
    varchar: 'ad***e',
    bpchar: 'ad***l',
    name: 'pg***s',
    json: 'ad***e',
    jsonb: '[redacted]',
  },
  null: {},
};

/** Columns that have a text now hold it, all others NULL. */
function check(rows: readonly Readonly<Record<string, unknown>>[], driver: string): void {
  assert.equal(rows.length, 3);
  for (const row of rows) {
    for (const name of Object.keys(columns)) {
      const hashed = ['text', 'varchar', 'bpchar', 'name', 'json', 'jsonb'].includes(name);
      const told = `${driver}, ${kind}, ${name}`;
      if (kind === 'hash' && hashed) assert.match(String(row[name]), /^[\w-]{22}$/, told);
      else assert.equal(row[name], kind === 'hash' ? null : (texts[kind][name] ?? null), told);
    }
    if (kind === 'hash') assert.equal(row.text, row.varchar, 'equal values have equal hashes');
  }
}

test('drivers read masked results in both formats', async () => {
  const target = {
    host: '127.0.0.1',
    user: server.user,
    password: server.password,
    database: server.database,
  };
  for (kind of ['redact', 'partial', 'hash', 'null'] as const) {
    const client = new pg.Client({ ...target, port });
    await client.connect();
    check((await client.query(query)).rows, 'pg, simple');
    check((await client.query({ text: query, name: 'prepared', values: [] })).rows, 'pg, prepared');
    await client.end();
    const sql = postgres({ ...target, port, max: 1, ssl: false, fetch_types: false });
    check([...(await sql.unsafe(query))], 'postgres, simple');
    check([...(await sql.unsafe(query, [], { prepare: true }))], 'postgres, prepared');
    await sql.end();
  }
});

test('a driver that asks for binary results reads them', async () => {
  for (kind of ['redact', 'partial', 'hash', 'null'] as const) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: server.user,
      password: server.password,
      database: server.database,
    });
    await client.connect();
    const asked = { text: query.replace('(1, 3)', '(1, $1::int)'), values: [3], binary: true };
    const { rows } = await client.query<Record<string, unknown>>(asked);
    assert.ok(formats.length > 0 && formats.every((format) => format === 1));
    // pg leaves the version byte of a binary jsonb to its reader.
    check(
      rows.map(({ json, jsonb, ...row }) => ({
        ...row,
        json: parsed(json, ''),
        jsonb: parsed(jsonb, '\x01'),
      })),
      'pg, binary',
    );
    await client.end();
  }
});

function parsed(value: unknown, version: string): unknown {
  if (value === null || (typeof value === 'string' && !value.endsWith('"'))) return value;
  const text = String(value);
  assert.ok(text.startsWith(version));
  return JSON.parse(text.slice(version.length));
}
