import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('approvals through the gate', () => {
  let shop: ShopGate;
  let client: pg.Client;
  const notices: string[] = [];
  before(async () => {
    shop = await startShopGate();
  });
  after(async () => {
    await shop?.stop();
  });
  beforeEach(async () => {
    client = new pg.Client(await shop.gate.login('shop-db'));
    client.on('error', () => {});
    client.on('notice', (notice) => notices.push(`${notice.message} ${notice.detail} ${notice.hint}`));
    await client.connect();
  });
  // A statement that a failed test left waiting must not hold up the next one.
  afterEach(() => {
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  });

  const asked = async (part: string) => {
    const line = await shop.gate.line((each) => each.kind === 'approval.asked' && each.text.includes(part));
    assert.equal(line.kind, 'approval.asked');
    return line.kind === 'approval.asked' ? line : assert.fail();
  };

  test('granted: the statement runs, once', async () => {
    const held = client.query("UPDATE orders SET status = 'returned' WHERE id = 12 /* one */");
    const { approval } = await asked('one');
    const before = await shop.server.sql('SELECT status FROM orders WHERE id = 12');
    assert.notEqual(before[0]?.status, 'returned');
    assert.ok((await shop.gate.control.approvals()).some((each) => each.id === approval));
    await shop.gate.control.answer({ id: approval, answer: 'approve' });
    assert.equal((await held).rowCount, 1);
    assert.ok(
      notices.some((notice) => notice.includes(approval)),
      `a notice names ${approval}: ${notices.join('\n')}`,
    );
    const again = client.query("UPDATE orders SET status = 'returned' WHERE id = 12 /* one */");
    again.catch(() => {});
    const second = await shop.gate.line(
      (each) => each.kind === 'approval.asked' && each.approval !== approval && each.text.includes('one'),
    );
    assert.equal(second.kind, 'approval.asked');
    if (second.kind === 'approval.asked') {
      await shop.gate.control.answer({ id: second.approval, answer: 'deny', reason: 'once is enough' });
    }
    await assert.rejects(again, { code: '42501' });
  });

  test('denied: with the reason, inside a transaction that goes on', async () => {
    await client.query('BEGIN');
    await client.query("INSERT INTO orders (customer_id, note) VALUES (5, 'beside a denial')");
    const held = client.query({
      text: 'UPDATE orders SET note = $1 WHERE id = $2 /* two */',
      values: ['x', 12],
    });
    held.catch(() => {});
    const { approval, parameters } = await asked('two');
    assert.deepEqual(parameters, ['x', '12']);
    await shop.gate.control.answer({ id: approval, answer: 'deny', reason: 'not this one' });
    await assert.rejects(held, (error: pg.DatabaseError) => {
      assert.equal(error.code, '42501');
      assert.match(`${error.message} ${error.detail} ${error.hint}`, /not this one/);
      return true;
    });
    await client.query('COMMIT');
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM orders WHERE note = 'beside a denial'",
    );
    assert.equal(rows[0].n, 1);
  });

  test('nobody answers: denied when the time is over', async () => {
    const held = client.query("UPDATE customers SET city = 'Nowhere' WHERE id = 1");
    await assert.rejects(held, { code: '42501' });
    const rows = await shop.server.sql('SELECT city FROM customers WHERE id = 1');
    assert.notEqual(rows[0]?.city, 'Nowhere');
  });

  test('a deny rule is not lifted by an approval', async () => {
    await assert.rejects(client.query('UPDATE orders SET total = 0'), { code: '42501' });
    assert.ok(!(await shop.gate.control.approvals()).some((each) => each.text.includes('total = 0')));
  });

  test('a client that goes away takes its question with it', async () => {
    const leaving = new pg.Client(await shop.gate.login('shop-db'));
    leaving.on('error', () => {});
    await leaving.connect();
    leaving.query("UPDATE orders SET note = 'gone' WHERE id = 13 /* three */").catch(() => {});
    const { approval } = await asked('three');
    (leaving as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await shop.gate.line(
      (each) =>
        each.kind === 'approval.answered' && each.approval === approval && each.answer === 'withdrawn',
    );
    await assert.rejects(shop.gate.control.answer({ id: approval, answer: 'approve' }));
  });
});
