import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import postgres from 'postgres';
import { postgresBinaries } from '@gatehouse/test-fixtures/servers/postgres-binaries.ts';
import { type LocalCa, loadOrCreateCa } from '../../../identity/ca.ts';
import { answer, goodToken, type ScriptedServer, startScripted } from './scripted-server.fixture.ts';

let folder = '';
let ca: LocalCa;
let server: ScriptedServer;
let otherCa = '';
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-clients-'));
  ca = await loadOrCreateCa(path.join(folder, 'tls'));
  const other = await loadOrCreateCa(path.join(folder, 'other'));
  otherCa = other.caFile;
  server = await startScripted({ tls: ca.createSecureContext(), resource: 'shop-db' });
});
after(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** psql with `settings`; `libpq` names the folder of another client library to use. */
function psql(settings: string, libpq?: string): Promise<Run> {
  const env = {
    PATH: process.env.PATH,
    PGPASSWORD: goodToken,
    HOME: folder,
    ...(libpq === undefined ? {} : { LD_LIBRARY_PATH: libpq }),
  };
  const target = `host=localhost hostaddr=127.0.0.1 port=${server.port} user=agent dbname=shop ${settings}`;
  return new Promise((resolve) => {
    execFile('psql', ['-XAt', '-c', 'select 1', target], { env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : (error.code ?? 'signal'), stdout, stderr });
    });
  });
}

function lastSession() {
  const last = server.accepted.findLast((each) => each.kind === 'session');
  assert.ok(last?.kind === 'session');
  return last;
}

test('psql logs in by every sslmode', async () => {
  const modes: [string, boolean][] = [
    ['sslmode=disable', false],
    ['sslmode=prefer', true],
    ['sslmode=require', true],
    [`sslmode=verify-ca sslrootcert=${ca.caFile}`, true],
    [`sslmode=verify-full sslrootcert=${ca.caFile}`, true],
    ['sslmode=prefer gssencmode=prefer', true],
  ];
  for (const [mode, encrypted] of modes) {
    const run = await psql(mode);
    assert.deepEqual([run.stdout.trim(), run.status], [answer, 0], `${mode}: ${run.stderr}`);
    assert.equal(lastSession().encrypted, encrypted, mode);
    assert.equal(lastSession().startup.parameters.get('application_name'), 'psql');
  }
});

test('psql refuses a certificate of another CA', async () => {
  const run = await psql(`sslmode=verify-ca sslrootcert=${otherCa}`);
  assert.equal(run.status, 2);
  assert.match(run.stderr, /certificate verify failed/);
});

test('psql with the newest libpq: direct TLS and protocol 3.2', async () => {
  const libpq = path.join(postgresBinaries('18').bin, '..', 'lib');
  const direct = await psql(`sslmode=verify-full sslrootcert=${ca.caFile} sslnegotiation=direct`, libpq);
  assert.deepEqual([direct.stdout.trim(), direct.status], [answer, 0], direct.stderr);
  assert.equal(lastSession().encrypted, true);
  assert.equal(lastSession().startup.minor, 0);
  const newest = await psql('sslmode=disable max_protocol_version=latest min_protocol_version=3.2', libpq);
  assert.deepEqual([newest.stdout.trim(), newest.status], [answer, 0], newest.stderr);
  assert.equal(lastSession().startup.minor, 2);
});

test('psql shows a wrong token with its hint', async () => {
  const run = await psql('password=stale');
  assert.equal(run.status, 2);
  assert.match(run.stderr, /FATAL: {2}password authentication failed for user "agent"/);
  assert.match(run.stderr, /HINT: .*gatehouse env shop-db/);
});

test('pg logs in without TLS, with it, and directly with it', async () => {
  const ways: [pg.ClientConfig, boolean][] = [
    [{ ssl: false }, false],
    [{ ssl: { rejectUnauthorized: false } }, true],
    [{ ssl: { ca: ca.caPem } }, true],
    [
      { ssl: { ca: ca.caPem, ALPNProtocols: ['postgresql'] }, sslnegotiation: 'direct' } as pg.ClientConfig,
      true,
    ],
  ];
  for (const [way, encrypted] of ways) {
    const client = new pg.Client({
      host: 'localhost',
      port: server.port,
      user: 'agent',
      database: 'shop',
      password: goodToken,
      ...way,
    });
    await client.connect();
    assert.deepEqual((await client.query('select 1')).rows, [{ answer }]);
    assert.deepEqual((await client.query('select $1', [])).rows, [{ answer }]);
    await client.end();
    assert.equal(lastSession().encrypted, encrypted);
  }
  const wrong = new pg.Client({ host: 'localhost', port: server.port, user: 'agent', password: 'stale' });
  await assert.rejects(wrong.connect(), { code: '28P01', message: /password authentication failed/ });
});

test('postgres (npm) logs in without TLS and with it', async () => {
  const ways: [object | false, boolean][] = [
    [false, false],
    [{ rejectUnauthorized: false }, true],
    [{ ca: ca.caPem }, true],
  ];
  for (const [ssl, encrypted] of ways) {
    const sql = postgres({
      host: 'localhost',
      port: server.port,
      user: 'agent',
      database: 'shop',
      password: goodToken,
      ssl,
      max: 1,
      fetch_types: false,
    });
    try {
      assert.deepEqual([...(await sql`select 1`)], [{ answer }]);
    } finally {
      await sql.end({ timeout: 1 });
    }
    assert.equal(lastSession().encrypted, encrypted);
  }
});
