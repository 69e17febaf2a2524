import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AcceptedPolicy, type InForce } from './accepted.ts';
import {
  type MemoryRecords,
  memoryRecords,
  type SampleFolder,
  sampleFolder,
  samplePolicy,
  sampleWorkspace,
} from './samples.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const workspaceFile = '.gatehouse/gatehouse.yaml';
const looser = samplePolicy.replace('[public.products]', '["*"]');
const tighter = samplePolicy.replace('actions: [drop]', 'actions: [drop, truncate]');

let sample: SampleFolder;
let records: MemoryRecords;
let open: AcceptedPolicy[];
let log: string[];

beforeEach(() => {
  sample = sampleFolder();
  records = memoryRecords();
  open = [];
  log = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  sample.discard();
});

async function start(first: boolean, applied: (inForce: InForce) => Promise<void> = async () => {}) {
  const accepted = new AcceptedPolicy({
    workspaceFolder: sample.folder,
    store: sample.state.accepted,
    person: 'ada',
    log: (line) => log.push(line),
  });
  open.push(accepted);
  await accepted.begin(records, first, applied);
  return accepted;
}

function ruleNames(accepted: AcceptedPolicy): readonly string[] {
  return (accepted.current.snapshot?.set.policies ?? []).flatMap((policy) =>
    policy.rules.map((rule) => rule.name),
  );
}

function tablesOf(accepted: AcceptedPolicy): unknown {
  return accepted.current.snapshot?.set.policies[0]?.rules[0]?.selector.tables;
}

function changes(): readonly string[] {
  return records.lines.flatMap((line) =>
    line.kind === 'policy.changed' ? [`${line.state} ${line.by ?? '-'}`] : [],
  );
}

