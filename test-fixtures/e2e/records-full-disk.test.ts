import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace, type Wrap } from './daemon-process.ts';

/** How a mount namespace of one's own is made here, and how another process joins it. */
const ways = [
  { unshare: ['-m'], join: ['-m'] },
  { unshare: ['-rm'], join: ['-U', '--preserve-credentials', '-m'] },
] as const;
const way = ways.find(
  (each) =>
    spawnSync('unshare', [...each.unshare, 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'], {
      stdio: 'ignore',
    }).status === 0,
);

describe('a full disk under a running daemon', () => {
  let server: RunningPostgres;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
  });
  after(() => server?.stop());

  for (const durability of ['durable', 'written'] as const) {
    test(`denies what cannot be recorded, keeps sessions, and goes on when there is space (${durability})`, async (t) => {
      if (way === undefined) return t.skip('NO MOUNT NAMESPACE HERE: a full disk was not tested');
      const workspace = new DaemonWorkspace({ port: server.port, durability });
      t.after(() => workspace.discard());
      const { stateRoot } = workspace;
      const ownDisk: Wrap = (file, args) => ({
        file: 'unshare',
        args: [
          ...way.unshare,
          'sh',
          '-c',
          'mount -t tmpfs -o size=1m,mode=700 none "$0" && exec "$@"',
          stateRoot,
          file,
          ...args,
        ],
      });
      const daemon = await workspace.start({ wrap: ownDisk });
      const there: Wrap = (file, args) => ({
        file: 'nsenter',
        args: ['-t', String(daemon.child.pid), ...way.join, `-w${workspace.folder}`, file, ...args],
      });
      const gatehouse = (...args: string[]) => workspace.command(args, { wrap: there });
      const inside = (script: string) => {
        const { file, args } = there('sh', ['-c', script]);
        return spawnSync(file, args, { encoding: 'utf8' });
      };

      const login = JSON.parse((await gatehouse('env', 'shop-db', '--json')).stdout).env;
      const config = {
        host: login.PGHOST,
        port: Number(login.PGPORT),
        user: login.PGUSER,
        password: login.PGPASSWORD,
        database: login.PGDATABASE,
      };
      const client = new pg.Client(config);
      client.on('error', () => {});
      await client.connect();
      const place = (note: string) =>
        client.query('INSERT INTO orders (customer_id, note) VALUES (1, $1)', [note]);
      const placed = async (note: string) =>
        (await server.sql('SELECT count(*)::int AS n FROM orders WHERE note = $1', [note]))[0]?.n;

      const mark = `full-${durability}`;
      await place(`${mark} before`);
      assert.match((await gatehouse('log')).stdout, /INSERT INTO orders/);
      inside(`dd if=/dev/zero of=${stateRoot}/filler bs=1k count=4096 status=none`);
      // What is left of the last block takes a few records yet.
      for (
        let passed = 0;
        await place(`${mark} passed ${passed}`).then(
          () => true,
          () => false,
        );
        passed++
      ) {
        assert.ok(passed < 50, 'the disk is not full');
      }
      const denials: string[] = [];
      for (let at = 0; at < 5; at++) {
        await assert.rejects(place(`${mark} denied ${at}`), (error) => {
          assert.ok(error instanceof pg.DatabaseError);
          assert.equal(error.severity, 'ERROR');
          assert.equal(error.code, '58000', String(error));
          denials.push(`${error.message} ${error.detail} ${error.hint}`);
          return true;
        });
        assert.equal(await placed(`${mark} denied ${at}`), 0);
      }
      await assert.rejects(client.query(`SELECT 1 FROM orders -- ${mark}`), { code: '58000' });
      for (const words of denials) {
        assert.match(words, /could not be recorded, so it was not sent on/);
        assert.match(words, /disk is full; free some space \(ENOSPC\)/);
      }
      const stranger = new pg.Client(config);
      stranger.on('error', () => {});
      await assert.rejects(stranger.connect(), (error) => {
        assert.match(String(error), /cannot be written: the disk is full/);
        return true;
      });
      assert.equal((await gatehouse('status')).status, 0);
      for (const command of [['sessions'], ['log']]) {
        const shown = await gatehouse(...command);
        assert.equal(shown.status, 0, shown.stderr);
        assert.match(shown.stdout, /agent +shop-db/);
        assert.match(shown.stderr, /^$|^warning: .*disk is full; free some space/);
      }

      inside(`rm ${stateRoot}/filler`);
      await place(`${mark} after`);
      assert.equal(await placed(`${mark} after`), 1);
      assert.equal(await placed(`${mark} before`), 1);
      const again = new pg.Client(config);
      await again.connect();
      await again.end();
      await client.end();

      const verified = await gatehouse('verify');
      assert.equal(verified.status, 0, verified.stdout + verified.stderr);
      const text = inside(`cat ${stateRoot}/*/records/segments/*`).stdout;
      const told = text.split('\n').filter((line) => line.includes('"kind":"store.recovered"'));
      assert.equal(told.length, 1, told.join('\n'));
      assert.match(told[0] ?? '', /ENOSPC/);
      assert.match(text, new RegExp(`${mark} after`));
      assert.doesNotMatch(text, new RegExp(`${mark} denied`));
      await endCleanly(daemon);
    });
  }
});

async function endCleanly(daemon: DaemonProcess): Promise<void> {
  assert.deepEqual(await daemon.end(), { code: 0, signal: null }, daemon.said());
}
