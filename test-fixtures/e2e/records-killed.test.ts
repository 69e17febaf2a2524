import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { verify } from '@gatehouse/daemon/recordings/verify.ts';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { DaemonWorkspace, effectsOf } from './daemon-process.ts';

let server: RunningPostgres;
before(async () => {
  server = await startPostgres({ database: 'shop' });
  await createShop(server);
});
after(() => server?.stop());

interface Load {
  /** Resolves once so many were acknowledged. */
  placed(count: number): Promise<void>;
  /** The notes that were acknowledged, once all clients are cut off. */
  readonly ended: Promise<readonly string[]>;
}

/** What several clients at once keep asking until they are cut off. */
async function load(workspace: DaemonWorkspace, mark: string): Promise<Load> {
  const login = await workspace.login();
  const clients = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = new pg.Client(login);
      client.on('error', () => {});
      await client.connect();
      return client;
    }),
  );
  const acknowledged: string[] = [];
  let progress = () => {};
  const place = async (client: pg.Client, name: number) => {
    const gone = new Promise<void>((resolve) => client.once('end', resolve));
    try {
      for (let n = 0; ; n++) {
        const note = `${mark} ${name} ${n}`;
        // By turns with the note in the text and as a parameter, inside and outside of transactions.
        if (n % 3 === 0) await client.query('BEGIN');
        if (n % 2 === 0) await client.query(`INSERT INTO orders (customer_id, note) VALUES (1, '${note}')`);
        else await client.query('INSERT INTO orders (customer_id, note) VALUES (1, $1)', [note]);
        if (n % 3 === 0) await client.query('COMMIT');
        acknowledged.push(note);
        progress();
      }
    } catch {
      await gone;
    }
  };
  const ended = Promise.all(clients.map(place)).then(() => acknowledged);
  const placed = (count: number) =>
    new Promise<void>((resolve) => {
      progress = () => {
        if (acknowledged.length >= count) resolve();
      };
      progress();
    });
  return { placed, ended };
}

