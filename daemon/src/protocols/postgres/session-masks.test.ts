import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  Agent,
  type Clinic,
  hiddenValues,
  type Said,
  startClinic,
} from '@gatehouse/test-fixtures/masking/clinic.ts';

let clinic: Clinic;
let agent: Agent;
before(async () => {
  clinic = await startClinic();
  agent = await Agent.of(clinic);
});
after(async () => {
  await agent?.end();
  await clinic?.stop();
});

const ways: Readonly<Record<string, (text: string) => Promise<Said>>> = {
  simple: (text) => agent.simple(text),
  extended: (text) => agent.extended(text),
  'extended, in binary': (text) => agent.extended(text, { resultFormats: [1] }),
  prepared: (text) => agent.prepared(text),
};

describe('a masked value is hidden wherever it comes out', () => {
  const texts: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['SELECT ssn FROM patients WHERE id = 1', ['[redacted]']],
    ['SELECT ssn AS name FROM patients WHERE id = 1', ['[redacted]']],
    ['SELECT upper(ssn) FROM patients WHERE id = 1', ['[redacted]']],
    ['SELECT ssn::varchar(3) FROM patients WHERE id = 1', ['[redacted]']],
    ['SELECT to_jsonb(p)::text FROM patients p WHERE id = 1', ['[redacted]']],
    ['SELECT p.ssn || p.name FROM patients p WHERE id = 1', ['[redacted]']],
    ['WITH w (a) AS (SELECT ssn FROM patients WHERE id = 1) SELECT a FROM w', ['[redacted]']],
    ['SELECT x.a FROM (SELECT ssn AS a, id FROM patients) x WHERE id = 1', ['[redacted]']],
    ['SELECT code FROM contacts WHERE id = 1', ['[redacted]']],
    ["SELECT ssn FROM patients WHERE id = 1 UNION ALL SELECT 'x' WHERE false", ['[redacted]']],
    ['SELECT max(ssn) FROM patients', ['[redacted]']],
    ["SELECT coalesce(ssn, 'none') FROM patients WHERE id = 1", ['[redacted]']],
    ['SELECT number FROM patients WHERE false UNION ALL SELECT 1', [null]],
    ['DELETE FROM patients WHERE id = -1 RETURNING ssn', []],
    ['UPDATE patients SET name = name WHERE id = 1 RETURNING ssn', ['[redacted]']],
  ];
  for (const [text, expected] of texts) {
    for (const [way, run] of Object.entries(ways)) {
      test(`${way}: ${text}`, async () => {
        const { rows, error, bytes } = await run(text);
        assert.equal(error, undefined);
        assert.deepEqual(rows.flat(), expected);
        assert.doesNotMatch(bytes, hiddenValues);
      });
    }
  }

  test('whether a computed value is NULL is hidden too', async () => {
    const { rows } = await agent.simple('SELECT lower(email) FROM patients ORDER BY id');
    assert.deepEqual(rows.flat(), ['[redacted]', '[redacted]', '[redacted]']);
  });

  test('a token is the same wherever it comes from, and no other column beside it is', async () => {
    const [row] = (await agent.simple('SELECT email, name FROM patients WHERE id = 1')).rows;
    const [token, name] = row ?? [];
    assert.match(token ?? '', /^tok_/);
    assert.equal(name, 'Ann');
    for (const text of [
      'SELECT mail FROM contacts WHERE id = 1',
      'SELECT mail FROM contacts_of WHERE id = 1',
      'SELECT recipient FROM letters WHERE id = 1',
      'SELECT e FROM (SELECT email AS e, id FROM patients) x WHERE id = 1',
    ])
      assert.deepEqual((await agent.simple(text)).rows, [[token]], text);
    // What is mixed in could be compared.
    const mixed = await agent.simple(
      "SELECT email FROM patients WHERE id = 1 UNION ALL SELECT 'ann@hidden.example'",
    );
    assert.deepEqual(mixed.rows.flat(), ['[redacted]', '[redacted]']);
  });
});

