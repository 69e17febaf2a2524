import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ConfigFault } from '../../core/faults.ts';
import { readPolicyFiles } from '../files.ts';
import { lockExtended, type LockStep } from './lock.ts';

const policy = (name: string, effect = 'deny') => `gatehouse: v1
kind: Policy
name: ${name}
applies: { to: ["*"] }
rules:
  - { name: drops, effect: ${effect}, sql: { actions: [drop] } }
`;

describe('policies of another repository', () => {
  let root: string;
  let base: string;
  let folder: string;
  const kept = process.env.GATEHOUSE_STATE;
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', base, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  const commit = (file: string, text: string): string => {
    const at = path.join(base, '.gatehouse/policies', file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, text);
    git('add', '-A');
    git('commit', '--quiet', '-m', file);
    return git('rev-parse', 'HEAD');
  };
  const extend = (rev: string, more = '') =>
    writeFileSync(
      path.join(folder, '.gatehouse/gatehouse.yaml'),
      `gatehouse: v1
kind: Workspace
extends:
  - { name: acme, git: "file://${base}", rev: ${rev}${more} }
resources:
  - { name: db, protocol: postgres, host: localhost, database: d, user: u }
`,
    );
  const lockPath = () => path.join(folder, '.gatehouse/extends.lock.json');
  const lock = async (options: { update?: readonly string[] | 'all'; offline?: boolean } = {}) => {
    const steps: LockStep[] = [];
    const told = (step: LockStep) => steps.push(step);
    const text = await lockExtended(folder, {
      update: options.update ?? [],
      offline: options.offline ?? false,
      told,
    });
    if (text !== undefined) writeFileSync(lockPath(), text);
    return steps.filter(({ kind }) => kind !== 'fetching');
  };
  const names = async () => [...(await readPolicyFiles(folder)).policies.keys()];
  const problem = async () => (await readPolicyFiles(folder)).problems.join('\n');
  const cache = () => path.join(root, 'state/extends');
  const cached = () => path.join(cache(), readdirSync(cache())[0] ?? '');

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'gh-ext-'));
    base = path.join(root, 'base');
    folder = path.join(root, 'w');
    mkdirSync(path.join(folder, '.gatehouse/policies'), { recursive: true });
    mkdirSync(base);
    process.env.GATEHOUSE_STATE = path.join(root, 'state');
    git('init', '--quiet', '-b', 'main', '.');
    commit('pii.policy.yaml', policy('pii'));
    git('tag', 'v1');
    extend('v1');
  });
  afterEach(() => {
    if (kept === undefined) delete process.env.GATEHOUSE_STATE;
    else process.env.GATEHOUSE_STATE = kept;
    rmSync(root, { recursive: true, force: true });
  });

  it('are no part of the set before they are locked, and the set is not whole', async () => {
    assert.match(await problem(), /extends\.lock\.json: it is not there, .*acme.*gatehouse lock/);
    await lock();
    assert.equal(await problem(), '');
    assert.deepEqual(await names(), ['acme@v1:pii.policy.yaml']);
  });

  it('stay what they were when a branch goes on, until they are updated', async () => {
    extend('main');
    await lock();
    const newer = commit('more/writes.policy.yaml', policy('writes'));
    const [step] = await lock();
    assert.ok(step?.kind === 'kept' && step.newer === newer, JSON.stringify(step));
    assert.deepEqual(await names(), ['acme@main:pii.policy.yaml']);
    await lock({ update: ['acme'] });
    assert.deepEqual(await names(), ['acme@main:more/writes.policy.yaml', 'acme@main:pii.policy.yaml']);
  });

  it('of a tag that was moved are told, with both commits', async () => {
    await lock();
    const before = git('rev-parse', 'v1');
    const after = commit('pii.policy.yaml', policy('pii', 'allow'));
    git('tag', '--force', 'v1');
    await assert.rejects(lock(), (error) => {
      assert.ok(error instanceof ConfigFault);
      assert.match(
        error.message,
        new RegExp(`v1 of .* was moved: locked is commit ${before}, and now it is ${after}`),
      );
      return true;
    });
    assert.equal(await problem(), '');
    const [step] = await lock({ update: 'all' });
    assert.ok(step?.kind === 'locked' && step.before?.commit === before && step.entry.commit === after);
  });

  it('whose annotated tag is asked for are those of its commit', async () => {
    const head = git('rev-parse', 'HEAD');
    git('tag', '-a', '-m', 'two', 'v2');
    extend('v2');
    const [step] = await lock();
    assert.ok(step?.kind === 'locked' && step.entry.commit === head);
  });

  it('are not used where the copy was tampered with, and fetched again', async () => {
    await lock();
    const good = readFileSync(cached(), 'utf8');
    for (const bad of [good.replace('deny', 'allow'), '{}', 'nothing', '{"a":1}']) {
      writeFileSync(cached(), bad);
      assert.match(
        await problem(),
        /is not what was locked as acme@v1: somebody changed it\. It is not used/,
      );
      assert.deepEqual(await names(), []);
    }
    await lock();
    assert.equal(readFileSync(cached(), 'utf8'), good);
  });

  it('work without their repository while there is a good copy, and say so without one', async () => {
    await lock();
    renameSync(base, `${base}-gone`);
    const [step] = await lock();
    assert.ok(
      step?.kind === 'kept' && /not appear to be a git repository/.test(step.unseen ?? ''),
      JSON.stringify(step),
    );
    assert.equal((await lock({ offline: true })).length, 1);
    assert.equal(await problem(), '');
    rmSync(cached());
    assert.match(await problem(), /acme@v1 \(commit [0-9a-f]{7}\) is not on this machine/);
    await assert.rejects(lock(), /no good copy of acme@v1 .* cannot be asked/);
    await assert.rejects(lock({ offline: true }), /nothing is fetched with --offline/);
  });

  it('are refused where the commit holds something else than was locked', async () => {
    await lock();
    const text = readFileSync(lockPath(), 'utf8');
    writeFileSync(lockPath(), text.replace(/sha256:[0-9a-f]{4}/, 'sha256:0000'));
    assert.match(await problem(), /is not on this machine/);
    await assert.rejects(lock(), /holds other policies than .*extends\.lock\.json says.*tampered/);
  });

  it('have to be locked again when gatehouse.yaml asks for others', async () => {
    await lock();
    commit('pii.policy.yaml', policy('pii', 'allow'));
    git('tag', 'v2');
    extend('v2');
    assert.match(await problem(), /extends acme@v2 of .*, and locked is acme@v1/);
    assert.deepEqual(await names(), []);
    await lock();
    assert.deepEqual(await names(), ['acme@v2:pii.policy.yaml']);
    appendFileSync(lockPath(), 'x');
    assert.match(await problem(), /extends\.lock\.json: it is no JSON/);
    await assert.rejects(lock(), /cannot be read: it is no JSON/);
  });

  it('that cannot be had are refused in words that say why', async () => {
    extend('v9');
    await assert.rejects(lock(), /has no tag or branch v9/);
    extend(`"${'0'.repeat(40)}"`);
    await assert.rejects(lock(), /acme@0+ cannot be taken: /);
    extend('v1', ', path: nowhere');
    await assert.rejects(lock(), /there is no \.policy\.yaml file in nowhere/);
    symlinkSync('/etc/passwd', path.join(base, '.gatehouse/policies/link.policy.yaml'));
    git('add', '-A');
    git('commit', '--quiet', '-m', 'link');
    git('tag', 'v3');
    extend('v3');
    await assert.rejects(lock(), /link\.policy\.yaml is a link/);
    assert.equal(readdirSync(root).includes('state') && readdirSync(cache()).length > 0, false);
  });

  it('run nothing of the repository that they come from', async () => {
    const trap = path.join(root, 'ran');
    writeFileSync(path.join(base, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    writeFileSync(path.join(base, '.gitattributes'), '*.yaml filter=trap\n');
    writeFileSync(
      path.join(base, '.gitmodules'),
      `[submodule "x"]\n  path = x\n  url = ext::touch ${trap}\n`,
    );
    git('add', '-A');
    git('commit', '--quiet', '-m', 'traps');
    git('tag', 'v4');
    extend('v4');
    await lock();
    assert.ok(!readdirSync(root).includes('ran'));
  });
});
