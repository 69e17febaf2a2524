import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runProgram } from './run.ts';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('psql through the gate', () => {
  let shop: ShopGate;
  let env: Record<string, string>;
  before(async () => {
    shop = await startShopGate();
    const token = await shop.gate.token('shop-db');
    env = {
      PGHOST: token.host,
      PGPORT: String(token.port),
      PGUSER: token.user,
      PGPASSWORD: token.token,
      PGDATABASE: token.database,
      PGSSLMODE: 'disable',
    };
  });
  after(async () => {
    await shop?.stop();
  });

  const psql = (...args: string[]) => runProgram('psql', ['-X', '-A', '-t', ...args], env);

  test('reads, masked', async () => {
    const ran = await psql('-c', 'SELECT name, email, card_number FROM customers WHERE id = 4');
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /^Emil Petrov\|/);
    assert.doesNotMatch(ran.stdout, /@|4000-0000/);
  });

  test('goes on with a script after a denial, and shows detail and hint', async () => {
    const script = 'SELECT 1;\nDROP TABLE orders;\nUPDATE orders SET total = 0;\nSELECT 2;\n';
    const ran = await runProgram('psql', ['-X', '-A', '-t'], env, script);
    assert.equal(ran.stdout, '1\n2\n');
    assert.match(ran.stderr, /ERROR: {2}/);
    assert.match(ran.stderr, /no-schema-changes/);
    assert.match(ran.stderr, /writing\.policy\.yaml:\d+/);
    assert.equal(ran.status, 0);
  });

  test('a syntax error is the server’s own, with its position', async () => {
    const ran = await psql('-c', 'SELECT * FORM products');
    assert.match(
      ran.stderr,
      /^ERROR: {2}syntax error at or near "FORM"\nLINE 1: SELECT \* FORM products\n {17}\^\n/,
    );
  });

  test('COPY both ways', async () => {
    const into = await runProgram(
      'psql',
      ['-X', '-c', '\\copy orders (customer_id, note) from pstdin'],
      env,
      '5\tby psql\n6\tby psql\n',
    );
    assert.equal(into.status, 0, into.stderr);
    assert.match(into.stdout, /COPY 2/);
    const out = await psql(
      '-c',
      "\\copy (select customer_id, note from orders where note = 'by psql' order by 1) to stdout",
    );
    assert.equal(out.stdout, '5\tby psql\n6\tby psql\n');
  });

  test('shows a table by \\dt', async () => {
    const ran = await psql('-c', '\\dt public.*');
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /public\|orders\|table/);
  });

  test('checks the certificate of the gate', async () => {
    const { ca } = await shop.gate.token('shop-db');
    const secure = { ...env, PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca, PGHOST: 'localhost' };
    const ran = await runProgram('psql', ['-X', '-A', '-t', '-c', 'SELECT 3'], secure);
    assert.equal(ran.stdout, '3\n', ran.stderr);
  });

  test('a variable fetch count uses a cursor, masked', async () => {
    const ran = await psql('-v', 'FETCH_COUNT=7', '-c', 'SELECT email FROM customers ORDER BY id');
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(ran.stdout.trim().split('\n').length, 60);
    assert.doesNotMatch(ran.stdout, /@/);
  });
});
