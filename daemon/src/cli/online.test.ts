import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectControl } from '../control/client.ts';
import { type Daemon, startDaemon } from '../daemon.ts';
import type { Session } from '../core/session.ts';
import type { RecordLine } from '../recordings/entry.ts';
import { SecretText } from '../identity/secret-text.ts';
import { type SampleFolder, sampleFolder, samplePolicy, sampleWorkspace } from '../workspace/samples.ts';
import { type FakeProtocol, fakeProtocol } from './fake-protocol.ts';
import { gatehouse, start } from './test-command.ts';

/** A daemon in this process, with a protocol that only listens; the commands are real children. */

const canary = 'canary-77aa-secret';
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const policy = `${samplePolicy}  - name: ask
    effect: approve
    sql: { actions: [delete] }
    approval: { by: ["*"], within: 10m }
`;

let sample: SampleFolder;
let fake: FakeProtocol;
let daemon: Daemon;
const log: string[] = [];
/** Everything that was ever printed. */
let printed = '';

before(async () => {
  sample = sampleFolder({ shop: policy });
  sample.write(
    '.gatehouse/gatehouse.yaml',
    sampleWorkspace.replace('{ env: SHOP_PASSWORD }', '{ stdin: shop }'),
  );
  fake = fakeProtocol();
  daemon = await open();
  await options().gate.open(session);
});
after(async () => {
  await daemon.close();
  sample.discard();
});

function open(): Promise<Daemon> {
  return startDaemon({
    workspaceFolder: sample.folder,
    stateFolder: sample.stateRoot,
    stdinSecrets: new Map([['shop', new SecretText(canary)]]),
    log: (line) => log.push(line),
    protocols: { postgres: fake },
  });
}

async function ran(args: readonly string[], env?: Record<string, string>) {
  const result = await gatehouse(sample, args, env === undefined ? {} : { env });
  printed += result.stdout + result.stderr;
  return result;
}

function options() {
  const found = fake.opened.get('shop-db');
  assert.ok(found);
  return found;
}

const session: Session = {
  id: 'feed01',
  principal: { person: 'ada', groups: [], agent: 'claude', workspace: 'shop', task: '' },
  resource: { name: 'shop-db', protocol: 'postgres', labels: {} },
  client: { address: '127.0.0.1:1', application: 'test' },
};

/** Ask as a protocol would. */
function ask(text: string, kind: string, table: string, onHeld: () => void = () => {}) {
  const facts = { table };
  return options().gate.pass(
    session,
    {
      request: { vocabulary: 'sql', text, actions: [{ vocabulary: 'sql', kind, facts }], facts: {} },
      exact: [text],
    },
    onHeld,
    new AbortController().signal,
  );
}

function held(text: string) {
  let answer: ReturnType<typeof ask> | undefined;
  return new Promise<{ answer: ReturnType<typeof ask> }>((resolve) => {
    answer = ask(text, 'delete', 'public.products', () =>
      resolve({ answer: answer as ReturnType<typeof ask> }),
    );
  });
}

