import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { readers } from '../../readers.ts';

const reader = readers.postgres;
before(() => reader.load());

const literal = fc.oneof(
  fc.integer({ min: 0 }).map(String),
  fc.constantFrom(
    '2147483647',
    '99999999999',
    '1.5',
    "''",
    "'pg_class'",
    "'a, b'",
    "'x''y -- é'",
    'NULL',
    '$1',
  ),
  fc.string({ maxLength: 12 }).map((text) => `'${text.replaceAll("'", "''")}'`),
);
const statement = fc.constantFrom<(one: string, other: string) => string>(
  (one, other) => `SELECT a FROM public.t WHERE b = ${one} LIMIT ${other}`,
  (one, other) => `INSERT INTO t VALUES (${one}, ${other})`,
  (one) => `UPDATE t SET a = ${one}`,
  (one, other) => `DELETE FROM t WHERE a IN (${one}, ${other})`,
  (one) => `SELECT ${one}::regclass`,
  (one, other) => `SELECT set_config(${one}, ${other}, false)`,
  (one) => `SELECT nextval(${one}), lower(${one})`,
  (one) => `SELECT dblink(${one}, 'DROP TABLE t')`,
  (one) => `SELECT query_to_xml(${one}, true, false, '')`,
  (one) => `SELECT pg_read_file(${one})`,
  (one) => `SELECT a FROM t -- ${one}\nWHERE b = 1`,
  (one, other) => `SELECT a FROM t ORDER BY ${one} FETCH FIRST ${other} ROWS ONLY`,
  (one) => `EXECUTE p(${one})`,
  (one) => `SET search_path = ${one}`,
);

test('texts that are alike say the same, but for themselves and their length', () => {
  const session = { inTransaction: false, application: 'psql' };
  let alike = 0;
  fc.assert(
    fc.property(statement, literal, literal, literal, literal, (make, a, b, c, d) => {
      const [one, other] = [make(a, b), make(c, d)];
      if (reader.alike(one) !== reader.alike(other)) return;
      if (one !== other) alike += 1;
      assert.deepEqual(reader.withText(reader.read(one, session), other), reader.read(other, session));
    }),
    { numRuns: 4000 },
  );
  assert.ok(alike > 100, `only ${alike} different pairs were alike`);
});

test('a text whose literals decide what it does is like no other', () => {
  for (const [one, other] of [
    ["SELECT 'a'::regclass", "SELECT 'b'::regclass"],
    ["SELECT set_config('role', 'x', false)", "SELECT set_config('work_mem', 'x', false)"],
    ['not SQL 1', 'not SQL 2'],
    ['SELECT 1; SELECT 1', 'SELECT 1; SELECT 2'],
  ] as const)
    assert.notEqual(reader.alike(one), reader.alike(other));
});

test('a long text is like no other, as its length may decide whether it can be read', () => {
  const long = (letter: string) => `SELECT '${letter.repeat(30_000)}'`;
  assert.notEqual(reader.alike(long('a')), reader.alike(long('b')));
});
