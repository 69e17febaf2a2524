import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run.ts';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('DBD::Pg through the gate', () => {
  let shop: ShopGate;
  before(async () => {
    shop = await startShopGate();
  });
  after(async () => {
    await shop?.stop();
  });

  test('server-side prepared statements stay masked, denials are plain errors', async () => {
    const token = await shop.gate.token('shop-db');
    const script = fileURLToPath(new URL('./clients/dbd-pg-client.pl', import.meta.url));
    const ran = await runProgram('perl', [script], {
      PGHOST: token.host,
      PGPORT: String(token.port),
      PGUSER: token.user,
      PGPASSWORD: token.token,
      PGDATABASE: token.database,
      PGSSLMODE: 'disable',
    });
    assert.equal(ran.status, 0, ran.stderr);
    const said = Object.fromEntries(
      ran.stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    assert.equal(said.rows, '3');
    assert.equal(said.unmasked, '0');
    assert.equal(said.denied, '42501');
    assert.equal(said.after, '400');
    assert.equal(said.copied, '2');
    assert.equal(said.inserted, '1');
  });
});
