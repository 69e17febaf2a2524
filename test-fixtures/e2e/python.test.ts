import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemPython } from '../system-needs.ts';
import { runProgram } from './run.ts';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('psycopg2 through the gate', () => {
  let shop: ShopGate;
  before(async () => {
    shop = await startShopGate();
  });
  after(async () => {
    await shop?.stop();
  });

  test('reads, is denied, copies and streams as it always does', async () => {
    const token = await shop.gate.token('shop-db');
    const script = fileURLToPath(new URL('./clients/psycopg2-client.py', import.meta.url));
    const ran = await runProgram(systemPython, [script], {
      PGHOST: token.host,
      PGPORT: String(token.port),
      PGUSER: token.user,
      PGPASSWORD: token.token,
      PGDATABASE: token.database,
      PGSSLMODE: 'disable',
    });
    assert.equal(ran.status, 0, ran.stderr);
    const said = JSON.parse(ran.stdout);
    assert.equal(said.name, 'Dina Okafor');
    assert.doesNotMatch(said.email, /@/);
    assert.equal(said.email_again, said.email);
    assert.deepEqual(said.denials, ['42501', '42501']);
    assert.match(said.hint_or_detail, /writing\.policy\.yaml/);
    assert.equal(said.status_after_denial, 'in transaction');
    assert.equal(said.inserted, 1);
    assert.equal(said.copied, '1\tby psycopg2\n2\tby psycopg2\n');
    assert.equal(said.streamed, 60);
    assert.equal(said.streamed_unmasked, 0);
    assert.equal(said.division, '22012');
  });
});