describe('with a daemon', () => {
  it('status: resources, policy and records, in words and as JSON', async () => {
    const { stdout, code } = await ran(['status']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /resources +shop-db +127\.0\.0\.1:\d+ → shop_owner@127\.0\.0\.1:5432\/shop +0 sessions/,
    );
    assert.match(stdout, /policy +1 policy, 3 rules [0-9a-f]{12} accepted/);
    assert.match(stdout, /approvals +none waits/);
    const status = JSON.parse((await ran(['status', '--json'])).stdout);
    assert.equal(status.pid, process.pid);
    assert.equal(status.resources[0].listen.port, statusPort());
  });

  it('the real password reaches the protocol, and nothing else', async () => {
    assert.equal(await options().secret(), canary);
  });

  it('env: a token that the listener takes, for each shell', async () => {
    const { stdout } = await ran(['env', 'shop-db', '--agent', 'claude', '--task', 'T-1']);
    const token = /^export PGPASSWORD='(gha_[\w-]{43})'$/m.exec(stdout)?.[1] ?? '';
    assert.match(stdout, new RegExp(`^export PGPORT='${statusPort()}'$`, 'm'));
    const verdict = options().verifyToken(token, 'peer');
    assert.ok(verdict.ok);
    assert.deepEqual(
      [verdict.principal.agent, verdict.principal.task, verdict.principal.workspace],
      ['claude', 'T-1', 'shop'],
    );
    assert.match(
      (await ran(['env', 'shop-db', '--shell', 'fish'])).stdout,
      /^set -gx PGHOST '127\.0\.0\.1'$/m,
    );
    assert.match(
      (await ran(['env', 'shop-db', '--shell', 'powershell'])).stdout,
      /^\$env:PGHOST = '127\.0\.0\.1'$/m,
    );
    const { env } = JSON.parse((await ran(['env', 'shop-db', '--json', '--tls'])).stdout);
    assert.equal(env.PGSSLMODE, 'verify-full');
    assert.match(readFileSync(env.PGSSLROOTCERT, 'utf8'), /BEGIN CERTIFICATE/);
  });

  it('env: names what is wrong', async () => {
    assert.match((await ran(['env', 'shopdb'])).stderr, /Did you mean shop-db\?/);
    assert.match((await ran(['env', 'shop-db', '--ttl', '2y'])).stderr, /at most 24h/);
    const agent = await ran(['env', 'shop-db', '--agent', '*']);
    assert.equal(agent.code, 2);
    assert.match(agent.stderr, /An agent is named by letters/);
  });

  it('exec: the environment, the exit code, and what cannot be run', async () => {
    const node = process.execPath;
    const shown = await ran([
      'exec',
      'shop-db',
      '--',
      node,
      '-p',
      'process.env.PGHOST + process.env.PGPASSWORD.slice(0, 4)',
    ]);
    assert.equal(shown.stdout, '127.0.0.1gha_\n');
    assert.equal((await ran(['exec', 'shop-db', '--', node, '-e', 'process.exit(42)'])).code, 42);
    assert.equal(
      (await ran(['exec', 'shop-db', '--agent', 'x', '--', node, '-e', 'process.exit(43)'])).code,
      43,
    );
    assert.equal(
      (await ran(['exec', 'shop-db', '--', node, '-e', 'process.kill(process.pid, "SIGKILL")'])).code,
      137,
    );
    assert.equal((await ran(['exec', 'shop-db', '--', 'no-such-program'])).code, 127);
    assert.equal((await ran(['exec', 'shop-db', '--', sample.folder])).code, 126);
  });

  it('exec: forwards signals', async () => {
    const script =
      'process.on("SIGTERM", () => { console.log("told"); process.exit(7) }); console.log("up"); setInterval(() => {}, 1000)';
    const running = start(sample, ['exec', 'shop-db', '--', process.execPath, '-e', script]);
    await running.until((text) => text.includes('up'));
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    assert.deepEqual([code, stdout], [7, 'up\ntold\n']);
  });

  it('approvals: shown whole, approved and denied with the reason told', async () => {
    const first = await held("delete from products\nwhere note = '\u001b[2K'");
    const listed = await ran(['approvals']);
    const id = /‖ waiting +([2-9a-z]{6}) /.exec(listed.stdout)?.[1] ?? '';
    assert.match(listed.stdout, / {4}delete from products\n {4}where note = '\\u\{1b\}\[2K'\n/);
    assert.match(listed.stdout, /does +delete on public\.products/);
    assert.match((await ran(['status'])).stdout, /‖ 1 request waits for a person/);
    const approved = await ran(['approve', id.slice(0, 4)]);
    assert.match(approved.stdout, new RegExp(`✓ approved +${id}`));
    assert.equal((await first.answer).kind, 'granted');
    const second = await held('delete from products');
    const [json] = (await ran(['approvals', '--json'])).stdout.trim().split('\n');
    assert.equal((await ran(['deny', JSON.parse(json ?? '{}').id, '--reason', 'use staging'])).code, 0);
    const refused = await second.answer;
    assert.equal(refused.kind, 'refused');
    assert.match(JSON.stringify(refused), /use staging/);
    const gone = await ran(['approve', id]);
    assert.equal(gone.code, 2);
    assert.match(gone.stderr, /No request waits under/);
  });

  it('log --follow: the past, then each decision as it is made, to two at once', {
    timeout: 30_000,
  }, async () => {
    const followers = [
      start(sample, ['log', '-f', '-n', '1']),
      start(sample, ['log', '-f', '--json', '-n', '0']),
    ];
    // Both follow once they show what comes now; asked again, as the first may come before they do.
    const seen = (text: string) => text.includes('drop table nonsense');
    let asking = true;
    const asks = (async () => {
      while (asking) {
        await ask('drop table nonsense', 'drop', 'public.nonsense');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await Promise.all(followers.map((each) => each.until(seen)));
    asking = false;
    await asks;
    for (const each of followers) each.child.kill('SIGINT');
    const [plain, json] = await Promise.all(followers.map((each) => each.ended));
    assert.equal(plain?.code, 0);
    assert.match(
      plain?.stdout ?? '',
      /claude +shop-db +✗ deny +shop\/no-drops +drop table nonsense +Schema changes/,
    );
    const event = JSON.parse(json?.stdout.split('\n')[0] ?? '{}');
    assert.deepEqual([event.standing, event.rules, event.agent], ['deny', ['shop/no-drops'], 'claude']);
    printed += plain?.stdout ?? '';
  });

  it('accept: shows what a change newly allows, and takes it with its digest alone', {
    timeout: 30_000,
  }, async () => {
    assert.match((await ran(['accept'])).stdout, /Nothing waits/);
    const changed = nextChange('pending');
    sample.write(policyFile, policy.replace('[public.products]', '["*"]'));
    await changed;
    const asked = await ran(['accept']);
    assert.equal(asked.code, 2);
    assert.match(asked.stdout, /would newly allow 1 thing:\n {2}\+ .*read-products/);
    const digest = /--yes ([0-9a-f]{12})/.exec(asked.stderr)?.[1] ?? '';
    assert.equal((await ran(['accept', '--yes', 'deadbeef0000'])).code, 2);
    assert.match((await ran(['status'])).stdout, /a change of the files waits/);
    assert.match((await ran(['accept', '--yes', digest])).stdout, /✓ Accepted: 1 policy, 3 rules/);
  });

  it('a broken edit is said in status and changes nothing', { timeout: 30_000 }, async () => {
    const changed = nextChange('broken');
    sample.write(policyFile, 'rules: [');
    await changed;
    assert.match((await ran(['status'])).stdout, /✗ the files have errors[\s\S]*shop\.policy\.yaml:\d+:\d+ /);
    assert.equal((await ran(['accept'])).code, 2);
    assert.equal((await ask('drop table x', 'drop', 'public.x')).kind, 'refused');
    assert.equal((await ask('select 1', 'select', 'public.products')).kind, 'granted');
  });

  it('an agent with a token may ask for its own status, reduced, and nothing else', async () => {
    const { stdout } = await ran(['env', 'shop-db']);
    const secret = /PGPASSWORD='(gha_[\w-]+)'/.exec(stdout)?.[1] ?? '';
    const agent = await connectControl({ state: daemon.state, client: 'agent', secret });
    try {
      const status = await agent.status();
      assert.deepEqual(
        [status.resources.length, status.resources[0]?.upstream, status.records.folder],
        [1, '', ''],
      );
      assert.deepEqual(Object.keys(status.policy), ['accepted']);
      await assert.rejects(agent.acceptPolicy('x'), { code: 2 });
    } finally {
      agent.close();
    }
  });

  it('down: ends the daemon, and a restart keeps the port, the policy and the records', async () => {
    const port = statusPort();
    const stopped = daemon.stopRequested.then(() => daemon.close());
    const { stdout, code } = await ran(['down']);
    await stopped;
    assert.equal(code, 0, stdout);
    assert.match((await ran(['status'])).stderr, /No daemon runs/);
    assert.match((await ran(['log', '--effect', 'deny'])).stdout, /drop table nonsense/);
    assert.equal((await ran(['verify'])).code, 0);
    daemon = await open();
    assert.equal(statusPort(), port);
    assert.deepEqual(daemon.status().policy.accepted.rules, 3);
    assert.notEqual(daemon.status().policy.broken, undefined);
  });

  it('keeps its files to this user, and the real password out of every output, log and file', async () => {
    const { state } = daemon;
    for (const file of [state.accepted, state.controlSecret, state.daemon, state.maskKey, state.ports]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
    assert.equal(statSync(state.folder).mode & 0o777, 0o700);
    const records = readFileSync(path.join(state.records, 'segments/00000001.ndjson'), 'utf8');
    const files = [state.accepted, state.daemon, state.ports].map((file) => readFileSync(file, 'utf8'));
    for (const text of [printed, log.join('\n'), records, ...files]) assert.ok(!text.includes(canary));
    assert.ok(!records.includes('gha_'));
  });
});

function statusPort(): number | undefined {
  return daemon.status().resources[0]?.listen?.port;
}

/** Resolves when the daemon has recorded such a change of policy. */
async function nextChange(state: string): Promise<void> {
  const client = await connectControl({ state: daemon.state, client: 'test' });
  const seen = Promise.withResolvers<void>();
  const look = (line: RecordLine) => {
    if (line.kind === 'policy.changed' && line.state === state) seen.resolve();
  };
  await client.follow(0, look, () => {});
  return seen.promise.finally(() => client.close());
}