describe('what tells of a masked value is refused', () => {
  const texts: readonly string[] = [
    "SELECT name FROM patients WHERE ssn = 'hidden-1'",
    "SELECT name FROM patients WHERE ssn LIKE 'h%'",
    "SELECT name FROM patients WHERE upper(email) = 'X'",
    'SELECT name FROM patients ORDER BY ssn',
    'SELECT name FROM patients ORDER BY email',
    'SELECT count(*) FROM patients GROUP BY ssn',
    'SELECT DISTINCT ssn FROM patients',
    'SELECT DISTINCT flag FROM patients',
    'SELECT count(*) FROM patients GROUP BY flag',
    'SELECT ssn FROM patients UNION SELECT ssn FROM patients',
    'SELECT 1 FROM patients p JOIN letters l ON l.body = p.ssn',
    'SELECT 1 FROM patients p JOIN notes n ON n.note = p.email',
    "SELECT CASE WHEN ssn > 'i' THEN 1 ELSE 2 END FROM patients",
    "SELECT count(*) FILTER (WHERE ssn > 'i') FROM patients",
    'SELECT name FROM patients LIMIT (SELECT length(email) FROM patients WHERE id = 1)',
    'SELECT rank() OVER (ORDER BY ssn) FROM patients',
    'SELECT ssn::int FROM patients',
    'SELECT 1 / (number - 471100101) FROM patients',
    'SELECT pg_sleep(number) FROM patients',
    "SELECT set_config('app.x', ssn, false) FROM patients",
    'SELECT generate_series(1, number) FROM patients',
    "SELECT name FROM patients WHERE phone = '555-hidden-1'",
    "SELECT name FROM contacts WHERE code = 'HIDDEN-1'",
    'COPY patients TO STDOUT',
    'COPY (SELECT ssn FROM patients) TO STDOUT',
    "EXPLAIN SELECT 1 FROM patients WHERE ssn = 'hidden-1'",
    "UPDATE notes SET note = '1' WHERE note IN (SELECT ssn FROM patients)",
    'DO $$ BEGIN RAISE NOTICE USING MESSAGE = (SELECT ssn FROM patients LIMIT 1); END $$',
  ];
  for (const text of texts) {
    test(text, async () => {
      for (const [way, run] of Object.entries(ways)) {
        const { rows, error, bytes } = await run(text);
        assert.equal(error?.C, '42501', `${way}: ${JSON.stringify(error)}`);
        assert.deepEqual(rows, []);
        assert.doesNotMatch(bytes, hiddenValues);
      }
    });
  }

  test('in words that name the column, the place, the policy and what to do', async () => {
    const { error } = await agent.simple("SELECT name FROM patients WHERE ssn = 'x'");
    assert.equal(
      error?.M,
      'Gatehouse: public.patients.ssn is masked (redact), and WHERE would tell what it holds',
    );
    assert.match(
      error?.D ?? '',
      /^\.gatehouse\/policies\/clinic\.policy\.yaml:\d+ \(mask of policy clinic\)$/,
    );
    assert.match(error?.H ?? '', /^Choose rows by another column, or ask for `with: tokenize`/);
  });
});

describe('what takes masked columns from under their masks is refused', () => {
  for (const text of [
    'ALTER TABLE patients RENAME COLUMN ssn TO word',
    'ALTER TABLE patients RENAME TO people',
    'ALTER TABLE patients SET SCHEMA pg_temp',
    'ALTER SCHEMA public RENAME TO elsewhere',
    'ALTER TABLE parts DETACH PARTITION part',
    'ALTER TABLE made ALTER COLUMN shout DROP EXPRESSION',
    'ALTER TABLE notes ALTER COLUMN note TYPE text USING (SELECT ssn FROM patients LIMIT 1)',
    'ALTER TABLE patients ALTER COLUMN name TYPE text USING ssn',
  ]) {
    test(text, async () => {
      const { error } = await agent.simple(text);
      assert.match(error?.M ?? '', /^Gatehouse/);
      assert.equal(error?.C, '42501');
    });
  }

  test('but not what has none', async () => {
    for (const text of ['ALTER TABLE owned RENAME COLUMN a TO b', 'ALTER TABLE owned RENAME TO owns'])
      assert.equal((await agent.simple(text)).error, undefined, text);
  });
});

