import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { ConfigFault } from '../core/faults.ts';
import { type LocalCa, loadOrCreateCa } from './ca.ts';
import { createCa, createListenerCertificate } from './certificates.ts';

const dayMs = 86_400_000;
let root = '';
before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-ca-'));
});
after(() => rm(root, { recursive: true, force: true }));

/** Why a client that trusts `ca` refuses the certificate for `host`; undefined if it does not. */
async function connectAs(host: string, ca: string, server: { certPem: string; keyPem: string }) {
  const listener = tls.createServer({ cert: server.certPem, key: server.keyPem }, (socket) => socket.end());
  listener.on('tlsClientError', () => {});
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    ca,
    checkServerIdentity: (_, cert) => tls.checkServerIdentity(host, cert),
  });
  try {
    await once(client, 'secureConnect');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    client.destroy();
    listener.close();
  }
}

test('makes certificates for loopback once, and keeps them', async () => {
  const folder = path.join(root, 'state', 'tls');
  const first = await loadOrCreateCa(folder);
  const second = await loadOrCreateCa(folder);
  assert.equal(second.caPem, first.caPem);
  assert.equal(second.certPem, first.certPem);
  assert.equal(second.keyPem, first.keyPem);
  assert.equal(await readFile(first.caFile, 'utf8'), first.caPem);
  assert.ok(first.createSecureContext());
  for (const name of await readdir(folder)) {
    assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600, name);
  }
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const host of ['localhost', '127.0.0.1', '::1']) {
    assert.equal(await connectAs(host, first.caPem, first), undefined, host);
  }
  assert.match((await connectAs('db.example.com', first.caPem, first)) ?? '', /does not match certificate/);
});

test('several starts at once agree on one CA', async () => {
  const folder = path.join(root, 'at-once');
  const all = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateCa(folder)));
  assert.equal(new Set(all.map((each) => each.caPem)).size, 1);
  for (const each of all) assert.equal(await connectAs('localhost', each.caPem, each), undefined);
});

async function madeIn(name: string): Promise<[string, LocalCa]> {
  const folder = path.join(root, name);
  return [folder, await loadOrCreateCa(folder)];
}

test('the listener is renewed before its end under the same CA, and the CA before its own', async () => {
  const [folder, first] = await madeIn('renewal');
  const later = new Date(Date.now() + 340 * dayMs);
  const renewed = await loadOrCreateCa(folder, later);
  assert.equal(renewed.caPem, first.caPem);
  assert.notEqual(renewed.certPem, first.certPem);
  assert.ok(new X509Certificate(renewed.certPem).validToDate.getTime() > later.getTime() + 300 * dayMs);
  const muchLater = await loadOrCreateCa(folder, new Date(Date.now() + 3640 * dayMs));
  assert.notEqual(muchLater.caPem, first.caPem);
  const issuer = new X509Certificate(muchLater.caPem);
  assert.ok(new X509Certificate(muchLater.certPem).verify(issuer.publicKey));
});

test('what is damaged, mixed up or readable by others is made anew', async () => {
  const [folder, first] = await madeIn('damage');
  await writeFile(path.join(folder, 'listener-key.pem'), 'not a certificate');
  const second = await loadOrCreateCa(folder);
  assert.equal(second.caPem, first.caPem);
  assert.equal(await connectAs('localhost', second.caPem, second), undefined);

  const stranger = await createCa(new Date());
  const foreign = await createListenerCertificate(stranger, new Date());
  await writeFile(path.join(folder, 'listener-key.pem'), foreign.certPem + foreign.keyPem);
  const third = await loadOrCreateCa(folder);
  assert.equal(await connectAs('localhost', third.caPem, third), undefined);

  await writeFile(first.caFile, 'something else');
  assert.equal(await readFile((await loadOrCreateCa(folder)).caFile, 'utf8'), first.caPem);

  await chmod(path.join(folder, 'ca-key.pem'), 0o644);
  const fourth = await loadOrCreateCa(folder);
  assert.notEqual(fourth.caPem, first.caPem);
  assert.equal(await connectAs('localhost', fourth.caPem, fourth), undefined);
});

test('the CA can vouch for nothing but loopback', async () => {
  const ca = await createCa(new Date());
  for (const [type, value] of [
    ['dns', 'bank.example'],
    ['ip', '10.0.0.1'],
    ['ip', '2001:db8::1'],
  ] as const) {
    const stolen = await createListenerCertificate(ca, new Date(), [{ type, value }]);
    assert.equal(await connectAs(value, ca.certPem, stolen), 'permitted subtree violation', value);
  }
});

test('a folder that cannot be used is a fault that names it', async () => {
  const file = path.join(root, 'a-file');
  await writeFile(file, '');
  await assert.rejects(loadOrCreateCa(path.join(file, 'tls')), (error: unknown) => {
    assert.ok(error instanceof ConfigFault);
    assert.equal(error.code, 'secret-unavailable');
    assert.match(error.message, /a-file/);
    return true;
  });
});