describe('a daemon that is killed', () => {
  for (const durability of ['durable', 'written'] as const) {
    test(`sent nothing on that is not in its records, 10 times (${durability})`, async (t) => {
      const workspace = new DaemonWorkspace({ port: server.port, durability });
      t.after(() => workspace.discard());
      let acknowledged = 0;
      for (let round = 0; round < 10; round++) {
        const daemon = await workspace.start();
        const mark = `${durability} ${round}`;
        const { placed, ended } = await load(workspace, mark);
        await placed(5 + Math.random() * 30);
        await sleep(Math.random() * 10);
        assert.deepEqual(await daemon.end('SIGKILL'), { code: null, signal: 'SIGKILL' });
        const seen = await ended;
        acknowledged += seen.length;

        const { firstBad } = await verify(workspace.state.records);
        assert.equal(firstBad, undefined);
        // The server may still be at what it was sent last.
        await server.sql(
          `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = 'shop_app'`,
        );
        const rows = await server.sql('SELECT note FROM orders WHERE note LIKE $1', [`${mark} %`]);
        const notes = new Set(rows.map(({ note }) => String(note)));
        for (const note of seen) assert.ok(notes.has(note), `${note} was acknowledged and is gone`);
        const recorded = notesIn(workspace, mark);
        for (const note of notes) assert.ok(recorded.has(note), `${note} was written without a record`);
      }
      assert.ok(acknowledged >= 50, `only ${acknowledged} were placed`);
      const daemon = await workspace.start();
      const client = new pg.Client(await workspace.login());
      await client.connect();
      await client.query(`INSERT INTO orders (customer_id, note) VALUES (1, '${durability} after all')`);
      await client.end();
      await daemon.end();
      assert.deepEqual(effectsOf(workspace.lines(), `${durability} after all`), ['allow']);
      const verified = await workspace.command(['verify', '--json']);
      assert.equal(verified.status, 0, verified.stdout);
      assert.equal(JSON.parse(verified.stdout).lines, workspace.lines().length);
    });
  }

  test('while it starts, it starts the next time', async (t) => {
    const workspace = new DaemonWorkspace({ port: server.port });
    t.after(() => workspace.discard());
    for (const ms of [250, 400, 550]) await workspace.killWhileStarting(ms + Math.random() * 100);
    const daemon = await workspace.start();
    assert.equal(daemon.status.policy.accepted.rules, 5);
    const client = new pg.Client(await workspace.login());
    await client.connect();
    assert.equal((await client.query('SELECT count(*)::int AS n FROM products')).rows[0].n, 40);
    await client.end();
    await daemon.end();
    assert.equal((await workspace.command(['verify'])).status, 0);
  });

  for (const stored of [false, true]) {
    const when = stored ? 'after' : 'before';
    test(`on its first start, ${when} the policy was stored, accepts it the next time`, async (t) => {
      const workspace = new DaemonWorkspace({ port: server.port });
      t.after(() => workspace.discard());
      await (await workspace.start()).end('SIGKILL');
      const [segment] = workspace.segments();
      const started = readFileSync(segment ?? assert.fail(), 'utf8').split('\n')[0];
      writeFileSync(segment ?? assert.fail(), `${started}\n`);
      if (!stored) rmSync(workspace.state.accepted);
      const daemon = await workspace.start();
      assert.equal(daemon.status.policy.accepted.rules, 5);
      assert.equal(daemon.status.policy.pending, undefined);
      await daemon.end();
      const accepted = workspace.lines().filter((line) => line.kind === 'policy.changed');
      assert.equal(accepted.length, 1);
      assert.equal((await workspace.command(['verify'])).status, 0);
    });
  }

  test('and lost its accepted policy, denies everything and says so', async (t) => {
    const workspace = new DaemonWorkspace({ port: server.port });
    t.after(() => workspace.discard());
    await (await workspace.start()).end('SIGKILL');
    rmSync(workspace.state.accepted);
    const daemon = await workspace.start();
    assert.equal(daemon.status.policy.accepted.rules, 0);
    assert.match(daemon.status.policy.pending?.loosens.join() ?? '', /accepted policy was lost/);
    await daemon.end();
  });
});

/** The notes that some granted request of the record speaks of. */
function notesIn(workspace: DaemonWorkspace, mark: string): ReadonlySet<string> {
  const notes = new Set<string>();
  for (const line of workspace.lines()) {
    if (line.kind !== 'request.decided' || line.effect !== 'allow') continue;
    const texts = [line.text, ...(line.parameters ?? [])];
    for (const text of texts) {
      const [note] = new RegExp(`${mark} \\d+ \\d+`).exec(text ?? '') ?? [];
      if (note !== undefined && line.stage !== 'prepare') notes.add(note);
    }
  }
  return notes;
}

