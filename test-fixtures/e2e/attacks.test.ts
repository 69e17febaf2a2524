import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fingerprint, kept, mount } from '../corpora/attacks/mount.ts';
import { attacks } from '../corpora/attacks/postgres.ts';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('attacks through the gate', () => {
  let shop: ShopGate;
  let untouched: unknown;
  before(async () => {
    shop = await startShopGate();
    untouched = (await shop.server.sql(fingerprint))[0]?.all;
  });
  after(async () => {
    await shop?.stop();
  });

  for (const attack of attacks) {
    test(attack.name, async () => {
      const answer = await mount(attack, await shop.gate.login('shop-db'));
      assert.ok(!kept.test(answer), `it read ${kept.exec(answer)?.[0]}`);
      assert.equal((await shop.server.sql(fingerprint))[0]?.all, untouched);
    });
  }
});