describe('what tells nothing passes', () => {
  const texts: readonly (readonly [string, readonly (readonly (string | null)[])[]])[] = [
    ['SELECT count(ssn), count(DISTINCT email) FROM patients', [['3', '2']]],
    ['SELECT length(ssn) FROM patients WHERE id = 1', [['8']]],
    ['SELECT name FROM patients WHERE email IS NULL', [['Cid']]],
    ['SELECT name FROM patients WHERE length(ssn) = 8 AND id = 2', [['Bob']]],
    [
      'SELECT p.name, count(*) FROM patients p GROUP BY p.id, p.ssn ORDER BY p.id',
      [
        ['Ann', '1'],
        ['Bob', '1'],
        ['Cid', '1'],
      ],
    ],
    ['SELECT count(*) FROM visits GROUP BY number ORDER BY 1', [['1'], ['2']]],
    [
      'SELECT p.name, v.room FROM patients p JOIN visits v ON v.number = p.number ORDER BY v.id',
      [
        ['Ann', 'A'],
        ['Ann', 'B'],
        ['Bob', 'A'],
      ],
    ],
    ['SELECT p.name FROM patients p JOIN visits v USING (number) ORDER BY v.id LIMIT 1', [['Ann']]],
    ['SELECT a.name FROM patients a JOIN patients b ON a.phone = b.phone ORDER BY a.id', [['Ann'], ['Bob']]],
    ["SELECT 'ssn' AS x, 1 + 1", [['ssn', '2']]],
    ['SELECT id, name FROM contacts ORDER BY id LIMIT 1', [['1', 'Ann']]],
    ['SHOW server_encoding', [['UTF8']]],
  ];
  for (const [text, expected] of texts) {
    test(text, async () => {
      for (const [way, run] of Object.entries(ways)) {
        const { rows, error } = await run(text);
        assert.equal(error, undefined, way);
        if (way !== 'extended, in binary') assert.deepEqual(rows, expected, way);
      }
    });
  }

  test('a plan of a statement that tells nothing', async () => {
    const { rows } = await agent.simple('EXPLAIN SELECT ssn FROM patients WHERE id = 1');
    assert.match(rows.flat().join(), /Scan.*patients/);
  });
});

describe('errors', () => {
  const texts: readonly (readonly [string, string])[] = [
    ["INSERT INTO patients (id, name, ssn) VALUES (1, 'x', 'y')", '23505'],
    ['UPDATE patients SET name = NULL WHERE id = 1', '23502'],
    ['SELECT name::int FROM patients WHERE id = 1', '22P02'],
  ];
  for (const [text, code] of texts) {
    test(`do not quote rows: ${text}`, async () => {
      const { error, bytes } = await agent.simple(text);
      assert.equal(error?.C, code);
      assert.match(error?.M ?? '', /withheld/);
      assert.equal(error?.D, undefined);
      assert.doesNotMatch(bytes, hiddenValues);
    });
  }

  test('of the text itself pass', async () => {
    const { error } = await agent.simple('SELECT nothing FROM patients');
    assert.equal(error?.M, 'column "nothing" does not exist');
    assert.equal(error?.P, '8');
  });
});

test('a text that is too long to be followed passes only where nothing in it has masks', async () => {
  const long = `/* ${'x'.repeat(140_000)} */`;
  const { error, rows } = await agent.simple(`SELECT ssn FROM patients ${long}`);
  assert.deepEqual([error?.C, rows], ['42501', []]);
  assert.match(error?.M ?? '', /too long or too deep to follow/);
  const notes = await agent.simple(`SELECT count(*) FROM notes WHERE id < 0 ${long}`);
  assert.deepEqual(notes.rows, [['0']]);
});

test('what others run, and what the server keeps of texts and columns, is hidden', async () => {
  for (const text of [
    'SELECT query FROM pg_stat_activity',
    'SELECT * FROM pg_stat_get_activity(NULL)',
    'SELECT statement FROM pg_prepared_statements',
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'patients'",
  ]) {
    const { rows, error } = await agent.simple(text);
    if (error !== undefined) assert.equal(error.C, '42501', text);
    for (const value of rows.flat()) assert.ok(value === null || value === '[redacted]', `${text}: ${value}`);
  }
});
