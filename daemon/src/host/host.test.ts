import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectControl } from '../control/client.ts';
import { SecretText } from '../identity/secret-text.ts';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { connectHost, type HostClient } from './client.ts';
import { ensureHost, isOlder } from './ensure-host.ts';
import { hostPlace, readAddress } from './place.ts';
import { type RunningHost, startHost } from './start-host.ts';

/** The host with real workspaces and sockets; the databases behind them are not there, and nobody asks them. */

const secret = new SecretText('a-secret-that-an-editor-keeps-for-itself');
const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
let sample: SampleFolder;
let hosts: RunningHost[];
let clients: HostClient[];
beforeEach(() => {
  sample = sampleFolder();
  hosts = [];
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  for (const host of hosts) await host.close();
  sample.discard();
});

const env = () => ({ GATEHOUSE_STATE: sample.stateRoot });

async function host(options: { graceMs?: number; idleMs?: number } = {}): Promise<RunningHost> {
  const { graceMs = 0, idleMs } = options;
  const running = await startHost({
    secret,
    graceMs,
    ...(idleMs === undefined ? {} : { idleMs }),
    log: () => {},
    env: env(),
    daemon: { stateFolder: sample.stateRoot },
  });
  assert.ok(running !== undefined);
  hosts.push(running);
  return running;
}

async function visit(name: string): Promise<HostClient> {
  const address = readAddress(hostPlace(env()));
  assert.ok(address !== undefined);
  const client = await connectHost(address, secret.reveal(), name);
  assert.ok(client !== undefined);
  clients.push(client);
  return client;
}

