import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import {
  Agent,
  type Clinic,
  clinicMasks,
  clinicPolicy,
  hiddenValues,
  said,
  startClinic,
} from '@gatehouse/test-fixtures/masking/clinic.ts';

/** Tokens on their way in: in texts, in parameters, and where they may not stand. */

let clinic: Clinic;
let agent: Agent;
/** Tokens of Ann's email and of her number. */
let email: string;
let number: string;

before(async () => {
  clinic = await startClinic();
  agent = await Agent.of(clinic);
  const [row] = (await agent.simple('SELECT email, number FROM patients WHERE id = 1')).rows;
  [email, number] = row as [string, string];
});
after(async () => {
  await agent?.end();
  await clinic?.stop();
});

async function stored(query: string): Promise<unknown> {
  const [row] = await clinic.server.sql(query);
  return Object.values(row ?? {})[0];
}

const int32 = (value: string | number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Number(value));
  return bytes;
};

describe('a token in the text of a statement', () => {
  const texts: Readonly<Record<string, () => string>> = {
    'is turned back in an equality': () => `SELECT name FROM patients WHERE email = '${email}'`,
    'is turned back on the left': () => `SELECT name FROM patients WHERE '${email}' = email`,
    'is turned back behind a cast': () => `SELECT name FROM patients WHERE email = '${email}'::text`,
    'is turned back as a number': () => `SELECT name FROM patients WHERE number = ${number}`,
    'is turned back in IN': () => `SELECT name FROM patients WHERE email IN ('${email}', NULL)`,
    'is turned back in = ANY': () => `SELECT name FROM patients WHERE email = ANY ('{${email}}')`,
    'is turned back in = ANY of an ARRAY': () =>
      `SELECT name FROM patients WHERE email = ANY (ARRAY['${email}'])`,
    'is turned back through a view': () => `SELECT name FROM contacts_of WHERE mail = '${email}'`,
    'is turned back in a join': () =>
      `SELECT p.name FROM patients p JOIN letters l ON l.recipient = p.email AND l.recipient = '${email}'`,
    'is turned back in a subquery': () =>
      `SELECT name FROM patients WHERE id IN (SELECT id FROM patients WHERE email = '${email}')`,
    'is turned back behind other characters': () =>
      `SELECT name /* ünïcödé 🙂 */ FROM patients WHERE email = '${email}'`,
    'is turned back more than once': () =>
      `SELECT name FROM patients WHERE email = '${email}' AND number = ${number} AND email = '${email}'`,
  };
  for (const [what, text] of Object.entries(texts)) {
    test(what, async () => {
      for (const way of ['simple', 'extended', 'prepared'] as const) {
        const { rows, error, bytes } = await agent[way](text());
        assert.equal(error, undefined, way);
        assert.deepEqual(rows, [['Ann']], way);
        assert.doesNotMatch(bytes, hiddenValues);
      }
    });
  }

  test('is turned back in several statements of one text', async () => {
    const { rows } = await agent.simple(
      `SELECT name FROM patients WHERE email = '${email}'; SELECT id FROM letters WHERE recipient = '${email}'`,
    );
    assert.deepEqual(rows, [['Ann'], ['1']]);
  });

  test('stays a token in the record', async () => {
    const text = `SELECT name, email FROM patients WHERE email = '${email}' -- recorded`;
    await agent.simple(text);
    const line = await clinic.gate.line(
      (each) => each.kind === 'request.decided' && each.text.includes('-- recorded'),
    );
    assert.ok(line);
    assert.doesNotMatch(JSON.stringify(clinic.gate.lines), hiddenValues);
  });

  const refused: Readonly<Record<string, () => string>> = {
    'that is none is a guess': () => "SELECT name FROM patients WHERE email = 'ann@hidden.example'",
    'that is changed is none': () => `SELECT name FROM patients WHERE email = '${email.slice(0, -1)}'`,
    'beside one that is none': () => `SELECT name FROM patients WHERE email IN ('${email}', 'x')`,
    'is not shown': () => `SELECT name FROM patients WHERE '${email}' IN (email, name)`,
    'is not explained': () => `EXPLAIN SELECT name FROM patients WHERE email = '${email}'`,
    'is not analysed': () => `EXPLAIN (ANALYZE, VERBOSE) SELECT name FROM patients WHERE email = '${email}'`,
    'is not kept in a view': () => `CREATE TEMP VIEW v AS SELECT name FROM patients WHERE email = '${email}'`,
    'is not compared by its size': () => `SELECT name FROM patients WHERE email > '${email}'`,
    'is not looked for': () => `SELECT name FROM patients WHERE email LIKE '${email}'`,
    'is not computed': () => `SELECT name FROM patients WHERE email = lower('${email}')`,
    'of a number as a guess': () => 'SELECT name FROM patients WHERE number = 471100101 + 0',
  };
  for (const [what, text] of Object.entries(refused)) {
    test(what, async () => {
      for (const way of ['simple', 'extended', 'prepared'] as const) {
        const { rows, error } = await agent[way](text());
        assert.equal(error?.C, '42501', `${way}: ${error?.M}`);
        assert.deepEqual(rows, []);
        assert.doesNotMatch(error?.M ?? '', hiddenValues);
      }
    });
  }

  test('does not move the place of an error in the text', async () => {
    const text = `SELECT name FROM patients WHERE email = '${email}' AND name = true`;
    for (const way of ['simple', 'extended', 'prepared'] as const) {
      const { error } = await agent[way](text);
      assert.equal(error?.C, '42883');
      assert.equal(error?.P, String(text.indexOf('= true') + 1), way);
    }
  });
});

