import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DatabaseHold, holdDatabase } from './database.ts';
import { demoPort, demoStatements, layDemo } from './demo-folder.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

describe('the process of the demo’s database', () => {
  let folder: string;
  const holds: DatabaseHold[] = [];
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'gh-'));
    await layDemo(folder);
  });
  after(async () => {
    for (const each of holds) await each.release();
    rmSync(folder, { recursive: true, force: true });
  });
  const hold = async (): Promise<DatabaseHold> => {
    const run = [main, 'demo', 'database'];
    const held = await holdDatabase({ folder, password: 'secret', run, idleMs: 300 });
    holds.push(held);
    return held;
  };

  it('is one for all who ask at the same time, and ends with the last of them', async () => {
    const [one, two] = await Promise.all([hold(), hold()]);
    assert.equal(one.port, demoPort(folder));
    assert.equal(two.port, one.port);
    await one.release();
    // Longer than it would stay without the other one.
    await sleep(600);
    assert.equal(await answers(one.port), true);
    await two.release();
    while (await answers(one.port)) await sleep(50);
  });

  it('moves where something else has taken its port', async () => {
    const port = demoPort(folder);
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      const held = await hold();
      assert.notEqual(held.port, port);
      assert.equal(held.port, demoPort(folder));
      await held.release();
    } finally {
      other.close();
    }
  });

  it('leaves the files of a person alone', async () => {
    const file = path.join(folder, '.gatehouse/policies/shop.policy.yaml');
    writeFileSync(file, '# mine\n');
    await layDemo(folder);
    assert.equal(readFileSync(file, 'utf8'), '# mine\n');
  });

  it('has statements with a word on each', () => {
    const statements = demoStatements(folder);
    assert.ok(statements.length >= 6);
    for (const { title, sql } of statements) {
      assert.match(title, /^\S.*[.]$/);
      assert.match(sql, /;$/);
    }
  });
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
