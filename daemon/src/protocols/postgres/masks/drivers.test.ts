import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { MaskKind, TimeStep } from '@gatehouse/policy-schema/model/policy.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { systemPython } from '@gatehouse/test-fixtures/system-needs.ts';
import pg from 'pg';
import postgres from 'postgres';
import { RowMasker } from './row-masker.ts';
import { type Constant, constantOf, type ValueMasker, valueMasker } from './value-masker.ts';
import { decodeRowDescription } from '../wire/backend-messages.ts';
import { BackendType, type FormatCode } from '../wire/codes.ts';
import { FrameReader } from '../wire/frame-reader.ts';

/**
 * Whether drivers that know nothing of masks still read a masked result. Between them and a real server stands a bare
 * relay that masks every column, as its RowDescription describes it.
 */

const key = Buffer.alloc(32, 9);
type WordKind = Exclude<MaskKind, 'range' | 'tokenize'>;
let kind: WordKind | 'tokenize' | TimeStep | 10 | 'constant' = 'redact';
let server: RunningPostgres;
let relay: net.Server;
let port = 0;
/** The formats of the columns of the last result. */
let formats: readonly number[] = [];
const sockets = new Set<net.Socket>();

function maskerOf(typeOid: number, format: FormatCode): ValueMasker | Constant {
  switch (kind) {
    case 'constant':
      return constantOf(typeOid, format);
    case 'tokenize':
    case 'redact':
    case 'partial':
    case 'hash':
    case 'null':
      return valueMasker({ with: kind, keep: { first: 2, last: 1 } }, typeOid, format, key);
    default:
      return valueMasker({ with: 'range', step: kind }, typeOid, format, key);
  }
}

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
        masker = new RowMasker(fields.map(({ typeOid, format }) => maskerOf(typeOid, format)));
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
  assert.ok(kind === 'redact' || kind === 'partial' || kind === 'hash' || kind === 'null');
  for (const row of rows) {
    for (const name of Object.keys(columns)) {
      const hashed = ['text', 'varchar', 'bpchar', 'name', 'json', 'jsonb'].includes(name);
      const told: string = `${driver}, ${kind}, ${name}`;
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

/** What a driver makes of the columns without any mask, and of their tokens. */
interface Seen {
  readonly values: Readonly<Record<string, unknown>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const withTokens = Object.keys(columns).filter(
  (name) => !['bool', 'span', 'address', 'empty'].includes(name),
);

function checkTokens({ values, rows }: Seen, driver: string): void {
  assert.equal(rows.length, 3);
  for (const row of rows) {
    assert.equal(JSON.stringify(row), JSON.stringify(rows[0]), 'equal values have equal tokens');
    for (const name of Object.keys(columns)) {
      const told = `${driver}, ${name}`;
      if (!withTokens.includes(name)) {
        assert.equal(row[name], null, told);
        continue;
      }
      const [token, value] = [row[name], values[name]];
      // JSON becomes a string of JSON, whatever it was.
      const kindOf = (of: unknown) => Object.prototype.toString.call(of);
      if (name !== 'jsonb') assert.equal(kindOf(token), kindOf(value), told);
      assert.notDeepEqual(token, value, told);
      if (token instanceof Date) assert.ok(Number.isFinite(token.getTime()), told);
      if (Array.isArray(token) && Array.isArray(value)) {
        assert.deepEqual(token.map(kindOf), value.map(kindOf), told);
      }
    }
    assert.equal(row.text, row.varchar);
    assert.match(String(row.text), /^tok_[\w-]+$/);
  }
}

test('drivers read tokens as values of the type, in both formats', async () => {
  const target = {
    host: '127.0.0.1',
    user: server.user,
    password: server.password,
    database: server.database,
  };
  kind = 'tokenize';
  const plain = new pg.Client({ ...target, port: server.port, host: server.host });
  const client = new pg.Client({ ...target, port });
  await Promise.all([plain.connect(), client.connect()]);
  const binary = { text: query.replace('(1, 3)', '(1, $1::int)'), values: [3], binary: true };
  for (const asked of [{ text: query }, { text: query, name: 'prepared', values: [] }, binary]) {
    const [{ rows: values }, { rows }] = await Promise.all([
      plain.query<Record<string, unknown>>(asked),
      client.query<Record<string, unknown>>(asked),
    ]);
    if (asked === binary) assert.ok(formats.every((format) => format === 1));
    checkTokens({ values: values[0] ?? {}, rows }, JSON.stringify(asked));
  }
  await Promise.all([plain.end(), client.end()]);
  const [direct, masked] = [server.port, port].map((to) =>
    postgres({
      ...target,
      host: to === port ? '127.0.0.1' : server.host,
      port: to,
      max: 1,
      ssl: false,
      fetch_types: false,
    }),
  );
  assert.ok(direct && masked);
  for (const options of [{}, { prepare: true }]) {
    const [values] = await direct.unsafe(query, [], options);
    const rows = await masked.unsafe(query, [], options);
    checkTokens({ values: values ?? {}, rows: [...rows] }, 'postgres');
  }
  await Promise.all([direct.end(), masked.end()]);
});

test('drivers read ranges and constants', async () => {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: server.user,
    password: server.password,
    database: server.database,
  });
  await client.connect();
  const ask = async (binary: boolean): Promise<Record<string, unknown>> => {
    const asked = { text: query.replace('(1, 3)', '(1, $1::int)'), values: [3], binary };
    return (await client.query<Record<string, unknown>>(asked)).rows[0] ?? {};
  };
  for (const binary of [false, true]) {
    kind = 10;
    const numbers = await ask(binary);
    assert.deepEqual(
      [numbers.int4, String(numbers.int8), Number(numbers.numeric), numbers.float8],
      [40, '40', 0, 0],
    );
    assert.deepEqual([numbers.text, numbers.date, numbers.bool], [null, null, null]);
    kind = 'decade';
    const times = await ask(binary);
    // pg reads binary values as UTF-8 first, which bytes above 127 do not survive; server.test.ts holds these.
    const decade = new Date('2020-01-01T00:00:00Z');
    if (!binary) assert.deepEqual(times.timestamptz, decade);
    assert.ok(times.timestamptz instanceof Date);
    assert.deepEqual([times.text, times.int4], [null, null]);
    kind = 'constant';
    const constants = await ask(binary);
    for (const name of ['text', 'varchar', 'bpchar', 'name', 'empty'])
      assert.equal(constants[name], '[redacted]');
    for (const name of ['int4', 'uuid', 'list', 'timestamptz']) assert.equal(constants[name], null);
  }
  await client.end();
});

const script = `
import json, os, psycopg2
connection = psycopg2.connect(os.environ["TARGET"])
cursor = connection.cursor()
cursor.execute(os.environ["QUERY"])
names = [column.name for column in cursor.description]
print(json.dumps([dict(zip(names, [type(value).__name__ for value in row])) for row in cursor.fetchall()]))
`;

test('psycopg2 reads tokens as values of the type', async () => {
  kind = 'tokenize';
  const types = async (host: string, to: number): Promise<Record<string, string>[]> => {
    const { user, password, database } = server;
    const target = `host=${host} port=${to} user=${user} password=${password} dbname=${database} sslmode=disable`;
    const { stdout } = await promisify(execFile)(systemPython, ['-c', script], {
      env: { ...process.env, TARGET: target, QUERY: query },
    });
    return JSON.parse(stdout);
  };
  const [direct] = await types(server.host, server.port);
  const masked = await types('127.0.0.1', port);
  assert.equal(masked.length, 3);
  for (const row of masked) {
    for (const name of Object.keys(columns)) {
      const expected = withTokens.includes(name) ? direct?.[name] : 'NoneType';
      assert.equal(row[name], name === 'jsonb' ? 'str' : expected, name);
    }
  }
});

function parsed(value: unknown, version: string): unknown {
  if (value === null || (typeof value === 'string' && !value.endsWith('"'))) return value;
  const text = String(value);
  assert.ok(text.startsWith(version));
  return JSON.parse(text.slice(version.length));
}