describe('a token in a parameter', () => {
  const equal = 'SELECT name FROM patients WHERE email = $1';
  const equalNumber = 'SELECT name FROM patients WHERE number = $1';

  test('is turned back in text and in binary, with a type and without', async () => {
    for (const options of [{ values: [email] }, { values: [Buffer.from(email)], parameterFormats: [1] }]) {
      for (const types of [[], [25], [1043]])
        assert.deepEqual((await agent.extended(equal, options, types)).rows, [['Ann']], types.join());
      assert.deepEqual((await agent.prepared(equal, options)).rows, [['Ann']]);
    }
    for (const options of [{ values: [number] }, { values: [int32(number)], parameterFormats: [1] }]) {
      for (const types of [[], [23]])
        assert.deepEqual((await agent.extended(equalNumber, options, types)).rows, [['Ann']]);
      assert.deepEqual((await agent.prepared(equalNumber, options)).rows, [['Ann']]);
    }
  });

  test('is turned back as another integer than that of its column', async () => {
    const wide = Buffer.alloc(8);
    wide.writeBigInt64BE(BigInt(number));
    const options = { values: [wide], parameterFormats: [1] };
    assert.deepEqual((await agent.extended(equalNumber, options, [20])).rows, [['Ann']]);
    // The server tells its type when the statement is described, without a word from the client.
    assert.deepEqual(
      (await agent.prepared('SELECT name FROM patients WHERE number = $1::int8', options)).rows,
      [['Ann']],
    );
  });

  test('is turned back in an array', async () => {
    const any = 'SELECT name FROM patients WHERE email = ANY ($1)';
    assert.deepEqual((await agent.prepared(any, { values: [`{${email}}`] })).rows, [['Ann']]);
    assert.equal((await agent.prepared(any, { values: ['{ann@hidden.example}'] })).error?.C, '42501');
  });

  test('is NULL', async () => {
    const { rows, error } = await agent.extended(equal, { values: [null] });
    assert.deepEqual([rows, error], [[], undefined]);
  });

  test('that is none is a guess', async () => {
    for (const way of ['extended', 'prepared'] as const) {
      const { rows, error } = await agent[way](equal, { values: ['ann@hidden.example'] });
      assert.deepEqual([rows, error?.C], [[], '42501']);
    }
  });

  for (const text of [
    'SELECT $1::text, name FROM patients WHERE email = $1',
    'SELECT name FROM patients WHERE email = $1 OR name = $1',
    'INSERT INTO notes (note) SELECT $1 FROM patients WHERE email = $1',
    'INSERT INTO letters (id, recipient, body) VALUES (9, $1, $1)',
  ]) {
    test(`is not used elsewhere: ${text}`, async () => {
      assert.equal((await agent.extended(text, { values: [email] })).error?.C, '42501');
    });
  }

  test('of EXECUTE is turned back', async () => {
    await agent.simple(`PREPARE by_email (text) AS ${equal}`);
    assert.deepEqual((await agent.simple(`EXECUTE by_email ('${email}')`)).rows, [['Ann']]);
    assert.equal((await agent.simple("EXECUTE by_email ('ann@hidden.example')")).error?.C, '42501');
    assert.equal((await agent.simple(`EXPLAIN EXECUTE by_email ('${email}')`)).error?.C, '42501');
    await agent.simple('DEALLOCATE by_email');
  });

  test('of EXECUTE in the text of its PREPARE is turned back, and a guess is none', async () => {
    const prepare = `PREPARE q (text) AS ${equal}`;
    assert.deepEqual((await agent.simple(`${prepare}; EXECUTE q ('${email}'); DEALLOCATE q`)).rows, [
      ['Ann'],
    ]);
    const guess = await agent.simple(`${prepare}; EXECUTE q ('ann@hidden.example'); DEALLOCATE q`);
    assert.equal(guess.error?.C, '42501');
  });
});

