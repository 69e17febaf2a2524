import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { type ShopGate, startShopGate } from './shop-gate.ts';

/** An approval of a shape covers what differs in nothing but values; each test tries to stretch it. */
describe('an approval of a shape', () => {
  let shop: ShopGate;
  let client: pg.Client;
  const open: pg.Client[] = [];
  before(async () => {
    shop = await startShopGate();
  });
  after(() => shop?.stop());
  beforeEach(async () => {
    client = await connect();
  });
  // A statement that a failed test left waiting must not hold up the next one.
  afterEach(() => {
    for (const each of open.splice(0))
      (each as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  });

  async function connect(): Promise<pg.Client> {
    const each = new pg.Client(await shop.gate.login('shop-db'));
    each.on('error', () => {});
    await each.connect();
    open.push(each);
    return each;
  }

  const waiting = () => shop.gate.control.approvals();
  async function heldNow(part: string, isWanted: () => boolean = () => true) {
    while (isWanted()) {
      const found = (await waiting()).find(({ text }) => text.includes(part));
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return assert.fail('nobody waits for it any more');
  }

  /** Ask something, and approve its shape. */
  async function approveShape(ask: () => Promise<unknown>, part: string): Promise<string> {
    const asked = ask();
    const { id, shape } = await heldNow(part);
    assert.ok(shape !== undefined);
    await shop.gate.control.answer({ id, answer: 'approve', scope: 'shape' });
    await asked;
    return id;
  }

  /** Ask something that must not pass on an approval of before: a person is asked anew, or it is denied. */
  async function isNotCovered(ask: () => Promise<unknown>, part: string): Promise<void> {
    const asked = ask();
    let over = false;
    const refused = asked.then(
      () => assert.fail(`${part} passed`),
      () => {
        over = true;
        return undefined;
      },
    );
    const held = await Promise.race([heldNow(part, () => !over).catch(() => refused), refused]);
    if (held !== undefined) await shop.gate.control.answer({ id: held.id, answer: 'deny' });
    await assert.rejects(asked, { code: '42501' });
  }

  const note =
    (id: number, by = client) =>
    () =>
      by.query(`UPDATE orders SET note = 'n${id}' WHERE id = ${id}`);

  test('lets its like pass without asking, and each is recorded with it', async () => {
    const approval = await approveShape(note(20), 'id = 20');
    await note(21)();
    await note(22)();
    const line = await shop.gate.line(
      (each) => each.kind === 'request.decided' && each.text.includes('id = 22'),
    );
    assert.ok(line.kind === 'request.decided');
    assert.equal(line.approval, approval);
    const answered = await shop.gate.line(
      (each) => each.kind === 'approval.answered' && each.approval === approval,
    );
    assert.ok(answered.kind === 'approval.answered');
    assert.equal(answered.scope, 'shape');
    const rows = await shop.server.sql('SELECT note FROM orders WHERE id IN (21, 22) ORDER BY id');
    assert.deepEqual(
      rows.map((row) => row.note),
      ['n21', 'n22'],
    );
  });

  test('covers a prepared statement with other values', async () => {
    const run = (id: number) => () =>
      client.query({
        name: 'set-note',
        text: 'UPDATE orders SET note = $1 WHERE id = $2 /* prepared */',
        values: ['p', id],
      });
    await approveShape(run(30), 'prepared');
    await run(31)();
    assert.equal((await waiting()).length, 0);
  });

  test('does not cover another session, another text, or another column', async () => {
    await approveShape(note(40), 'id = 40');
    const other = await connect();
    await isNotCovered(note(41, other), 'id = 41');
    await isNotCovered(() => client.query(`UPDATE orders SET note = 'x' WHERE id = 42 OR true`), 'true');
    await isNotCovered(() => client.query(`UPDATE orders SET status = 'new' WHERE id = 42`), 'status');
  });

  test('does not cover more rows or more cost than the person was shown', async () => {
    const before = (limit: number) => () =>
      client.query(`UPDATE orders SET note = 'many' WHERE id < ${limit}`);
    await approveShape(before(5), '< 5');
    await before(4)();
    await isNotCovered(before(400), '< 400');
  });

  test('does not follow a name to another table', async () => {
    await shop.server.sql(
      'CREATE SCHEMA IF NOT EXISTS other; CREATE TABLE IF NOT EXISTS other.orders (LIKE public.orders)',
    );
    await shop.server.sql('GRANT USAGE ON SCHEMA other TO PUBLIC; GRANT ALL ON other.orders TO PUBLIC');
    await approveShape(note(50), 'id = 50');
    await client.query('SET search_path TO other, public');
    await isNotCovered(note(51), 'id = 51');
  });

  test('does not outlive a change of the policy', async () => {
    await approveShape(note(60), 'id = 60');
    // Allows no more than before, so it is in force at once.
    writeFileSync(
      path.join(shop.gate.folder, '.gatehouse/policies/stricter.policy.yaml'),
      `gatehouse: v1
kind: Policy
name: stricter
applies: { to: [shop-db] }
rules:
  - { name: no-notifications, effect: deny, sql: { actions: [notify] } }
`,
    );
    await shop.gate.line((each) => each.kind === 'policy.changed' && each.by === 'tightening');
    await isNotCovered(note(61), 'id = 61');
  });

  test('is the very text where what is a value is not sure', async () => {
    const odd = (id: number, tag: string) => () =>
      client.query(`UPDATE orders SET note = E'odd' WHERE id = ${id} /* ${tag} */`);
    await approveShape(odd(70, 'odd'), 'odd');
    await odd(70, 'odd')();
    await isNotCovered(odd(71, 'odd'), 'id = 71');
    await isNotCovered(odd(70, 'even'), 'even');
  });

  test('is no kind of denial', async () => {
    const asked = note(80)();
    asked.catch(() => {});
    const { id } = await heldNow('id = 80');
    await assert.rejects(
      shop.gate.control.answer({ id, answer: 'deny', scope: 'shape' }),
      /Only an approval/,
    );
    await shop.gate.control.answer({ id, answer: 'deny', reason: 'no' });
    await assert.rejects(asked, { code: '42501' });
  });
});
