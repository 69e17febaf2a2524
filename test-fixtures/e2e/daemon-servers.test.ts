import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Login } from '../servers/gate.ts';
import { selfSigned } from '../servers/certificate.ts';
import { freePort, type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace, shopPolicy } from './daemon-process.ts';

/** A resource on the same or another server, as YAML. */
function resource(name: string, port: number, more: string): string {
  return `  - name: ${name}
    protocol: postgres
    host: 127.0.0.1
    port: ${port}
    database: shop
    user: ${shopRole.user}
    ${more}
`;
}

describe('a daemon before servers and logins that fail', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  before(async () => {
    server = await startPostgres({ database: 'shop', tls: true });
    await createShop(server);
    const nobody = await freePort();
    workspace = new DaemonWorkspace({
      port: server.port,
      policy: shopPolicy.replace('[shop-db]', '["*"]'),
      resources: [
        resource('down-db', nobody, 'password: { stdin: shop }\n    tls: { mode: disable }'),
        resource(
          'other-ca-db',
          server.port,
          'password: { stdin: shop }\n    tls: { mode: verify-full, ca: other-ca.pem }',
        ),
        resource(
          'right-ca-db',
          server.port,
          'password: { stdin: shop }\n    tls: { mode: verify-full, ca: right-ca.pem }',
        ),
        resource('wrong-password-db', server.port, 'password: { stdin: wrong }\n    tls: { mode: disable }'),
        resource('no-secret-db', server.port, 'password: { stdin: never-given }\n    tls: { mode: disable }'),
      ].join(''),
    });
    writeFileSync(path.join(workspace.folder, 'other-ca.pem'), selfSigned().certPem);
    writeFileSync(path.join(workspace.folder, 'right-ca.pem'), server.certPem ?? assert.fail());
    daemon = await workspace.start({ secrets: { shop: shopRole.password, wrong: 'not-the-password' } });
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  const refusal = async (login: Login): Promise<pg.DatabaseError> => {
    const client = new pg.Client(login);
    client.on('error', () => {});
    try {
      await client.connect();
    } catch (error) {
      assert.ok(error instanceof pg.DatabaseError, String(error));
      assert.equal(error.severity, 'FATAL');
      return error;
    }
    await client.end();
    return assert.fail('it was let in');
  };
  const works = async () => {
    const client = new pg.Client(await workspace.login());
    await client.connect();
    assert.equal((await client.query('SELECT count(*)::int AS n FROM products')).rows[0].n, 40);
    await client.end();
  };

  test('a server that is not there: FATAL that says so, and the daemon stays', async () => {
    const error = await refusal(await workspace.login(undefined, 'down-db'));
    assert.equal(error.code, '08006');
    assert.match(error.message, /^Gatehouse: .*127\.0\.0\.1.*(refused|reach)/);
    await works();
  });

  test('a server with a certificate of another CA: FATAL that says so', async () => {
    const error = await refusal(await workspace.login(undefined, 'other-ca-db'));
    assert.equal(error.code, '08006');
    assert.match(error.message, /certificate/);
    const client = new pg.Client(await workspace.login(undefined, 'right-ca-db'));
    await client.connect();
    await client.end();
  });

  test('a real credential that the server refuses, or that was never given: FATAL without it', async () => {
    const refused = await refusal(await workspace.login(undefined, 'wrong-password-db'));
    assert.match(refused.message, /password|authentication/);
    const missing = await refusal(await workspace.login(undefined, 'no-secret-db'));
    assert.match(missing.message, /never-given/);
    await works();
  });

  test('a token that expired, is of another resource, or is none', async () => {
    const brief = await workspace.login(50);
    await sleep(60);
    const expired = await refusal(brief);
    assert.equal(expired.code, '28P01');
    assert.match(
      JSON.stringify({ ...expired, message: expired.message }),
      /token has expired.*gatehouse env shop-db/,
    );
    const other = await workspace.login(undefined, 'right-ca-db');
    const { port } = await workspace.login();
    const foreign = await refusal({ ...other, port });
    assert.equal(foreign.code, '28P01');
    assert.match(JSON.stringify({ ...foreign, message: foreign.message }), /for another resource/);
    const none = await refusal({ ...other, port, password: 'hunter2' });
    assert.equal(none.code, '28P01');
  });

  test('a session outlives its token, which is for logging in', async () => {
    const login = await workspace.login(1500);
    const client = new pg.Client(login);
    await client.connect();
    const another = async () => {
      const each = new pg.Client(login);
      each.on('error', () => {});
      await each.connect();
      await each.end();
    };
    while (
      await another().then(
        () => true,
        () => false,
      )
    )
      await sleep(100);
    assert.equal((await client.query('SELECT count(*)::int AS n FROM products')).rows[0].n, 40);
    await client.end();
  });

  test('wrong tokens are slowed down, and right ones are not', async () => {
    const login = await workspace.login();
    const words: string[] = [];
    for (let at = 0; at < 15; at++) {
      const error = await refusal({ ...login, password: `gha_${'x'.repeat(42)}${at % 10}` });
      assert.equal(error.code, '28P01');
      words.push(`${error.message} ${error.detail} ${error.hint}`);
    }
    assert.match(words.at(-1) ?? '', /Too many failed logins/);
    await works();
    assert.ok(daemon.said().length < 100_000);
  });

  test('the backend ends in the middle of a query: the client hears it, and the next connection works', async () => {
    const client = new pg.Client(await workspace.login());
    client.on('error', () => {});
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await client.connect();
    const slept = assert.rejects(client.query('SELECT pg_sleep(50)'), { severity: 'FATAL', code: '57P01' });
    let count = 0;
    while (count === 0) {
      const rows = await server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid() AND state = 'active'",
      );
      count = rows.length;
    }
    await slept;
    await ended;
    await works();
  });

  test('the whole server crashes in the middle of a query: an error, and the next connection works', async () => {
    const connected = await Promise.all(
      [1, 2].map(async () => {
        const client = new pg.Client(await workspace.login());
        const heard: string[] = [];
        client.on('error', (error: Error & { code?: string }) => heard.push(error.code ?? error.message));
        const ended = new Promise<void>((resolve) => client.once('end', resolve));
        await client.connect();
        return { client, ended, heard };
      }),
    );
    const [busy, idle] = connected;
    const slept = assert.rejects(busy?.client.query('SELECT pg_sleep(50)') ?? assert.fail());
    let pid: number | undefined;
    while (pid === undefined) {
      const [row] = await server.sql(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid() AND state = 'active'",
      );
      if (row !== undefined) pid = Number(row.pid);
    }
    // A backend that dies so makes the server end all others and recover.
    process.kill(pid, 'SIGKILL');
    await slept;
    await Promise.all(connected.map((each) => each.ended));
    assert.ok((idle?.heard.length ?? 0) > 0);
    for (let up = false; !up; await sleep(50))
      up = await works().then(
        () => true,
        () => false,
      );
    assert.equal((await workspace.command(['status'])).status, 0);
    const closed = workspace.lines().filter((line) => line.kind === 'session.closed');
    assert.ok(closed.length > 5);
    assert.equal((await workspace.command(['verify'])).status, 0);
  });
});