describe('the accepted policy', () => {
  it('accepts what the very first start finds, and records who started it', async () => {
    const accepted = await start(true);
    assert.deepEqual(ruleNames(accepted), ['read-products', 'no-drops']);
    assert.deepEqual(changes(), ['accepted ada']);
    assert.equal(statSync(sample.state.accepted).mode & 0o777, 0o600);
    assert.deepEqual(accepted.status().accepted.rules, 2);
  });

  it('refuses a first start with files that have errors, and says where', async () => {
    sample.write(policyFile, samplePolicy.replace('effect: allow', 'effect: permit'));
    await assert.rejects(start(true), { code: 'workspace-invalid', message: /shop\.policy\.yaml:7:\d+ / });
  });

  it('holds a loosening edit until a person accepts exactly that edit', async () => {
    const applied: unknown[] = [];
    const accepted = await start(true, async (inForce) => void applied.push(inForce.snapshot?.digest));
    sample.write(policyFile, looser);
    await accepted.refresh();
    assert.deepEqual(tablesOf(accepted), ['public.products']);
    const { pending } = accepted.status();
    assert.match(pending?.loosens.join('\n') ?? '', /read-products/);
    sample.write(policyFile, samplePolicy.replace('[public.products]', '["public.*"]'));
    await assert.rejects(accepted.accept(pending?.digest ?? '', 'ada'), {
      message: /changed since you looked/,
    });
    assert.deepEqual(tablesOf(accepted), ['public.products']);
    await accepted.accept(accepted.status().pending?.digest ?? '', 'ada');
    assert.deepEqual(tablesOf(accepted), ['public.*']);
    assert.deepEqual(accepted.status().pending, undefined);
    assert.deepEqual(changes(), ['accepted ada', 'pending -', 'pending -', 'accepted ada']);
    assert.equal(applied.length, 2);
  });

  it('holds a list that grows in another file, and stays with what it was while that file is broken', async () => {
    const lists = '.gatehouse/policies/lists.policy.yaml';
    const listed = (tables: string) =>
      `gatehouse: v1\nkind: Policy\nname: lists\napplies: { to: [shop-db] }\nlists: { catalogue: ${tables} }\n`;
    sample.write(policyFile, samplePolicy.replace('public.products', '$catalogue'));
    sample.write(lists, listed('[public.products]'));
    const accepted = await start(true);
    const tables = () =>
      accepted.current.snapshot?.set.policies.find(({ name }) => name === 'shop')?.rules[0]?.selector.tables;
    assert.deepEqual(tables(), ['public.products']);
    sample.write(lists, listed('[public.products, public.customers]'));
    await accepted.refresh();
    assert.match(accepted.status().pending?.loosens.join('\n') ?? '', /read-products/);
    assert.deepEqual(tables(), ['public.products']);
    sample.write(lists, listed('[$catalogue]'));
    await accepted.refresh();
    assert.match(accepted.status().broken?.join('\n') ?? '', /leads back/);
    sample.remove(lists);
    await accepted.refresh();
    assert.match(accepted.status().broken?.join('\n') ?? '', /no list `catalogue`/);
    assert.deepEqual(tables(), ['public.products']);
  });

  it('applies a tightening edit at once', async () => {
    const accepted = await start(true);
    sample.write(policyFile, tighter);
    await accepted.refresh();
    assert.deepEqual(accepted.current.snapshot?.set.policies[0]?.rules[1]?.selector.actions, [
      'drop',
      'truncate',
    ]);
    assert.deepEqual(changes(), ['accepted ada', 'accepted tightening']);
  });

  it('treats the way back from a tightening as a loosening', async () => {
    const accepted = await start(true);
    sample.write(policyFile, tighter);
    await accepted.refresh();
    sample.write(policyFile, samplePolicy);
    await accepted.refresh();
    assert.notEqual(accepted.status().pending, undefined);
  });

  it('keeps the last good policy under a broken edit and says file, line and column', async () => {
    const accepted = await start(true);
    sample.write(policyFile, 'gatehouse: v1\nkind: Policy\nrules: [');
    await accepted.refresh();
    assert.deepEqual(ruleNames(accepted), ['read-products', 'no-drops']);
    assert.match(accepted.status().broken?.[0] ?? '', /^\.gatehouse\/policies\/shop\.policy\.yaml:\d+:\d+ ./);
    sample.write(policyFile, samplePolicy);
    await accepted.refresh();
    assert.equal(accepted.status().broken, undefined);
  });

  it('keeps enforcing when gatehouse.yaml vanishes', async () => {
    const accepted = await start(true);
    sample.remove(workspaceFile);
    await accepted.refresh();
    assert.equal(accepted.current.snapshot?.parsed.resources.length, 1);
    assert.match(accepted.status().broken?.[0] ?? '', /gatehouse\.yaml/);
  });

  it('enforces the stored policy after a restart, whatever the files say by then', async () => {
    await start(true);
    sample.write(policyFile, looser);
    const again = await start(false);
    assert.deepEqual(tablesOf(again), ['public.products']);
    assert.notEqual(again.status().pending, undefined);
  });

  it('denies everything when the stored policy was deleted or damaged, and waits for a person', async () => {
    await start(true);
    rmSync(sample.state.accepted);
    const deleted = await start(false);
    assert.equal(deleted.current.snapshot, undefined);
    assert.deepEqual(deleted.current.compiled.set.policies, []);
    assert.match(deleted.status().pending?.loosens[0] ?? '', /is gone/);
    writeFileSync(sample.state.accepted, '{"format":1', { mode: 0o600 });
    assert.match((await start(true)).status().pending?.loosens[0] ?? '', /is damaged/);
    chmodSync(sample.state.accepted, 0o644);
    assert.match((await start(true)).status().pending?.loosens[0] ?? '', /is exposed/);
    const accepted = await start(false);
    await accepted.accept(accepted.status().pending?.digest ?? '', 'ada');
    assert.deepEqual(ruleNames(accepted), ['read-products', 'no-drops']);
  });

  it('changes nothing when the change cannot be recorded', async () => {
    const accepted = await start(true);
    sample.write(policyFile, looser);
    await accepted.refresh();
    records.failure = new Error('the disk is full');
    await assert.rejects(accepted.accept(accepted.status().pending?.digest ?? '', 'ada'), {
      message: /disk is full/,
    });
    assert.deepEqual(tablesOf(accepted), ['public.products']);
    assert.doesNotMatch(readFileSync(sample.state.accepted, 'utf8'), /tables: \[\\"\*\\"\]/);
  });

  it('tightens although the store fails, and finds the tightening again after a restart', async () => {
    const accepted = await start(true);
    records.failure = new Error('the disk is full');
    sample.write(policyFile, tighter);
    await accepted.refresh();
    assert.deepEqual(accepted.current.snapshot?.set.policies[0]?.rules[1]?.selector.actions, [
      'drop',
      'truncate',
    ]);
    assert.match(log.join('\n'), /could not be recorded: the disk is full/);
  });

  const redirections: Readonly<Record<string, readonly [string, string]>> = {
    host: ['host: 127.0.0.1', 'host: 192.0.2.7'],
    database: ['database: shop', 'database: payroll'],
    user: ['user: shop_owner', 'user: postgres'],
    'password source': ['{ env: SHOP_PASSWORD }', '{ command: [cat, /tmp/x] }'],
    'a new resource': [
      'resources:\n',
      'resources:\n  - { name: b, protocol: postgres, host: h, database: d, user: u }\n',
    ],
    labels: ['    port: 5432\n', '    port: 5432\n    labels: { env: dev }\n'],
    durability: ['resources:', 'records: { durability: written }\nresources:'],
  };
  for (const [what, [from, to]] of Object.entries(redirections)) {
    it(`waits for a person when a resource changes: ${what}`, async () => {
      const accepted = await start(true);
      sample.write(workspaceFile, sampleWorkspace.replace(from, to));
      await accepted.refresh();
      assert.equal(accepted.status().broken, undefined);
      assert.equal(
        accepted.status().pending?.loosens.length,
        1,
        accepted.status().pending?.loosens.join('\n'),
      );
      assert.equal(accepted.current.snapshot?.parsed.resources[0]?.host, '127.0.0.1');
    });
  }

  it('takes stricter TLS and a resource less at once, weaker TLS and other certificates only from a person', async () => {
    writeFileSync(path.join(sample.folder, 'ca.pem'), 'one');
    const withTls = (mode: string) =>
      sampleWorkspace.replace('{ mode: disable }', `{ mode: ${mode}, ca: ca.pem }`);
    sample.write(workspaceFile, withTls('require'));
    const accepted = await start(true);
    sample.write(workspaceFile, withTls('verify-full'));
    await accepted.refresh();
    assert.equal(accepted.current.snapshot?.parsed.resources[0]?.tls.mode, 'verify-full');
    sample.write(workspaceFile, withTls('require'));
    await accepted.refresh();
    assert.match(accepted.status().pending?.loosens[0] ?? '', /tls\.mode: verify-full → require/);
    sample.write(workspaceFile, withTls('verify-full'));
    writeFileSync(path.join(sample.folder, 'ca.pem'), 'two');
    await accepted.refresh();
    assert.match(accepted.status().pending?.loosens[0] ?? '', /certificates in ca\.pem changed/);
    assert.equal(accepted.current.snapshot?.certificates.get('ca.pem'), 'one');
  });

  it('sees edits by itself: written in place, and renamed over as editors and Git do', {
    timeout: 20_000,
  }, async () => {
    let wake = () => {};
    const accepted = await start(true, async () => wake());
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    const first = next();
    sample.write(policyFile, tighter);
    await first;
    assert.deepEqual(accepted.current.snapshot?.set.policies[0]?.rules[1]?.selector.actions, [
      'drop',
      'truncate',
    ]);
    const second = next();
    const fresh = path.join(sample.folder, '.gatehouse/policies/.shop.swp');
    writeFileSync(fresh, tighter.replace('[drop, truncate]', '[drop, truncate, alter]'));
    renameSync(fresh, path.join(sample.folder, policyFile));
    await second;
    assert.deepEqual(accepted.current.snapshot?.set.policies[0]?.rules[1]?.selector.actions, [
      'drop',
      'truncate',
      'alter',
    ]);
    // A checkout may take the folder away and put another one in its place.
    const third = next();
    const [folder, away] = ['.gatehouse', 'elsewhere'].map((name) => path.join(sample.folder, name)) as [
      string,
      string,
    ];
    renameSync(folder, away);
    writeFileSync(
      path.join(away, 'policies/shop.policy.yaml'),
      tighter.replace('[drop, truncate]', '[drop, truncate, alter, create]'),
    );
    renameSync(away, folder);
    await third;
    assert.equal(accepted.current.snapshot?.set.policies[0]?.rules[1]?.selector.actions?.length, 4);
  });
});
