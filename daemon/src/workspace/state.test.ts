import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findWorkspace, readPolicyFiles } from './files.ts';
import { readPrivateFile, writePrivateFile } from '../core/private-file.ts';
import { controlSocketPath, ensurePrivateFolder, statePaths } from './state.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gh-state-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the state folder', () => {
  it('is one for each real workspace path, under GATEHOUSE_STATE or the XDG state folder', () => {
    mkdirSync(path.join(root, 'shop'));
    mkdirSync(path.join(root, 'other'));
    symlinkSync(path.join(root, 'shop'), path.join(root, 'link'));
    const at = (name: string) =>
      statePaths(path.join(root, name), { GATEHOUSE_STATE: path.join(root, 's') }).folder;
    assert.equal(at('shop'), at('link'));
    assert.notEqual(at('shop'), at('other'));
    assert.match(at('shop'), new RegExp(`^${root}/s/shop-[0-9a-f]{12}$`));
  });

  it('is private, and never a link or somebody else’s', () => {
    const folder = path.join(root, 'a/b');
    ensurePrivateFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    chmodSync(folder, 0o755);
    ensurePrivateFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    symlinkSync(folder, path.join(root, 'link'));
    assert.throws(() => ensurePrivateFolder(path.join(root, 'link')), { code: 'workspace-invalid' });
    if (process.getuid?.() !== 0) assert.throws(() => ensurePrivateFolder('/'), /belongs to another user/);
  });

  it('finds a place for the socket that is short enough, in a private folder', () => {
    const long = path.join(root, 'x'.repeat(90));
    mkdirSync(path.join(root, 'shop'));
    const state = statePaths(path.join(root, 'shop'), { GATEHOUSE_STATE: path.join(root, 's') });
    const runtime = { XDG_RUNTIME_DIR: path.join(root, 'run') };
    assert.match(controlSocketPath(state, runtime), /\/run\/gatehouse\/shop-[0-9a-f]{12}\.sock$/);
    assert.equal(statSync(path.join(root, 'run/gatehouse')).mode & 0o777, 0o700);
    assert.equal(controlSocketPath(state, {}), path.join(state.folder, 'control.sock'));
    const deep = statePaths(path.join(root, 'shop'), { GATEHOUSE_STATE: long });
    const socket = controlSocketPath(deep, { GATEHOUSE_STATE: long });
    assert.ok(Buffer.byteLength(socket) <= 107, socket);
    assert.equal(statSync(path.dirname(socket)).mode & 0o777, 0o700);
  });
});

describe('private files', () => {
  it('are 0600 and replaced whole', () => {
    const file = path.join(root, 'secret');
    writePrivateFile(file, 'one');
    writePrivateFile(file, 'two');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const read = readPrivateFile(file, 100);
    assert.equal(read.ok && read.bytes.toString(), 'two');
  });

  it('are refused when others could have read them, when too large, or no file', () => {
    const file = path.join(root, 'secret');
    writeFileSync(file, 'text');
    chmodSync(file, 0o604);
    assert.deepEqual(readPrivateFile(file, 100), { ok: false, problem: 'exposed' });
    chmodSync(file, 0o600);
    assert.deepEqual(readPrivateFile(file, 3), { ok: false, problem: 'oversized' });
    assert.deepEqual(readPrivateFile(root, 100), { ok: false, problem: 'not-a-file' });
    assert.deepEqual(readPrivateFile(path.join(root, 'absent'), 100), { ok: false, problem: 'missing' });
  });
});

describe('the policy files', () => {
  it('are found from below, and named relative to the workspace', async () => {
    const policies = path.join(root, '.gatehouse/policies/team');
    mkdirSync(policies, { recursive: true });
    writeFileSync(path.join(root, '.gatehouse/gatehouse.yaml'), 'a');
    writeFileSync(path.join(policies, 'b.policy.yaml'), 'b');
    writeFileSync(path.join(policies, 'notes.yaml'), 'c');
    assert.equal(await findWorkspace(policies), root);
    const files = await readPolicyFiles(root);
    assert.deepEqual(files.workspace, { file: '.gatehouse/gatehouse.yaml', text: 'a' });
    assert.deepEqual([...files.policies], [['.gatehouse/policies/team/b.policy.yaml', 'b']]);
    assert.deepEqual(files.problems, []);
    await assert.rejects(findWorkspace(path.dirname(root)), { code: 'workspace-missing' });
  });

  it('that cannot be read whole are problems, never left out silently', async () => {
    const policies = path.join(root, '.gatehouse/policies');
    mkdirSync(path.join(policies, 'd.policy.yaml'), { recursive: true });
    writeFileSync(path.join(policies, 'a.policy.yaml'), Buffer.from([0x66, 0xff, 0xfe]));
    writeFileSync(path.join(policies, 'b.policy.yaml'), Buffer.alloc(1024 * 1024 + 1, 'x'));
    symlinkSync(path.join(root, 'nowhere'), path.join(policies, 'c.policy.yaml'));
    const { policies: read, problems } = await readPolicyFiles(root);
    assert.equal(read.size, 0);
    assert.deepEqual(
      problems.map((problem) => problem.replace(/^.*\/|bytes.*$/g, '')),
      [
        'a.policy.yaml: this is not UTF-8 text',
        'b.policy.yaml: 1048577 ',
        'c.policy.yaml: there is no such file',
        'd.policy.yaml: this is not a file',
        'gatehouse.yaml: there is no such file',
      ],
    );
  });
});