describe('a token that is written', () => {
  test('is turned back where it goes', async () => {
    for (const [text, options] of [
      [`INSERT INTO letters (id, recipient) VALUES (10, '${email}')`, {}],
      ['INSERT INTO letters (id, recipient) VALUES (10, $1)', { values: [email] }],
    ] as const) {
      const { error, tags } = await agent.extended(text, options);
      assert.deepEqual([error, tags], [undefined, ['INSERT 0 1']], text);
      assert.equal(await stored('SELECT recipient FROM letters WHERE id = 10'), 'ann@hidden.example');
      await clinic.server.sql('DELETE FROM letters WHERE id = 10');
    }
    await agent.simple(`UPDATE letters SET recipient = '${email}' WHERE id = 2`);
    assert.equal(await stored('SELECT recipient FROM letters WHERE id = 2'), 'ann@hidden.example');
    await clinic.server.sql("UPDATE letters SET recipient = 'eve@hidden.example' WHERE id = 2");
  });

  test('is refused when it is a placeholder, a token of nothing, or what is computed', async () => {
    for (const text of [
      "UPDATE patients SET ssn = '[redacted]' WHERE id = 1",
      `UPDATE patients SET email = '${email.slice(0, -1)}x' WHERE id = 1`,
      'UPDATE patients SET email = lower(email) WHERE id = 1',
      'UPDATE patients SET name = ssn WHERE id = 1',
      'INSERT INTO notes (note) SELECT ssn FROM patients',
      'CREATE TABLE copies AS SELECT email FROM patients',
      'SELECT ssn INTO TEMP copies FROM patients',
      "COPY (SELECT ssn FROM patients) TO PROGRAM 'cat'",
      // Read back as a token, it could be compared with those of others.
      "INSERT INTO letters (id, recipient) VALUES (10, 'ann@hidden.example')",
      "INSERT INTO letters (id, recipient) VALUES (10, lower('ANN@HIDDEN.EXAMPLE'))",
      "INSERT INTO letters (id, recipient) SELECT 10, 'ann@hidden.example'",
      "UPDATE letters SET recipient = 'ann@hidden.example' WHERE id = 2",
    ]) {
      const { error } = await agent.simple(text);
      assert.equal(error?.C, '42501', text);
    }
    const { error } = await agent.extended('UPDATE patients SET ssn = $1 WHERE id = 1', {
      values: ['[redacted]'],
    });
    assert.equal(error?.C, '42501');
    assert.equal(await stored('SELECT ssn FROM patients WHERE id = 1'), 'hidden-1');
  });

  test('stays as it is where no mask is', async () => {
    await agent.simple(`INSERT INTO notes (note) VALUES ('${email}')`);
    assert.equal(await stored('SELECT note FROM notes ORDER BY id DESC LIMIT 1'), email);
  });
});

