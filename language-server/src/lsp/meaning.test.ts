import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { CodeLens } from 'vscode-languageserver';
import { type Client, startClient } from '../client.fixture.ts';
import type { MeaningArguments } from './meaning.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`;
const edited = policy.replace('[select]', '[select, delete]');

let client: Client;
before(async () => {
  client = await startClient({ files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy } });
  await client.open(policyFile, edited);
});
after(() => client.stop());

async function meanings(): Promise<readonly CodeLens[]> {
  const lenses: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', {
    textDocument: { uri: client.uri(policyFile) },
  });
  return lenses.filter(({ command }) => command?.command === 'gatehouse.showMeaning');
}

test('unsaved edits are held against the last commit, once there is one', async () => {
  assert.deepEqual(await meanings(), []);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', client.root, '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      stdio: 'ignore',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const [top, rule, ...more] = await meanings();
  assert.deepEqual(more, []);
  assert.deepEqual([top?.range.start.line, rule?.range.start.line], [0, 5]);
  assert.equal(top?.command?.title, 'looser than HEAD: now allows DELETE on public.orders');
  const given = top?.command?.arguments?.[0] as MeaningArguments;
  assert.deepEqual([given.verdict, given.statements], ['looser', ['DELETE FROM public.orders']]);
  assert.match(given.markdown, /before: \*\*deny\*\*/);
});

test('in folders that nobody trusts Git is not run', async () => {
  const root = client.root;
  const stranger = await startClient({ root, initializationOptions: { untrusted: true } });
  try {
    const uri = stranger.uri(policyFile);
    await stranger.open(policyFile, edited);
    const lenses: CodeLens[] = await stranger.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri },
    });
    assert.deepEqual(
      lenses.filter(({ command }) => command?.command === 'gatehouse.showMeaning'),
      [],
    );
    assert.ok(lenses.some(({ command }) => command?.title.includes('try')));
  } finally {
    await stranger.stop();
  }
});
