import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { Agent, type Clinic, type Said, startClinic } from '@gatehouse/test-fixtures/masking/clinic.ts';

/** Values of a client's own on their way into columns where what becomes of them could be compared. */

const masks = `
  - { columns: [public.guarded.mail, public.guarded.number, public.guarded.tags, public.guarded.data], with: tokenize }
  - { columns: [public.guarded.code], with: hash }
  - { columns: [public.open_to.mail, public.open_to.number, public.open_to.tags, public.open_to.data], with: tokenize, writable: true }
  - { columns: [public.open_to.code], with: hash, writable: true }
`;

/** What an agent may name its own tables, too. */
const byPattern = `
  - { columns: ["*.handle"], with: tokenize }
  - { columns: ["*.pin"], with: hash }
`;

const columns = 'id int PRIMARY KEY, mail text, number int, tags text[], data jsonb, code text, note text';
const row = `1, 'ann@hidden.example', 471100101, '{hidden}', '{"a": "hidden"}', 'hidden', 'note'`;

let clinic: Clinic;
let agent: Agent;
/** What a SELECT of the columns mail and number shows. */
let mail: string;
let number: string;

before(async () => {
  clinic = await startClinic(masks + byPattern);
  for (const table of ['guarded', 'open_to'])
    await clinic.server.sql(
      `CREATE TABLE ${table} (${columns}); INSERT INTO ${table} VALUES (${row}); GRANT ALL ON ${table} TO clerk`,
    );
  await clinic.server.sql(`
    CREATE TABLE members (id int PRIMARY KEY, handle text DEFAULT 'given', pin text, note text);
    INSERT INTO members VALUES (1, 'hidden', '4711001', 'note');
    CREATE VIEW membership AS SELECT id, handle, pin, note FROM members;
    CREATE VIEW over_membership AS SELECT id, handle AS h FROM membership;
    CREATE TABLE logged (id int, handle text);
    CREATE RULE log AS ON INSERT TO logged DO ALSO INSERT INTO notes (note) VALUES ('one more');
    GRANT ALL ON members, membership, over_membership, logged TO clerk`);
  agent = await Agent.of(clinic);
  const [shown] = (await agent.simple('SELECT mail, number FROM guarded')).rows;
  [mail, number] = shown as [string, string];
});
after(async () => {
  await agent?.end();
  await clinic?.stop();
});

async function stored(table: string, column: string, id = 1): Promise<unknown> {
  const [found] = await clinic.server.sql(`SELECT ${column}::text AS it FROM ${table} WHERE id = ${id}`);
  return found?.it;
}

/** A value of a column's own: as a constant, as a parameter in text, and in binary. */
const own: Readonly<Record<string, readonly [constant: string, text: string, binary: Buffer]>> = {
  mail: ["'eve@mail.example'", 'eve@mail.example', Buffer.from('eve@mail.example')],
  number: ['42', '42', Buffer.from([0, 0, 0, 42])],
  data: [`'{"b": 2}'`, '{"b": 2}', Buffer.from('\u0001{"b": 2}')],
  code: ["'c0de'", 'c0de', Buffer.from('c0de')],
};

/** In each way that a client may send it. */
async function* written(table: string, column: string): AsyncGenerator<readonly [way: string, said: Said]> {
  const [constant = '', text = '', binary = Buffer.alloc(0)] = own[column] ?? [];
  const update = `UPDATE ${table} SET ${column} = $1 WHERE id = 1`;
  yield ['constant', await agent.simple(update.replace('$1', constant))];
  yield ['parsed constant', await agent.extended(update.replace('$1', constant))];
  for (const way of ['extended', 'prepared'] as const) {
    yield [`${way}, text`, await agent[way](update, { values: [text] })];
    yield [`${way}, binary`, await agent[way](update, { values: [binary], parameterFormats: [1] })];
  }
  await agent.simple(`PREPARE own AS ${update}`);
  yield ['EXECUTE', await agent.simple(`EXECUTE own (${constant})`)];
  await agent.simple('DEALLOCATE own');
}

