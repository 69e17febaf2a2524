import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  bind,
  describe,
  execute,
  message,
  parse,
  sync,
} from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { sampleRow } from './sample-row.ts';
import { TypeOid } from './type-oids.ts';
import { decodeRowDescription } from './wire/backend-messages.ts';
import type { FormatCode } from './wire/codes.ts';

/** Literals by type; each is asked for in text and in binary format, and must read the same. */
const literals: Readonly<Record<string, readonly string[]>> = {
  bool: ['t', 'f'],
  int2: ['0', '-32768', '32767'],
  int4: ['0', '-2147483648', '2147483647'],
  int8: ['0', '-9223372036854775808', '9223372036854775807'],
  oid: ['0', '4294967295'],
  float4: [
    ...[
      '0',
      '-0',
      '1',
      '-1.5',
      '0.1',
      '3.14159274',
      '123456',
      '999999',
      '1000000',
      '1234567',
      '16777216',
      '3.4028235e38',
    ],
    ...[
      '0.0001',
      '0.00001',
      '0.000123456',
      '1e-45',
      '1.17549435e-38',
      '8388608',
      'NaN',
      'Infinity',
      '-Infinity',
      '1e15',
      '33554430',
    ],
  ],
  float8: [
    ...[
      '0',
      '-0',
      '1',
      '-1.5',
      '0.1',
      '0.30000000000000004',
      '123456789012345',
      '999999999999999',
      '1e15',
      '1234567890123456',
    ],
    ...[
      '9007199254740993',
      '1e21',
      '1e22',
      '1.7976931348623157e308',
      '5e-324',
      '0.0001',
      '0.00001',
      '0.000012345',
      '-1.2345e-7',
    ],
    ...['1e100', 'NaN', 'Infinity', '-Infinity', '123456.789', '100', '2.2250738585072014e-308'],
  ],
  numeric: [
    ...[
      '0',
      '0.00',
      '1',
      '-1',
      '10000',
      '9999',
      '100000000',
      '12345.6789',
      '-0.001',
      '0.00000001',
      '1e50',
      '1.50',
      '99999999.99999999',
    ],
    ...[
      '0.1000',
      '1e-20',
      '-12345678901234567890.0987654321',
      'NaN',
      'Infinity',
      '-Infinity',
      '0.12345',
      '1000.00005',
    ],
  ],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  date: [
    ...[
      '2000-01-01',
      '1999-12-31',
      '2000-02-29',
      '2000-03-01',
      '1900-02-28',
      '1900-03-01',
      '2024-12-31',
      '0001-01-01',
      '0001-12-31 BC',
    ],
    ...[
      '0044-03-15 BC',
      '4713-11-24 BC',
      '0005-02-29 BC',
      '9999-12-31',
      '10000-01-01',
      '5874897-12-31',
      'infinity',
      '-infinity',
    ],
  ],
  timestamp: [
    ...[
      '2000-01-01 00:00:00',
      '1999-12-31 23:59:59.999999',
      '2026-03-14 15:09:26.535897',
      '2026-03-14 15:09:26.5',
      '0044-03-15 12:30:00 BC',
    ],
    ...[
      '4713-11-24 00:00:00 BC',
      '294276-12-31 23:59:59.999999',
      '1970-01-01 00:00:00.000001',
      'infinity',
      '-infinity',
    ],
  ],
  time: ['00:00:00', '12:34:56.7', '23:59:59.999999', '24:00:00'],
  timestamptz: [
    '2026-03-14 15:09:26.535897+01',
    '0044-03-15 12:30:00+00 BC',
    '294276-12-31 23:59:59.999999+00',
    'infinity',
  ],
  text: ['', 'é \u{1f600}\n'],
  varchar: ['abc'],
  bpchar: ['abc'],
  name: ['pg_class'],
  '"char"': ['x'],
  json: ['{"a":  [1, null]}'],
  jsonb: ['{"a":  [1, null]}', '"é"'],
  bytea: ['\\x', '\\x00ff10'],
};

let server: RunningPostgres;
let client: RawPostgres;
before(async () => {
  server = await startPostgres();
  client = await RawPostgres.connect(server);
});
after(async () => {
  await client?.end();
  await server?.stop();
});

/** What the server describes and sends for a query of one column, sampled row by row. */
async function sampled(query: string, parameters: readonly string[], format: FormatCode) {
  const messages = await client.exchange(
    parse(query),
    bind({ values: parameters, resultFormats: [format] }),
    describe('P'),
    execute(),
    sync,
  );
  const whole = messages.map(({ type, body }) => ({ type, frame: message(type, body) }));
  const error = messages.find(({ type }) => type === 'E');
  assert.equal(error?.body.toString(), undefined, query);
  const description = whole.find(({ type }) => type === 'T');
  const fields = description === undefined ? [] : decodeRowDescription(description.frame);
  assert.equal(fields[0]?.format, format);
  const rows = whole
    .filter(({ type }) => type === 'D')
    .map(({ frame }) => sampleRow(frame, 0, frame.length, fields, 4096)[0]);
  return { oid: fields[0]?.typeOid ?? 0, rows };
}

/** Both formats must read the same. Returns how many values were compared, and the type. */
async function compare(query: string, parameters: readonly string[]) {
  const asText = await sampled(query, parameters, 0);
  const asBinary = await sampled(query, parameters, 1);
  assert.deepEqual(asBinary, asText, query);
  return { count: asText.rows.length, oid: asText.oid };
}

test('binary values read as the server writes them in text format', async () => {
  const oids = new Set<number>();
  for (const [type, values] of Object.entries(literals)) {
    const placeholders = values.map((_, index) => `($${index + 1}::text)`).join(', ');
    const query = `SELECT v::${type} FROM (VALUES ${placeholders}) AS t(v)`;
    const { count, oid } = await compare(query, values);
    assert.equal(count, values.length);
    oids.add(oid);
  }
  const never: readonly number[] = [TypeOid.unknown];
  const left = Object.values<number>(TypeOid).filter((oid) => !oids.has(oid) && !never.includes(oid));
  assert.deepEqual(left, [], 'every type that is read was asked for');
});

test('dates and numbers all over their range read as the server writes them', async () => {
  const many: readonly string[] = [
    `SELECT '4713-11-24 BC'::date + (i * 7919) FROM generate_series(0, 3000) i`,
    `SELECT '1996-01-01'::date + i FROM generate_series(0, 1500) i`,
    `SELECT '1600-02-28'::date + i * 36524 FROM generate_series(0, 100) i`,
    `SELECT '5874897-12-31'::date - (i * 999983) FROM generate_series(0, 2100) i`,
    `SELECT '4713-11-24 BC'::timestamp + i * interval '100 days 1.000001 seconds' FROM generate_series(0, 2000) i`,
    `SELECT (i * 7.5e29 / 3)::numeric / (10::numeric ^ (i % 60)) FROM generate_series(-300, 300) i`,
    `SELECT (sin(i) * power(10, i % 300))::float8 FROM generate_series(-600, 600) i`,
    `SELECT (sin(i) * power(10, i % 37))::float4 FROM generate_series(-600, 600) i`,
    `SELECT i::float4 / 7 FROM generate_series(-300, 300) i`,
    `SELECT power(2, i)::float4 FROM generate_series(-149, 127) i`,
    `SELECT power(2::float8, i) FROM generate_series(-1074, 1023) i`,
    `SELECT power(10::float8, i) FROM generate_series(-30, 30) i`,
  ];
  for (const query of many) assert.ok((await compare(query, [])).count > 50);
});
