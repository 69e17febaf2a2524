import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FullDocumentDiagnosticReport, WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { type Client, positionOf, startClient } from '../client.fixture.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const sound = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`;
const policy = '.gatehouse/policies/shop.policy.yaml';
const files = { '.gatehouse/gatehouse.yaml': workspace, [policy]: sound };

const pull = (
  client: Client,
  file: string,
  previousResultId?: string,
): Promise<FullDocumentDiagnosticReport> =>
  client.connection.sendRequest('textDocument/diagnostic', {
    textDocument: { uri: client.uri(file) },
    ...(previousResultId !== undefined && { previousResultId }),
  });

const errorsOf = ({
  items,
}: {
  readonly items: readonly { readonly severity?: number | undefined; readonly code?: unknown }[];
}) => items.filter(({ severity }) => severity === 1).map(({ code }) => code);

let client: Client;
before(async () => {
  client = await startClient({ files });
});
after(() => client.stop());

test('the server says what it can', () => {
  assert.equal(client.server.serverInfo?.name, 'gatehouse');
  assert.equal(client.server.capabilities.positionEncoding, 'utf-16');
  assert.deepEqual(client.server.capabilities.diagnosticProvider, {
    identifier: 'gatehouse',
    interFileDependencies: true,
    workspaceDiagnostics: true,
  });
});

test('a keystroke in unsaved text gives findings at its characters, and taking it back takes them away', async () => {
  await client.open(policy, sound);
  assert.deepEqual(errorsOf(await pull(client, policy)), []);
  const at = positionOf(sound, 'effect', 'effec'.length);
  await client.edit(policy, { start: at, end: { ...at, character: at.character + 1 } }, '');
  const broken = await pull(client, policy);
  const found = broken.items.find(({ code }) => code === 'unknown-key');
  assert.deepEqual(found?.range, { start: positionOf(sound, 'effect'), end: at });
  assert.match(String(found?.message), /Did you mean `effect`/);
  assert.match(found?.codeDescription?.href ?? '', /docs\/checks\/unknown-key\.md$/);
  await client.edit(policy, { start: at, end: at }, 't');
  assert.deepEqual(errorsOf(await pull(client, policy)), []);
  await client.close(policy);
});

test('a report that did not change is not sent again', async () => {
  const first = await pull(client, policy);
  const second = await pull(client, policy, first.resultId);
  assert.deepEqual(second, { kind: 'unchanged', resultId: first.resultId });
});

test('an edit of gatehouse.yaml changes what is said of a policy, over the whole workspace', async () => {
  await client.open('.gatehouse/gatehouse.yaml', workspace.replace('shop-db', 'shop-database'));
  const { items }: WorkspaceDiagnosticReport = await client.connection.sendRequest('workspace/diagnostic', {
    previousResultIds: [],
  });
  const report = items.find(({ uri }) => uri === client.uri(policy));
  assert.ok(report?.kind === 'full');
  assert.ok(report.items.some(({ code }) => code === 'unknown-resource'));
  await client.close('.gatehouse/gatehouse.yaml');
  assert.ok(!(await pull(client, policy)).items.some(({ code }) => code === 'unknown-resource'));
});

test('a file that changed on the disk is read again, and one that is gone has nothing to say', async () => {
  const second = '.gatehouse/policies/second.policy.yaml';
  await client.write(second, 'gatehouse: v2\n');
  assert.notDeepEqual(errorsOf(await pull(client, second)), []);
  await client.write(second, undefined);
  assert.deepEqual((await pull(client, second)).items, []);
});

test('a file that is none of Gatehouse gets an empty report', async () => {
  await client.open('README.md', '# read me');
  assert.deepEqual((await pull(client, 'README.md')).items, []);
});

test('a client that cannot ask is sent the findings, also those of other files', async () => {
  const pushed = await startClient({ files, capabilities: {} });
  try {
    await pushed.open(policy, sound.replace('effect', 'efect'));
    await pushed.published(policy, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'unknown-key'),
    );
    await pushed.change(policy, sound);
    await pushed.published(policy, (found) => errorsOf({ items: found.diagnostics }).length === 0);
    await pushed.open('.gatehouse/gatehouse.yaml', workspace.replace('shop-db', 'shop-database'));
    await pushed.published(policy, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'unknown-resource'),
    );
  } finally {
    await pushed.stop();
  }
});

test('the server ends when it is told to, and says nothing on standard error', async () => {
  const other = await startClient({ files });
  await other.stop();
  assert.equal(other.stderr(), '');
});