describe('sequences', () => {
  test('a temporary table holds what it was given, and is read as any other', async () => {
    const other = await Agent.of(clinic);
    assert.equal(
      (await other.simple('CREATE TEMP TABLE t AS SELECT id, name FROM patients')).error,
      undefined,
    );
    assert.deepEqual((await other.simple('SELECT name FROM t WHERE id = 1')).rows, [['Ann']]);
    assert.equal((await other.simple('INSERT INTO t SELECT id, ssn FROM patients')).error?.C, '42501');
    assert.equal((await other.simple('CREATE TEMP TABLE u AS SELECT ssn FROM patients')).error?.C, '42501');
    await other.end();
  });

  test('a temporary table is masked whole once code was run that may have filled it', async () => {
    await clinic.server.sql(`CREATE FUNCTION fill() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN EXECUTE 'INSERT INTO t SELECT id, ssn FROM public.patients'; END $$`);
    const other = await Agent.of(clinic);
    await other.simple('CREATE TEMP TABLE t AS SELECT id, name FROM patients');
    await other.simple('SELECT fill()');
    const { rows, bytes } = await other.simple('SELECT name, id FROM t');
    assert.ok(rows.length > 3);
    assert.doesNotMatch(bytes, hiddenValues);
    assert.doesNotMatch(bytes, /Ann/);
    assert.equal((await other.simple("SELECT 1 FROM t WHERE name LIKE 'h%'")).error?.C, '42501');
    await other.end();
  });

  test('and already in the text, or the batch, that runs the code', async () => {
    const other = await Agent.of(clinic);
    await other.simple('CREATE TEMP TABLE t AS SELECT id, name FROM patients');
    const text = await other.simple('SELECT fill(); SELECT name FROM t');
    assert.doesNotMatch(text.bytes, hiddenValues);
    await other.end();
    const third = await Agent.of(clinic);
    await third.simple('CREATE TEMP TABLE t AS SELECT id, name FROM patients');
    const batch = said(
      await third.connection.exchange(
        send.parse('SELECT fill()'),
        send.bind(),
        send.execute(),
        send.parse('SELECT name FROM t'),
        send.bind(),
        send.execute(),
        send.sync,
      ),
    );
    assert.equal(batch.error, undefined);
    assert.ok(batch.rows.length > 3);
    assert.doesNotMatch(batch.bytes, hiddenValues);
    await third.end();
  });

  test('a cursor gives what its query does', async () => {
    await agent.simple(
      `BEGIN; DECLARE c CURSOR FOR SELECT email, ssn, name FROM patients WHERE email = '${email}'`,
    );
    assert.deepEqual((await agent.simple('FETCH ALL c')).rows, [[email, '[redacted]', 'Ann']]);
    await agent.simple('MOVE BACKWARD ALL IN c');
    assert.deepEqual((await agent.extended('FETCH ALL c')).rows, [[email, '[redacted]', 'Ann']]);
    await agent.simple('ROLLBACK');
    const whole = await agent.simple(
      'BEGIN; DECLARE c CURSOR FOR SELECT email FROM patients; FETCH 1 c; ROLLBACK',
    );
    assert.deepEqual(whole.rows, [[email]]);
    assert.equal((await agent.simple('ROLLBACK')).error, undefined);
    const refused = await agent.simple(
      "BEGIN; DECLARE c CURSOR FOR SELECT 1 FROM patients WHERE ssn = 'x'; ROLLBACK",
    );
    assert.equal(refused.error?.C, '42501');
  });

  test('a view that comes to be in the same text or batch is not believed', async () => {
    const create = 'CREATE OR REPLACE TEMP VIEW v AS SELECT upper(ssn) AS n FROM patients';
    await agent.simple("CREATE TEMP VIEW v AS SELECT 'x'::text AS n");
    const { error } = await agent.simple(`${create}; SELECT n FROM v`);
    assert.equal(error?.C, '42501');
    const { connection } = agent;
    const batch = said(
      await connection.exchange(
        send.parse(create),
        send.bind(),
        send.execute(),
        send.parse('SELECT n FROM pg_temp.v'),
        send.bind(),
        send.execute(),
        send.sync,
      ),
    );
    assert.equal(batch.error?.C, '42501');
    await agent.simple(create);
    assert.deepEqual((await agent.simple('SELECT n FROM v LIMIT 1')).rows, [['[redacted]']]);
    await agent.simple('DROP VIEW v');
  });

  test('an unknown prepared statement does not exist', async () => {
    assert.equal((await agent.simple('EXECUTE never')).error?.C, '26000');
  });
});

describe('a policy that changes', () => {
  const withoutEmail = clinicMasks.replace('public.patients.email, ', '');
  const redacted = `${clinicMasks}  - { columns: [public.patients.email], with: redact }\n`;

  /** Write the policy's masks, accept them as a person would, and wait until they are in force. */
  async function change(masks: string): Promise<void> {
    const { folder, control } = clinic.gate;
    const { digest } = (await control.status()).policy.accepted;
    writeFileSync(path.join(folder, '.gatehouse/policies/clinic.policy.yaml'), clinicPolicy(masks));
    for (;;) {
      const { accepted, pending } = (await control.status()).policy;
      if (accepted.digest !== digest) return;
      if (pending !== undefined) await control.acceptPolicy(pending.digest);
      await setTimeout(20);
    }
  }

  test('makes a statement with tokens in its text be prepared again', async () => {
    const { connection } = agent;
    const text = `SELECT name, email FROM patients WHERE email = '${email}'`;
    const run = () =>
      connection.exchange(send.bind({ statement: 'kept' }), send.execute(), send.sync).then(said);
    await connection.exchange(send.parse(text, 'kept'), send.sync);
    await agent.simple(`PREPARE kept_by_sql AS ${text}`);
    assert.deepEqual((await run()).rows, [['Ann', email]]);
    assert.deepEqual((await agent.simple('EXECUTE kept_by_sql')).rows, [['Ann', email]]);

    await change(redacted);
    for (const { error, rows } of [await run(), await agent.simple('EXECUTE kept_by_sql')])
      assert.deepEqual([error?.C, rows], ['42501', []]);

    await change(withoutEmail);
    for (const { error, rows } of [await run(), await agent.simple('EXECUTE kept_by_sql')]) {
      assert.deepEqual([error?.C, rows], ['42501', []]);
      assert.match(error?.H ?? '', /Prepare it again/);
    }
    // What is read now is no token any more.
    assert.deepEqual((await agent.simple(text)).rows, []);

    await change(clinicMasks);
    assert.deepEqual((await run()).rows, [['Ann', email]]);
    assert.deepEqual((await agent.simple('EXECUTE kept_by_sql')).rows, [['Ann', email]]);
  });
});
