import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bind, describe, execute, parse, sync } from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { message } from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { timeSteps } from '@gatehouse/policy-schema/model/policy.ts';
import { decodeDataRow, decodeRowDescription } from '../wire/backend-messages.ts';
import type { FormatCode } from '../wire/codes.ts';
import { Tokens } from './tokens.ts';
import { valueMasker } from './value-masker.ts';

/** Masked values of every type, held against what a real server says of them. */

const key = Buffer.alloc(32, 11);
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

interface Answer {
  readonly types: readonly number[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

async function ask(query: string, values: readonly (string | null)[], format: FormatCode): Promise<Answer> {
  const messages = await client.exchange(
    parse(query),
    bind({ values, resultFormats: [format] }),
    describe('P'),
    execute(),
    sync,
  );
  const error = messages.find(({ type }) => type === 'E');
  assert.equal(error?.body.toString(), undefined, query);
  const whole = (wanted: string) =>
    messages.filter(({ type }) => type === wanted).map(({ type, body }) => message(type, body));
  const [description] = whole('T');
  assert.ok(description !== undefined);
  return {
    types: decodeRowDescription(description).map(({ typeOid }) => typeOid),
    rows: whole('D').map((row) => decodeDataRow(row)),
  };
}

/** Each value as the server writes it, in both formats, and the OID of its type. */
async function written(type: string, values: readonly string[]) {
  const placeholders = values.map((_, index) => `($${index + 1}::text)`).join(', ');
  const query = `SELECT v::${type} FROM (VALUES ${placeholders}) AS t(v)`;
  const text = await ask(query, values, 0);
  const binary = await ask(query, values, 1);
  return {
    oid: text.types[0] ?? 0,
    text: text.rows.map(([value]) => value ?? Buffer.alloc(0)),
    binary: binary.rows.map(([value]) => value ?? Buffer.alloc(0)),
  };
}

const tokenized: Readonly<Record<string, readonly string[]>> = {
  int2: ['0', '-32768', '32767', '7'],
  int4: ['0', '-2147483648', '2147483647', '42'],
  int8: ['0', '-9223372036854775808', '9223372036854775807', '4503599627370496', '42'],
  oid: ['0', '4294967295'],
  float4: ['0', '1', '-1.5', '0.1', '3.4028235e38', '1e-45'],
  float8: ['0', '1.5', '-0.1', '1.7976931348623157e308', '5e-324', '123456789.125'],
  numeric: [
    '0',
    '0.00',
    '1.5',
    '1.50',
    '-129.95',
    '0.0001',
    '99999999999999',
    '100000000000000',
    '1e29',
    '-1e-20',
  ],
  'numeric(10,2)': ['0', '129.95', '-7'],
  date: ['2026-03-14', '0001-01-01', '9999-12-31', '2000-02-29'],
  time: ['00:00', '12:34:56.789', '23:59:59.999999'],
  timestamp: ['2026-03-14 15:09:26.535897', '0001-01-01 00:00', '9999-12-31 23:59:59.999999', '2026-01-01'],
  timestamptz: ['2026-03-14 15:09:26.535897+05:30', '2026-01-01 00:00+00', '9999-12-31 23:59:59.999+00'],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'],
  text: ['', 'ada@mail.example', "it's é \u{1f600}", 'x'.repeat(20_000)],
  varchar: ['abc'],
  'char(9)': ['abc', ''],
  name: ['pg_class'],
  json: ['{"a":  [1, null]}', '1', '"x"'],
  jsonb: ['{"a":  [1, null]}', '"x\\""'],
  bytea: ['\\x', '\\x00ff10', '\\x746f6b5f'],
  'int4[]': ['{}', '{1,NULL,3}', '[0:1][2:3]={{1,2},{3,4}}'],
  'text[]': ['{}', '{a,"b c",NULL,"","null","q\\"\\\\"}'],
  'date[]': ['{2026-03-14}'],
  'numeric[]': ['{1.5,2}'],
  'jsonb[]': ['{"{\\"a\\": 1}",NULL}'],
  'uuid[]': ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'],
  'timestamptz[]': ['{"2026-03-14 15:09:26.5+00"}'],
  'bytea[]': ['{"\\\\x00ff"}'],
};

test('a token is a value of its type, the same in both formats, and leads back to the value', async () => {
  for (const zone of ['UTC', 'Asia/Kathmandu']) {
    await ask(`SELECT set_config('TimeZone', '${zone}', false)`, [], 0);
    for (const [type, literals] of Object.entries(tokenized)) {
      const tokens = new Tokens(key);
      const { oid, text, binary } = await written(type, literals);
      const asText = text.map((value) => tokens.tokenize(oid, 0, value));
      const asBinary = binary.map((value) => tokens.tokenize(oid, 1, value));
      const shown = asText.map((token) => token?.toString() ?? '');
      assert.equal(shown.length, literals.length);
      // What the server makes of the token in text is the token in binary.
      const cast = type.replace(/\(.*\)/, '');
      const read = await written(cast === 'char' ? 'bpchar' : cast, shown);
      assert.deepEqual(read.binary, asBinary, `${type}: ${shown}`);
      for (const [index, token] of asText.entries()) {
        assert.ok(token !== null);
        // Only an array without elements has nothing to hide.
        assert.equal(
          token.equals(text[index] as Buffer),
          literals[index] === '{}',
          `${type}: ${literals[index]}`,
        );
        const back = tokens.untokenize(oid, 0, token);
        const same = await written(cast === 'char' ? 'bpchar' : cast, [back?.toString() ?? '']);
        assert.deepEqual(
          tokens.untokenize(oid, 1, asBinary[index] as Buffer),
          type === 'char(9)' ? same.binary[0] : binary[index],
          `${type}: ${literals[index]}`,
        );
        assert.deepEqual(same.binary[0]?.toString().trimEnd(), binary[index]?.toString().trimEnd());
      }
      const distinct = new Set(binary.map((value) => value.toString('hex')));
      assert.equal(new Set(asBinary.map((token) => token?.toString('hex'))).size, distinct.size, type);
    }
  }
  await ask("SELECT set_config('TimeZone', 'UTC', false)", [], 0);
});

test('what has no token is NULL in both formats', async () => {
  const none: Readonly<Record<string, readonly string[]>> = {
    bool: ['t'],
    interval: ['1 day'],
    inet: ['127.0.0.1'],
    cidr: ['10.0.0.0/8'],
    macaddr: ['08:00:2b:01:02:03'],
    timetz: ['12:00+01'],
    money: ['1'],
    point: ['(1,2)'],
    int4range: ['[1,2)'],
    xml: ['<a/>'],
    bit: ['1'],
    date: ['infinity', '0044-03-15 BC', '10000-01-01'],
    time: ['24:00'],
    timestamp: ['-infinity', '0001-12-31 23:59 BC'],
    timestamptz: ['infinity', '10000-01-01 00:00+00'],
    float4: ['NaN', 'Infinity'],
    float8: ['NaN', '-Infinity'],
    numeric: ['NaN', 'Infinity', `1${'0'.repeat(120)}`],
    'bool[]': ['{t}'],
    'interval[]': ['{"1 day"}'],
  };
  for (const [type, literals] of Object.entries(none)) {
    const tokens = new Tokens(key);
    const { oid, text, binary } = await written(type, literals);
    for (const value of text) assert.equal(tokens.tokenize(oid, 0, value), null, `${type} ${value}`);
    for (const value of binary) assert.equal(tokens.tokenize(oid, 1, value), null, `${type} in binary`);
  }
  for (const style of ['SQL', 'German', 'Postgres, DMY']) {
    await ask(`SELECT set_config('DateStyle', '${style}', false)`, [], 0);
    for (const type of ['date', 'timestamp', 'timestamptz']) {
      const { oid, text } = await written(type, ['2026-03-14']);
      assert.equal(new Tokens(key).tokenize(oid, 0, text[0] as Buffer), null, `${type} in ${style}`);
      const masker = valueMasker({ with: 'range', step: 'month' }, oid, 0, key);
      assert.equal(masker(text[0] as Buffer, 0, text[0]?.length ?? 0), null);
    }
  }
  await ask("SELECT set_config('DateStyle', 'ISO, MDY', false)", [], 0);
});

/** The lower ends that the server computes and those that the mask makes, in one format. */
async function compared(query: string, step: number | (typeof timeSteps)[number], format: FormatCode) {
  const { types, rows } = await ask(query, [], format);
  const masker = valueMasker({ with: 'range', step }, types[0] ?? 0, format, key);
  assert.ok(rows.length > 0);
  for (const [value, end] of rows) {
    assert.ok(value);
    const made = masker(value, 0, value.length);
    assert.deepEqual(made, end, `${query}: ${value.toString(format === 0 ? 'utf8' : 'hex')}`);
  }
}

test('ranges of dates and times are those of date_trunc', async () => {
  const days = `'4713-11-24 BC'::date + (i * 7919) FROM generate_series(46, 3000) i`;
  for (const step of timeSteps) {
    for (const format of [0, 1] as const) {
      if (step !== 'day') {
        await compared(`SELECT d, date_trunc('${step}', d)::date FROM (SELECT ${days}) t(d)`, step, format);
      }
      for (const type of ['timestamp', 'timestamptz']) {
        await compared(
          `SELECT d, date_trunc('${step}', d) FROM (SELECT (d + time '15:09:26.535897')::${type} FROM (SELECT ${days}) s(d)) t(d)`,
          step,
          format,
        );
      }
    }
  }
});

test('ranges of numbers are multiples of the step', async () => {
  const integers = 'generate_series(-300, 300, 7) i';
  for (const format of [0, 1] as const) {
    for (const type of ['int2', 'int4', 'int8', 'numeric']) {
      for (const step of [2, 10, 1000]) {
        if (type === 'int2' && step === 1000) continue;
        await compared(
          `SELECT i::${type}, (floor(i / ${step}::numeric) * ${step})::${type} FROM ${integers}`,
          step,
          format,
        );
      }
    }
    for (const step of [0.25, 1, 2.5, 10]) {
      const value = '(i * 7.77)::numeric(12,2)';
      const end = `(floor(${value} / ${step}) * ${step})::numeric(12,2)`;
      await compared(`SELECT ${value}, ${end} FROM ${integers}`, step, format);
      const float = '(i * 0.25)::float8';
      const floatEnd = `(floor((i * 0.25)::numeric / ${step}) * ${step})::float8`;
      await compared(`SELECT ${float}, ${floatEnd} FROM ${integers}`, step, format);
      await compared(`SELECT ${float}::float4, ${floatEnd}::float4 FROM ${integers}`, step, format);
    }
    await compared("SELECT '{1,19,NULL,-1}'::int4[], '{0,10,NULL,-10}'::int4[]", 10, format);
    await compared("SELECT '{2026-03-14}'::date[], '{2026-03-01}'::date[]", 'month', format);
  }
});

test('ranges are NULL where they would hide nothing, or have no such end', async () => {
  const nulls: readonly (readonly [string, string, number | (typeof timeSteps)[number]])[] = [
    ['int4', '7', 1],
    ['int4', '7', 2.5],
    ['int4', '-2147483648', 1000],
    ['int8', '-9223372036854775808', 1000],
    ['numeric', '7', 1],
    ['numeric', '7', 0.5],
    ['numeric', '1.25', 0.01],
    ['numeric', 'NaN', 10],
    ['float8', 'NaN', 10],
    ['float8', '-Infinity', 10],
    ['float8', '1e300', 10],
    ['float4', 'Infinity', 10],
    ['date', '2026-03-14', 'day'],
    ['date', 'infinity', 'month'],
    ['date', '4714-12-01 BC', 'year'],
    ['timestamp', '-infinity', 'day'],
    ['date', '2026-03-14', 10],
    ['int4', '2026', 'year'],
    ['text', 'abc', 10],
    ['text', '2026-03-14', 'month'],
    ['bool', 't', 2],
    ['interval', '3 days', 'week'],
    ['jsonb', '10', 10],
  ];
  for (const [type, literal, step] of nulls) {
    const { oid, text, binary } = await written(type, [literal]);
    for (const [value, format] of [
      [text[0], 0],
      [binary[0], 1],
    ] as const) {
      assert.ok(value);
      const masker = valueMasker({ with: 'range', step }, oid, format, key);
      assert.equal(masker(value, 0, value.length), null, `${type} ${literal} by ${step}`);
    }
  }
  const tenths = await written('float8', ['0.3', '-0.05']);
  const masker = valueMasker({ with: 'range', step: 0.1 }, tenths.oid, 0, key);
  assert.deepEqual(
    tenths.text.map((value) => masker(value, 0, value.length)?.toString()),
    ['0.3', '-0.1'],
  );
});