const served = async (client: HostClient) =>
  (await client.status()).workspaces.map((each) => each.clients.length);
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the daemon of a user', () => {
  it('is one: who comes second is not elected, until the first has gone', async () => {
    const first = await host();
    assert.equal(await startHost({ graceMs: 0, log: () => {}, env: env() }), undefined);
    await first.close();
    hosts = [];
    await host();
  });

  it('keeps the secret of operators in memory, its files and its socket private', async () => {
    const { place } = await host();
    const window = await visit('window');
    await window.open(sample.folder, {});
    assert.ok(!existsSync(place.secret));
    assert.ok(!existsSync(sample.state.controlSecret));
    const address = readAddress(place);
    assert.equal(statSync(address?.socket ?? '').mode & 0o777, 0o600);
    assert.equal(statSync(place.folder).mode & 0o777, 0o700);
    await assert.rejects(connectHost(address ?? assert.fail(), 'a guess', 'stranger'), {
      message: 'That is not the secret of this daemon.',
    });
    for (const file of readdirSync(sample.stateRoot, { recursive: true, encoding: 'utf8' })) {
      const full = path.join(sample.stateRoot, file);
      if (statSync(full).isFile()) assert.ok(!readFileSync(full, 'latin1').includes(secret.reveal()), file);
    }
  });

  it('serves a workspace as long as some window holds it, and forgets it then', async () => {
    await host();
    const one = await visit('one');
    const two = await visit('two');
    const opened = await one.open(sample.folder, {});
    assert.deepEqual(await two.open(sample.folder, {}), opened);
    assert.deepEqual(await served(two), [2]);
    const operator = await connectControl({ state: sample.state, client: 't', secret: opened.secret });
    assert.equal(operator.hello.role, 'operator');
    const port = (await operator.status()).resources[0]?.listen?.port;
    assert.ok(port !== undefined);
    one.close();
    await until(async () => (await served(two))[0] === 1);
    assert.equal((await operator.status()).resources[0]?.listen?.port, port);
    two.close();
    await operator.closed;
    const three = await visit('three');
    await until(async () => (await served(three)).length === 0);
    // Opened anew it is another one, with another secret.
    assert.notEqual((await three.open(sample.folder, {})).secret, opened.secret);
  });

  it('knows the secrets that windows bring, as long as who brought them is there', async () => {
    sample.write(
      '.gatehouse/gatehouse.yaml',
      readFileSync(path.join(sample.folder, '.gatehouse/gatehouse.yaml'), 'utf8').replace(
        /password: .*/,
        'password: { stdin: shop }',
      ),
    );
    await host();
    const [one, two] = [await visit('one'), await visit('two')];
    const { secret: operatorSecret } = await one.open(sample.folder, {});
    const operator = await connectControl({ state: sample.state, client: 't', secret: operatorSecret });
    const missing = async () => (await operator.status()).resources[0]?.missingSecret;
    assert.equal(await missing(), 'shop');
    await two.open(sample.folder, { shop: 'a password' });
    assert.equal(await missing(), undefined);
    // One that has none takes nobody else's away.
    await one.open(sample.folder, {});
    assert.equal(await missing(), undefined);
    two.close();
    await until(async () => (await missing()) === 'shop');
    operator.close();
  });

  it('gives a window that is loaded anew the time to come back', async () => {
    await host({ graceMs: 60_000 });
    const before = await visit('before');
    const opened = await before.open(sample.folder, {});
    before.close();
    await before.closed;
    assert.deepEqual(await (await visit('after')).open(sample.folder, {}), opened);
  });

  it('says why a workspace cannot be served, and serves it once it can be', async () => {
    await host();
    const window = await visit('window');
    await assert.rejects(window.open(path.join(sample.folder, 'nothing'), {}), /There is no folder/);
    sample.write('.gatehouse/gatehouse.yaml', 'gatehouse: v1\nkind: Wrkspace\n');
    await assert.rejects(window.open(sample.folder, {}), /gatehouse\.yaml:2/);
    assert.deepEqual(await served(window), []);
  });

  it('tells who holds a workspace when somebody ends it', async () => {
    await host();
    const window = await visit('window');
    const { secret: operatorSecret } = await window.open(sample.folder, {});
    const closed = new Promise<string>((resolve) => window.onClosed(resolve));
    const operator = await connectControl({ state: sample.state, client: 't', secret: operatorSecret });
    await operator.shutdown();
    assert.equal(await closed, sample.folder);
    assert.deepEqual(await served(window), []);
  });

  it('ends when it has had nothing to do for a while', async () => {
    const { host: idle } = await host({ idleMs: 30 });
    const window = await visit('window');
    await window.open(sample.folder, {});
    window.close();
    await idle.done;
  });

  it('makes way for a newer one', async () => {
    const old = await host();
    const window = await visit('window');
    await window.open(sample.folder, {});
    await (await visit('newer')).drain();
    await old.host.done;
    await assert.rejects(window.open(sample.folder, {}), /is ending/);
    assert.ok(isOlder('0.9.12', '0.10.0') && !isOlder('1.0.0', '0.10.0') && !isOlder('1.0.0', '1.0.0-pre'));
  });

  it('hands over to a newer one, which serves the same workspace', { timeout: 60_000 }, async () => {
    const old = await host();
    const window = await visit('window');
    await window.open(sample.folder, {});
    void old.host.done.then(() => old.close());
    const newer = await ensureHost({
      secret,
      client: 'newer window',
      run: [main, 'daemon', 'run', '--secret-stdin'],
      env: { ...process.env, ...env() },
      version: '999.0.0',
    });
    await window.closed;
    hosts = [];
    assert.notEqual(newer.pid, process.pid);
    const again = await visit('window');
    assert.equal(again.hello.pid, newer.pid);
    await again.open(sample.folder, {});
    assert.deepEqual(await served(again), [1]);
    await again.drain();
    await again.closed;
  });

  it('is started in the background once, by however many ask at the same time', {
    timeout: 60_000,
  }, async () => {
    const ask = () => {
      const child = promisify(execFile)(
        process.execPath,
        [main, 'daemon', 'start', '--json', '--secret-stdin'],
        { env: { ...process.env, ...env() } },
      );
      child.child.stdin?.end(JSON.stringify({ 'gatehouse.control': secret.reveal() }));
      return child;
    };
    const said = (await Promise.all([ask(), ask(), ask()])).map(({ stdout }) => JSON.parse(stdout));
    assert.equal(new Set(said.map(({ pid }) => pid)).size, 1);
    const window = await visit('window');
    await window.open(sample.folder, {});
    // It outlives who started it; without anybody it would end after its idle time.
    assert.equal(window.hello.pid, said[0].pid);
    await window.drain();
    await window.closed;
    clients = [];
  });
});