describe('a value of the client', () => {
  for (const column of Object.keys(own)) {
    test(`is refused, and told why: ${column}`, async () => {
      const before = await stored('guarded', column);
      for await (const [way, { error }] of written('guarded', column)) {
        assert.equal(error?.C, '42501', way);
        assert.match(error?.M ?? '', /a value of your own could be compared with others/, way);
        assert.match(error?.H ?? '', /`writable: true`/, way);
        // A token of a number, or a hash, is no way out.
        const tokens = column === 'mail' || column === 'data';
        assert.equal(/write a token/.test(error?.H ?? ''), tokens, way);
      }
      assert.equal(await stored('guarded', column), before);
    });

    test(`passes where the mask is writable: ${column}`, async () => {
      for await (const [way, { error, tags }] of written('open_to', column)) {
        assert.deepEqual([error, tags], [undefined, ['UPDATE 1']], way);
        assert.equal(await stored('open_to', column), own[column]?.[1], way);
        await clinic.server.sql(`UPDATE open_to SET ${column} = NULL`);
      }
    });
  }

  for (const text of [
    "UPDATE it SET tags = '{x}'",
    "UPDATE it SET tags = ARRAY['x']",
    "UPDATE it SET tags[1] = 'x'",
    `UPDATE it SET data['a'] = '"x"'`,
    'UPDATE it SET mail = note',
    "UPDATE it SET mail = lower('X')",
    "UPDATE it SET mail = CASE WHEN true THEN 'x' END",
    "UPDATE it SET (mail, note) = ('x', 'y')",
    "UPDATE it SET (mail, note) = (SELECT 'x', 'y')",
    'UPDATE it SET number = 1 + 1',
    'UPDATE it SET code = now()::text',
    "WITH own AS (SELECT 'x' AS x) UPDATE it SET mail = x FROM own",
    "WITH own AS (UPDATE it SET code = 'x' RETURNING id) SELECT id FROM own",
    "INSERT INTO it (id, mail) VALUES (10, NULL), (11, 'x')",
    "INSERT INTO it (id, mail) SELECT 10, 'x'",
    'INSERT INTO it (id, mail) SELECT id, note FROM notes',
    "INSERT INTO it (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET mail = 'x'",
    'INSERT INTO it (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET mail = excluded.note',
    "MERGE INTO it USING (SELECT 1 AS n) s ON id = n WHEN MATCHED THEN UPDATE SET mail = 'x'",
    "MERGE INTO it USING (SELECT 10 AS n, 'x' AS x) s ON id = n WHEN NOT MATCHED THEN INSERT (id, mail) VALUES (n, x)",
  ]) {
    test(`passes nowhere but into what is writable: ${text}`, async () => {
      await agent.simple('BEGIN');
      assert.equal((await agent.simple(text.replaceAll(/\bit\b/g, 'guarded'))).error?.C, '42501');
      await agent.simple('ROLLBACK; BEGIN');
      assert.equal((await agent.simple(text.replaceAll(/\bit\b/g, 'open_to'))).error, undefined);
      await agent.simple('ROLLBACK');
    });
  }

  test('is not read from COPY data, unless the mask is writable', async () => {
    for (const column of ['mail', 'number', 'tags', 'code']) {
      const { error } = await agent.simple(`COPY guarded (id, ${column}) FROM STDIN`);
      assert.equal(error?.C, '42501', column);
    }
    assert.equal((await agent.simple('COPY guarded FROM STDIN')).error?.C, '42501');
    const { connection } = agent;
    await connection.exchange(
      send.query('COPY open_to (id, mail) FROM STDIN'),
      send.copyData('20\tcopied\n'),
      send.copyDone,
    );
    assert.equal(await stored('open_to', 'mail', 20), 'copied');
    await clinic.server.sql('DELETE FROM open_to WHERE id = 20');
  });
});

test('NULL, what is left out, and the column itself pass', async () => {
  for (const text of [
    'UPDATE guarded SET mail = NULL, number = NULL, code = NULL WHERE id = 2',
    'UPDATE guarded SET mail = mail, number = number, code = code, data = data',
    "INSERT INTO guarded (id, note) VALUES (2, 'x')",
    'COPY guarded (id, note) TO STDOUT',
  ])
    assert.equal((await agent.simple(text)).error, undefined, text);
  for (const column of ['mail', 'number', 'code']) {
    const options = { values: [null] };
    const { error } = await agent.extended(`UPDATE guarded SET ${column} = $1 WHERE id = 2`, options);
    assert.equal(error, undefined, column);
  }
});

describe('where the mask is writable', () => {
  test('a token is turned back where it is told from other values', async () => {
    for (const run of [
      () => agent.simple(`UPDATE open_to SET mail = '${mail}' WHERE id = 1`),
      () => agent.extended('UPDATE open_to SET mail = $1 WHERE id = 1', { values: [mail] }),
    ]) {
      assert.equal((await run()).error, undefined);
      assert.equal(await stored('open_to', 'mail'), 'ann@hidden.example');
      await clinic.server.sql('UPDATE open_to SET mail = NULL');
    }
    const changed = await agent.simple(`UPDATE open_to SET mail = '${mail.slice(0, -1)}' WHERE id = 1`);
    assert.equal(changed.error?.C, '42501');
    assert.match(changed.error?.M ?? '', /no token of it/);
  });

  test('a number is the number that the client wrote', async () => {
    assert.equal((await agent.simple(`UPDATE open_to SET number = ${number} WHERE id = 1`)).error, undefined);
    assert.equal(await stored('open_to', 'number'), number);
    // It would mean two numbers.
    const both = `UPDATE open_to SET number = $1 WHERE number = $1`;
    assert.equal((await agent.extended(both, { values: [number] })).error?.C, '42501');
  });

  test('what a mask shows in the place of a value is refused', async () => {
    for (const column of ['mail', 'code'])
      for (const value of ['[redacted]', 'an***', 'aB3-_wXyZ0123456789abc']) {
        const { error } = await agent.simple(`UPDATE open_to SET ${column} = '${value}' WHERE id = 1`);
        assert.equal(error?.C, '42501', `${column} ${value}`);
      }
  });

  test('a value is compared by its token, which is why that is asked for', async () => {
    await agent.simple("UPDATE open_to SET mail = 'ann@hidden.example' WHERE id = 1");
    const [shown] = (await agent.simple('SELECT mail FROM open_to WHERE id = 1')).rows;
    assert.deepEqual(shown, [mail]);
  });
});

