import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { isControlSecret, provideControlSecret, readControlSecret } from './control-secret.ts';
import { provideMaskKey } from './mask-key.ts';
import { localPerson } from './person.ts';
import { SecretText } from './secret-text.ts';
import { Tokens } from './tokens.ts';

const principal = { person: 'ada', groups: ['local'], agent: 'claude', workspace: '/shop', task: '' };
const grant = { principal, resource: 'shop-db', ttl: 60_000 };

describe('agent tokens', () => {
  it('stand for their principal on their resource until they expire', () => {
    let now = 1_000_000;
    const tokens = new Tokens(() => now);
    const { token, expires } = tokens.mint(grant);
    assert.match(token, /^gha_[A-Za-z0-9_-]{43}$/);
    assert.equal(expires.getTime(), now + 60_000);
    const verdict = tokens.verify(token, 'shop-db', '127.0.0.1');
    assert.ok(verdict.ok);
    assert.deepEqual(verdict.principal, principal);
    now += 60_000;
    const late = tokens.verify(token, 'shop-db', '127.0.0.1');
    assert.ok(!late.ok);
    assert.match(late.message, /expired.*gatehouse env shop-db/);
  });

  it('do not open another resource, and say so without the token', () => {
    const tokens = new Tokens();
    const { token } = tokens.mint(grant);
    const verdict = tokens.verify(token, 'payroll-db', 'x');
    assert.ok(!verdict.ok);
    assert.match(verdict.message, /another resource/);
    assert.doesNotMatch(verdict.message, /gha_/);
  });

  it('are kept as digests only', () => {
    const tokens = new Tokens();
    const { token } = tokens.mint(grant);
    assert.doesNotMatch(inspect(tokens, { depth: 9, showHidden: true }), new RegExp(token.slice(4)));
  });

  it('slow guesses down by address, and never a valid token', () => {
    let now = 0;
    const tokens = new Tokens(() => now);
    const { token } = tokens.mint(grant);
    const guess = () => tokens.verify(`gha_${'A'.repeat(43)}`, 'shop-db', '127.0.0.1');
    const answers = Array.from({ length: 30 }, guess).map((verdict) => (verdict.ok ? 'ok' : verdict.message));
    assert.match(answers[0] ?? '', /not a token/);
    assert.match(answers[29] ?? '', /Too many failed logins/);
    assert.ok(tokens.verify(token, 'shop-db', '127.0.0.1').ok);
    assert.match(JSON.stringify(tokens.verify('x', 'shop-db', '127.0.0.2')), /not a token/);
    now += 60_000;
    assert.match(JSON.stringify(guess()), /not a token/);
  });

  it('are bounded in number and lifetime', () => {
    let now = 0;
    const tokens = new Tokens(() => now);
    for (let count = 0; count < 10_000; count++) tokens.mint(grant);
    assert.throws(() => tokens.mint(grant), { code: 'usage' });
    now += 60_001;
    tokens.mint(grant);
    for (const ttl of [0, -1, Number.NaN, 25 * 60 * 60 * 1000]) {
      assert.throws(() => tokens.mint({ ...grant, ttl }), { code: 'usage' });
    }
  });
});

describe('secrets of the state folder', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'gh-keys-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('the control secret is new at each start, 0600, and compared whole', () => {
    const file = path.join(folder, 'control-secret');
    const first = provideControlSecret(file, undefined);
    const second = provideControlSecret(file, undefined);
    assert.notEqual(first.reveal(), second.reveal());
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readControlSecret(file)?.reveal(), second.reveal());
    assert.ok(isControlSecret(second, second.reveal()));
    assert.ok(!isControlSecret(second, first.reveal()));
    assert.ok(!isControlSecret(second, ''));
    chmodSync(file, 0o644);
    assert.equal(readControlSecret(file), undefined);
  });

  it('the control secret from standard input is in no file, and must be long', () => {
    const file = path.join(folder, 'control-secret');
    provideControlSecret(file, new SecretText('x'.repeat(32)));
    assert.equal(readControlSecret(file), undefined);
    assert.throws(() => provideControlSecret(file, new SecretText('short')), { code: 'secret-unavailable' });
  });

  it('the key of the hash mask stays, and a damaged or exposed one is never replaced silently', () => {
    const file = path.join(folder, 'mask-key');
    const key = provideMaskKey(file);
    assert.deepEqual(provideMaskKey(file), key);
    assert.equal(key.length, 32);
    chmodSync(file, 0o644);
    assert.throws(() => provideMaskKey(file), { code: 'secret-unavailable' });
    chmodSync(file, 0o600);
    writeFileSync(file, 'short');
    assert.throws(() => provideMaskKey(file), /damaged/);
    assert.equal(readFileSync(file, 'utf8'), 'short');
  });
});

describe('the local person', () => {
  it('is the system user, in local, with the system groups marked as such', () => {
    const person = localPerson();
    assert.equal(person.name, os.userInfo().username);
    assert.equal(person.groups[0], 'local');
    assert.ok(person.groups.slice(1).every((group) => group.startsWith('os:')));
  });
});
