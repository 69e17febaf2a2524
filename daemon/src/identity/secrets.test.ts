import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { SecretSource } from '@gatehouse/policy-schema/model/workspace.ts';
import { ConfigFault } from '../core/faults.ts';
import { SecretText } from './secret-text.ts';
import { fetchSecret } from './secrets.ts';
import { readStdinSecrets } from './stdin-secrets.ts';

const canary = 'canary-5e1f';
let folder: string;
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'gh-secrets-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const fetch = (source: SecretSource, timeout = 5000) =>
  fetchSecret(source, {
    workspaceFolder: folder,
    stdin: new Map([['shop', new SecretText(canary)]]),
    env: { SHOP: canary, EMPTY: '', LINES: `a\n${canary}` },
    timeout,
  });

function secretFile(name: string, text: string, mode = 0o600): SecretSource {
  writeFileSync(path.join(folder, name), text);
  chmodSync(path.join(folder, name), mode);
  return { file: name };
}

/** A script that node runs, so that the test needs no other program. */
const node = (script: string): SecretSource => ({ command: [process.execPath, '-e', script] });

async function refused(source: SecretSource, words: RegExp, timeout?: number): Promise<void> {
  await assert.rejects(fetch(source, timeout), (error) => {
    assert.ok(error instanceof ConfigFault);
    assert.equal(error.code, 'secret-unavailable');
    assert.match(error.message, words);
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(canary));
    return true;
  });
}

describe('secrets come from each source', () => {
  it('a command, run without a shell, with one newline taken off', async () => {
    assert.equal(await fetch(node(`console.log('${canary}')`)), canary);
    assert.equal(await fetch(node(`process.stdout.write('${canary} ')`)), `${canary} `);
    assert.equal(
      await fetch({ command: [process.execPath, '-p', 'process.argv[1]', '$(id); *'] }),
      '$(id); *',
    );
  });
  it('a file of the owner alone', async () => {
    assert.equal(await fetch(secretFile('ok', `${canary}\r\n`)), canary);
  });
  it('the environment', async () => assert.equal(await fetch({ env: 'SHOP' }), canary));
  it('standard input', async () => assert.equal(await fetch({ stdin: 'shop' }), canary));
});

describe('what cannot be used is refused in words that hold no secret', () => {
  it('a command that fails, prints nothing, too much, several lines, is late or missing', async () => {
    await refused(
      node(`console.log('${canary}'); console.error('${canary}'); process.exit(3)`),
      /ended with status 3/,
    );
    await refused(node(''), /empty secret/);
    await refused(node(`console.log('${canary}'.repeat(10000))`), /more than 65536 bytes/);
    await refused(node(`console.log('a\\n${canary}')`), /more than one line/);
    await refused(node(`console.log('${canary}'); setInterval(() => {}, 1000)`), /took too long/, 300);
    await refused({ command: ['no-such-program-here', canary] }, /no-such-program-here was not found/);
    await refused(node(`process.stdout.write(Buffer.from([0xff, 0xfe]))`), /not UTF-8/);
  });
  it('a file that others can read, that is missing, or no file', async () => {
    await refused(secretFile('open', canary, 0o640), /chmod 600/);
    await refused({ file: 'absent' }, /is not there/);
    await refused({ file: '.' }, /is not a file/);
    await refused(secretFile('large', canary.repeat(10_000)), /larger/);
  });
  it('a variable or name that is not given, and an empty one', async () => {
    await refused({ env: 'ABSENT' }, /no variable ABSENT/);
    await refused({ env: 'EMPTY' }, /empty/);
    await refused({ env: 'LINES' }, /more than one line/);
    await refused({ stdin: 'absent' }, /--secrets-stdin/);
  });
});

describe('the JSON object on standard input', () => {
  const read = (text: string) => readStdinSecrets(Readable.from([Buffer.from(text)]));
  it('gives secrets that do not show themselves', async () => {
    const secrets = await read(JSON.stringify({ shop: canary }));
    assert.equal(secrets.get('shop')?.reveal(), canary);
    const shown = inspect(secrets) + JSON.stringify([...secrets]) + String(secrets.get('shop'));
    assert.doesNotMatch(shown, new RegExp(canary));
  });
  it('refuses anything else without quoting it', async () => {
    for (const text of [
      `{"a": "${canary}`,
      `["${canary}"]`,
      `{"a": ["${canary}"]}`,
      `"${canary}"`,
      ' '.repeat(2 ** 21),
    ]) {
      await assert.rejects(read(text), (error: Error) => {
        assert.match(error.message, /--secrets-stdin/);
        assert.doesNotMatch(inspect(error), new RegExp(canary));
        return true;
      });
    }
  });
});