describe('a name that a mask speaks of', () => {
  for (const text of [
    "CREATE TABLE mine AS SELECT 'x' AS handle",
    "CREATE TEMP TABLE mine (handle) AS SELECT 'x'",
    'CREATE TEMP TABLE mine AS SELECT note AS pin FROM members',
    "SELECT 'x' AS handle INTO TEMP mine",
    "CREATE MATERIALIZED VIEW mine AS SELECT 'x' AS pin",
    "CREATE VIEW mine AS SELECT 'x' AS handle",
    'CREATE TEMP VIEW mine (handle) AS VALUES (1)',
    "CREATE TABLE mine (handle text DEFAULT 'x')",
    "CREATE TEMP TABLE mine (handle text DEFAULT lower('X'))",
    "ALTER TABLE owned ADD COLUMN pin text DEFAULT 'x'",
    "ALTER TABLE members ALTER handle SET DEFAULT 'x'",
    'ALTER TABLE owned RENAME COLUMN a TO handle',
    // The relation is not known before the text runs.
    "CREATE TABLE mine (handle text); INSERT INTO mine (handle) VALUES ('x')",
    "CREATE TABLE mine (handle text); INSERT INTO mine AS m (handle) VALUES ('x')",
    "CREATE TABLE mine (handle text); INSERT INTO mine VALUES ('x')",
    'CREATE TABLE mine (handle text); COPY mine (handle) FROM STDIN',
    // Views are followed to what they write.
    "INSERT INTO membership (id, handle) VALUES (2, 'x')",
    "UPDATE membership SET pin = 'x'",
    "UPDATE membership SET handle = lower('X')",
    "UPDATE over_membership SET h = 'x'",
    "INSERT INTO logged VALUES (1, 'x')",
  ]) {
    test(`is not given to values of the client: ${text}`, async () => {
      const { error } = await agent.simple(text);
      assert.equal(error?.C, '42501', error?.M);
      assert.match(error?.M ?? '', /a value of your own|no token of it/);
    });
  }

  test('may be that of a column which nobody named', async () => {
    const { error } = await agent.simple("CREATE TABLE mine (handle text); INSERT INTO mine VALUES ('x')");
    assert.match(error?.M ?? '', /cannot tell whether a column of mine is masked \(tokenize\)/);
    assert.match(error?.H ?? '', /Name the columns/);
  });

  test('is not given to values of the client by EXECUTE', async () => {
    await agent.simple("PREPARE mine AS SELECT 'x' AS handle, 'y' AS other");
    for (const text of ['CREATE TABLE mine AS EXECUTE mine', 'CREATE TABLE mine (a, pin) AS EXECUTE mine'])
      assert.equal((await agent.simple(text)).error?.C, '42501', text);
    await agent.simple('DEALLOCATE mine');
  });

  for (const text of [
    'CREATE TEMP TABLE mine (id int, handle text, pin text DEFAULT NULL)',
    'CREATE TEMP TABLE mine AS SELECT id, note AS word FROM members',
    "CREATE TEMP TABLE mine (id int, word text DEFAULT 'x')",
    'CREATE TEMP VIEW mine AS SELECT id, handle, pin FROM members',
    "CREATE TEMP TABLE mine (word text); INSERT INTO mine (word) VALUES ('x')",
    'INSERT INTO members (id) VALUES (20)',
    'INSERT INTO members (id, handle) VALUES (20, DEFAULT)',
    'UPDATE members SET handle = DEFAULT, pin = NULL WHERE id = 20',
    "INSERT INTO membership (id, note) VALUES (20, 'x')",
    "UPDATE membership SET handle = NULL, note = 'x' WHERE id = 20",
    'ALTER TABLE owned RENAME COLUMN a TO b',
  ]) {
    test(`may be used otherwise: ${text}`, async () => {
      await agent.simple('BEGIN');
      const { error } = await agent.simple(text);
      assert.equal(error, undefined, error?.M);
      await agent.simple('ROLLBACK');
    });
  }

  test('takes tokens through views', async () => {
    const [row] = (await agent.simple('SELECT handle FROM membership WHERE id = 1')).rows;
    const [handle] = row ?? [];
    await clinic.server.sql("INSERT INTO members VALUES (30, 'other')");
    for (const run of [
      () => agent.simple(`UPDATE membership SET handle = '${handle}' WHERE id = 30`),
      () => agent.extended('UPDATE membership SET handle = $1 WHERE id = 30', { values: [handle ?? null] }),
    ]) {
      assert.equal((await run()).error, undefined);
      assert.equal(await stored('members', 'handle', 30), 'hidden');
      await clinic.server.sql("UPDATE members SET handle = 'other' WHERE id = 30");
    }
    await clinic.server.sql('DELETE FROM members WHERE id = 30');
  });
});