describe('a store whose end is torn', () => {
  let workspace: DaemonWorkspace;
  let whole: Buffer;
  before(async () => {
    workspace = new DaemonWorkspace({ port: server.port });
    const daemon = await workspace.start();
    const client = new pg.Client(await workspace.login());
    await client.connect();
    await client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'before the tear: ü')");
    // A changed last record has no next one that would show it.
    await client.query('SELECT count(*) FROM products');
    await client.end();
    await daemon.end('SIGKILL');
    whole = readFileSync(segment());
  });
  after(() => workspace?.discard());

  const segment = () => workspace.segments()[0] ?? assert.fail('no segment');
  const restore = (bytes: Uint8Array) => {
    for (const each of workspace.segments()) rmSync(each);
    rmSync(path.join(workspace.state.records, 'torn'), { recursive: true, force: true });
    writeFileSync(path.join(workspace.state.records, 'segments', '00000001.ndjson'), bytes, { mode: 0o600 });
  };
  const lastLine = () => whole.subarray(0, -1).lastIndexOf(10) + 1;

  async function recovers(t: TestContext, bytes: Buffer, torn: Buffer): Promise<void> {
    restore(bytes);
    // A last line without an end may be one that is being written; whole lines of another chain are not.
    const before = await verify(workspace.state.records);
    assert.equal(before.firstBad !== undefined, torn.at(-1) === 10);
    assert.equal(before.unfinished?.bytes, torn.at(-1) === 10 ? undefined : torn.length);
    const daemon = await workspace.start();
    t.after(() => daemon.end('SIGKILL'));
    const client = new pg.Client(await workspace.login());
    await client.connect();
    await client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'after the tear')");
    await client.end();
    await daemon.end();
    assert.match(
      daemon.said(),
      new RegExp(`Cut ${torn.length} bytes after record \\d+ off segment 00000001`),
    );
    const told = workspace.lines().filter((line) => line.kind === 'store.recovered');
    assert.equal(told.length, 1);
    const kept = readdirSync(path.join(workspace.state.records, 'torn'));
    assert.equal(kept.length, 1);
    assert.deepEqual(readFileSync(path.join(workspace.state.records, 'torn', kept[0] ?? '')), torn);
    const { firstBad, unfinished } = await verify(workspace.state.records);
    assert.deepEqual([firstBad, unfinished], [undefined, undefined]);
    assert.deepEqual(effectsOf(workspace.lines(), 'after the tear'), ['allow']);
  }

  const cuts: Readonly<Record<string, () => number>> = {
    'one byte into the last line': () => lastLine() + 1,
    'in its hash': () => lastLine() + 40,
    'in its middle': () => Math.floor((lastLine() + whole.length) / 2),
    'before its closing brace': () => whole.length - 2,
    'before its newline': () => whole.length - 1,
  };
  for (const [where, at] of Object.entries(cuts)) {
    test(`${where}: it is cut off, kept aside, told, and work goes on`, async (t) => {
      await recovers(t, whole.subarray(0, at()), whole.subarray(lastLine(), at()));
    });
  }

  test('by zeros, as a power cut leaves them', async (t) => {
    const zeros = Buffer.alloc(5000);
    await recovers(t, Buffer.concat([whole, zeros]), zeros);
  });

  test('by a line of another store', async (t) => {
    const foreign = Buffer.from(`${whole.toString('utf8').split('\n')[1]}\n`);
    await recovers(t, Buffer.concat([whole, foreign]), foreign);
  });

  test('whole lines that are gone leave a sound chain, which an anchor disproves', async (t) => {
    restore(whole);
    const { head } = JSON.parse((await workspace.command(['verify', '--json'])).stdout);
    restore(whole.subarray(0, lastLine()));
    assert.equal((await workspace.command(['verify'])).status, 0);
    const anchored = await workspace.command(['verify', '--anchor', `${head.seq}:${head.hash}`]);
    assert.equal(anchored.status, 1);
    assert.match(anchored.stdout, /cut-off/);
    const daemon = await workspace.start();
    t.after(() => daemon.end('SIGKILL'));
    assert.deepEqual(await daemon.end(), { code: 0, signal: null });
  });

  test('damage before the end: the daemon does not start, and changes nothing', async () => {
    const damaged = Buffer.from(whole);
    const at = damaged.indexOf('before the tear');
    damaged.write('BEFORE', at);
    restore(damaged);
    const copy = `${segment()}.copy`;
    copyFileSync(segment(), copy);
    const refused = await workspace.command(['up', '--secrets-stdin'], { input: '{"shop":"x"}' });
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /records are damaged at segment 00000001\.ndjson, line \d+/);
    assert.match(refused.stderr, /gatehouse verify/);
    assert.deepEqual(readFileSync(segment()), readFileSync(copy));
    rmSync(copy);
    const verified = await workspace.command(['verify']);
    assert.equal(verified.status, 1);
    assert.match(verified.stdout, /Broken at 00000001\.ndjson:\d+ \(altered\)/);
    const log = await workspace.command(['log']);
    assert.match(log.stderr, /records are damaged; look with `gatehouse verify`/);
  });
});
