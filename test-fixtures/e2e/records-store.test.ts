import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace, effectsOf } from './daemon-process.ts';

describe('the records of a daemon that is a process', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  let client: pg.Client;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port });
    daemon = await workspace.start();
    client = await connect();
  });
  after(async () => {
    await client?.end();
    await workspace?.discard();
    await server?.stop();
  });

  const connect = async () => {
    const fresh = new pg.Client(await workspace.login());
    fresh.on('error', () => {});
    await fresh.connect();
    return fresh;
  };
  const place = (note: string) =>
    client.query(`INSERT INTO orders (customer_id, note) VALUES (1, '${note}')`);
  const placed = async (note: string) =>
    (await server.sql('SELECT count(*)::int AS n FROM orders WHERE note = $1', [note]))[0]?.n;

  test('a second daemon is refused in clear words where the election was lost, and the first goes on', async () => {
    await place('before the second');
    rmSync(path.join(workspace.stateRoot, 'host'), { recursive: true });
    const second = await workspace.command(['up', '--secrets-stdin'], { input: '{"shop":"x"}' });
    assert.equal(second.status, 2);
    assert.match(second.stderr, new RegExp(`Another Gatehouse \\(process ${daemon.child.pid}, since `));
    assert.match(second.stderr, /gatehouse down/);
    assert.doesNotMatch(second.stderr, / {4}at /);
    await place('after the second');
    assert.equal((await workspace.command(['status'])).status, 0);
    assert.deepEqual(effectsOf(workspace.lines(), 'after the second'), ['allow']);
  });

  test('an index that another process writes to holds up no statement, and what it has is shown', async () => {
    await workspace.command(['log']);
    const index = new DatabaseSync(path.join(workspace.state.records, 'index.sqlite'));
    index.exec('BEGIN IMMEDIATE');
    try {
      for (let at = 0; at < 20; at++) await place(`past a locked index ${at}`);
      const shown = await workspace.command(['log']);
      assert.equal(shown.status, 0, shown.stderr);
      assert.match(shown.stderr, /^warning: .*another process holds it.*latest records may be missing/);
      assert.match(shown.stdout, /before the second/);
    } finally {
      index.exec('ROLLBACK');
      index.close();
    }
    const shown = await workspace.command(['log', '-n', '5']);
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /past a locked index 19/);
    assert.equal(shown.stderr, '');
    assert.ok(daemon.said().split('cannot be brought up to date').length <= 2, daemon.said());
  });

  test('an index that is no database is made anew', async () => {
    await daemon.end();
    for (const each of ['index.sqlite-wal', 'index.sqlite-shm']) {
      rmSync(path.join(workspace.state.records, each), { force: true });
    }
    writeFileSync(path.join(workspace.state.records, 'index.sqlite'), 'this is no database'.repeat(1000));
    const shown = await workspace.command(['log', '-n', '5']);
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /past a locked index 19/);
    daemon = await workspace.start();
    client = await connect();
    await place('with a new index');
  });

  test('a segment that is taken away: nothing more passes, until it is back', async () => {
    await place('before it is taken');
    const [segment] = workspace.segments();
    const aside = path.join(workspace.root, 'aside');
    mkdirSync(aside, { recursive: true });
    const away = path.join(aside, 'segment');
    renameSync(segment ?? assert.fail(), away);
    // It is looked for once a second; what passed before is in the file that was taken.
    const refused = async () => {
      for (let at = 0; ; at++) {
        try {
          await place(`while it is away, ${at};`);
        } catch (error) {
          assert.ok(error instanceof pg.DatabaseError);
          return { at, error };
        }
      }
    };
    const { at, error } = await refused();
    assert.equal(error.code, '58000');
    assert.equal(error.severity, 'ERROR');
    assert.match(`${error.detail}`, /gone|restart Gatehouse/);
    assert.equal(await placed(`while it is away, ${at};`), 0);
    await assert.rejects(place('and again'), { code: '58000' });
    assert.equal(await placed('and again'), 0);
    renameSync(away, segment ?? assert.fail());
    await place('when it is back');
    const verified = await workspace.command(['verify']);
    assert.equal(verified.status, 0, verified.stdout);
    const lines = workspace.lines();
    for (let passed = 0; passed < at; passed += 50) {
      assert.deepEqual(effectsOf(lines, `while it is away, ${passed};`), ['allow']);
    }
    assert.deepEqual(effectsOf(workspace.lines(), 'when it is back'), ['allow']);
  });

  test('what somebody else writes into a segment is no record, and nothing passes beside it', async () => {
    const [segment] = workspace.segments();
    await place('before the forgery');
    const [genuine] = readFileSync(segment ?? assert.fail(), 'utf8').split('\n');
    // More than is written over within the second in which it is found out.
    const forge = () => writeFileSync(segment ?? assert.fail(), `${genuine}\n`.repeat(50_000), { flag: 'a' });
    forge();
    let last = '';
    for (let at = 0; last === ''; at++) {
      const note = `beside a forgery, ${at};`;
      // On a busy machine it may all be written over before anybody looks.
      if (at % 200 === 199) forge();
      await place(note).catch((error: unknown) => {
        assert.ok(error instanceof pg.DatabaseError);
        assert.equal(error.code, '58000');
        assert.match(`${error.detail}`, /someone else changed the file/);
        last = note;
      });
    }
    assert.equal(await placed(last), 0);
    await place('after the forgery');
    const verified = await workspace.command(['verify']);
    assert.equal(verified.status, 0, verified.stdout);
    assert.deepEqual(effectsOf(workspace.lines(), 'after the forgery'), ['allow']);
    assert.deepEqual(effectsOf(workspace.lines(), last), []);
    assert.equal(workspace.lines().filter((line) => line.seq === 1).length, 1);
  });
});
