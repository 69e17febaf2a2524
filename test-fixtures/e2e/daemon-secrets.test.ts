import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace, shopPolicy } from './daemon-process.ts';

/** The real password of the database, by each source that a workspace may name, and a wrong one. */
const canary = 'canary-d41c-Upstream-Password';
const wrongCanary = 'canary-77ab-Wrong-Password';

describe('the real credential', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  /** All that anybody was told, by where. */
  const heard = new Map<string, string>();
  let token: string;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    await server.sql(`ALTER ROLE ${shopRole.user} PASSWORD '${canary}'`);
    const resource = (name: string, password: string) => `  - name: ${name}
    protocol: postgres
    host: 127.0.0.1
    port: ${server.port}
    database: shop
    user: ${shopRole.user}
    password: ${password}
    tls: { mode: disable }
`;
    workspace = new DaemonWorkspace({
      port: server.port,
      policy: shopPolicy.replace('[shop-db]', '["*"]'),
      resources: [
        resource('file-db', '{ file: ../secret }'),
        resource('command-db', '{ command: [cat, ../secret] }'),
        resource('chatty-db', `{ command: [sh, -c, "cat ../secret; cat ../secret >&2; exit 3"] }`),
        resource('wrong-db', '{ stdin: wrong }'),
        resource('absent-db', '{ file: ../nowhere }'),
      ].join(''),
    });
    writeFileSync(path.join(workspace.root, 'secret'), `${canary}\n`, { mode: 0o600 });
    daemon = await workspace.start({ secrets: { shop: canary, wrong: wrongCanary } });
    token = (await workspace.login()).password;
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  const noCanary = (where: string, text: string) => {
    for (const each of [canary, wrongCanary]) {
      const forms = [
        each,
        Buffer.from(each).toString('base64').replace(/=+$/, ''),
        Buffer.from(each).toString('hex'),
      ];
      for (const form of forms) assert.ok(!text.includes(form), `${where} holds the credential`);
    }
  };
  const hear = (where: string, text: string) => {
    heard.set(where, text);
    noCanary(where, text);
  };

  test('opens the database from each source', async () => {
    for (const name of ['shop-db', 'file-db', 'command-db']) {
      const client = new pg.Client(await workspace.login(undefined, name));
      client.on('notice', (notice) => hear(`${name} notice`, JSON.stringify(notice)));
      await client.connect();
      assert.equal((await client.query('SELECT count(*)::int AS n FROM products')).rows[0].n, 40);
      for (const statement of [
        'DROP TABLE orders',
        'SELEC 1',
        'SELECT 1/0 FROM orders',
        'SHOW password_encryption',
      ]) {
        await client.query(statement).then(
          (result) => hear(`${name} ${statement}`, JSON.stringify(result.rows)),
          (error: unknown) => hear(`${name} ${statement}`, wordsOf(error)),
        );
      }
      await client.end();
    }
  });

  test('is in no error where it is wrong, absent or printed by a command that fails', async () => {
    for (const name of ['wrong-db', 'chatty-db', 'absent-db']) {
      const client = new pg.Client(await workspace.login(undefined, name));
      client.on('error', () => {});
      await assert.rejects(client.connect(), (error) => {
        hear(name, wordsOf(error));
        return true;
      });
    }
    assert.match(heard.get('wrong-db') ?? '', /password authentication failed|refused/);
    assert.match(heard.get('chatty-db') ?? '', /sh ended with status 3/);
  });

  test('is in no answer of the control socket and no output of a command', async () => {
    const control = await workspace.control();
    hear('status', JSON.stringify(await control.status()));
    hear('approvals', JSON.stringify(await control.approvals()));
    hear('token', JSON.stringify(await control.mintToken({ resource: 'shop-db', agent: 'a', ttl: 1000 })));
    control.close();
    const [session] = (await workspace.command(['sessions', '--json'])).stdout.split('\n');
    const { id } = JSON.parse(session ?? '{}');
    const commands = [
      ['status'],
      ['log', '--json'],
      ['sessions'],
      ['replay', id, '--json'],
      ['verify', '--json'],
      ['env', 'shop-db'],
      ['check'],
      ['decide', '--resource', 'shop-db', 'SELECT 1'],
    ];
    for (const args of commands) {
      const ran = await workspace.command(args);
      assert.notEqual(ran.stdout + ran.stderr, '', args.join(' '));
      hear(args.join(' '), ran.stdout + ran.stderr);
    }
  });

  test('is in no word of the daemon, not in its arguments and not in its environment', {
    skip: process.platform === 'linux' ? false : 'reads /proc',
  }, () => {
    hear('the daemon', daemon.said());
    for (const name of ['cmdline', 'environ']) {
      hear(name, readFileSync(`/proc/${daemon.child.pid}/${name}`, 'latin1'));
    }
  });

  test('is in no file of the state folder, while it runs and after; nor is a token', async () => {
    const look = () => {
      const files = readdirSync(workspace.stateRoot, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(workspace.stateRoot, name))
        .filter((file) => statSync(file).isFile());
      assert.ok(files.length > 6, files.join());
      for (const file of files) {
        const text = readFileSync(file, 'latin1');
        noCanary(file, text);
        assert.ok(!text.includes(token), `${file} holds a token`);
        assert.equal(statSync(file).mode & 0o077, 0, `${file} is open to others`);
      }
    };
    look();
    const { code } = await daemon.end();
    assert.equal(code, 0);
    look();
    hear('the daemon at its end', daemon.said());
    assert.ok(heard.size > 25, `${heard.size}`);
  });
});

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message} ${error.stack} ${JSON.stringify(error)}`;
}
