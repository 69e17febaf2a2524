import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  CallHierarchyItem,
  CompletionList,
  DocumentSymbol,
  Hover,
  InlayHint,
  LinkedEditingRanges,
  Location,
  SemanticTokens,
  SignatureHelp,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { type Client, positionOf, pulling, startClient } from '../client.fixture.ts';

const workspaceFile = '.gatehouse/gatehouse.yaml';
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
lists:
  catalogue: [public.orders]
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [$catalogue] }
    when: request.sql.hasLimit && size(request.text) < 10
`;

let client: Client;
before(async () => {
  client = await startClient({ files: { [workspaceFile]: workspace, [policyFile]: policy } });
  await client.open(policyFile, policy);
});
after(() => client.stop());

const ask = <Result>(method: string, needle: string, into = 0, more: object = {}): Promise<Result> =>
  client.connection.sendRequest(method, {
    textDocument: { uri: client.uri(policyFile) },
    position: positionOf(policy, needle, into),
    ...more,
  });
const ofFile = <Result>(method: string, more: object = {}): Promise<Result> =>
  client.connection.sendRequest(method, { textDocument: { uri: client.uri(policyFile) }, ...more });

test('everything that is offered is told at the start', () => {
  const { capabilities } = client.server;
  for (const key of [
    'completionProvider',
    'hoverProvider',
    'signatureHelpProvider',
    'definitionProvider',
    'referencesProvider',
    'renameProvider',
    'documentHighlightProvider',
    'documentSymbolProvider',
    'workspaceSymbolProvider',
    'documentLinkProvider',
    'foldingRangeProvider',
    'selectionRangeProvider',
    'semanticTokensProvider',
    'inlayHintProvider',
    'documentFormattingProvider',
    'documentRangeFormattingProvider',
    'documentOnTypeFormattingProvider',
    'linkedEditingRangeProvider',
    'callHierarchyProvider',
    'codeActionProvider',
    'diagnosticProvider',
  ])
    assert.ok(key in capabilities, key);
});

test('completion replaces what was typed', async () => {
  const { items } = await ask<CompletionList>('textDocument/completion', 'hasLimit', 3);
  const item = items.find(({ label }) => label === 'hasWhere');
  assert.deepEqual(item?.textEdit, {
    range: { start: positionOf(policy, 'hasLimit'), end: positionOf(policy, 'hasLimit', 8) },
    newText: 'hasWhere',
  });
});

test('hover and signature help answer in Markdown', async () => {
  const hovered = await ask<Hover>('textDocument/hover', 'read-shop', 1);
  assert.match(JSON.stringify(hovered.contents), /Lets every agent run `select`/);
  const help = await ask<SignatureHelp>('textDocument/signatureHelp', 'size(', 5);
  assert.match(help.signatures[0]?.label ?? '', /^size\(/);
});

test('a name leads to where it is made, in another file too, and to all its uses', async () => {
  const [target] = await ask<Location[]>('textDocument/definition', 'shop-db', 2);
  assert.equal(target?.uri, client.uri(workspaceFile));
  const uses = await ask<Location[]>('textDocument/references', 'catalogue', 2, {
    context: { includeDeclaration: true },
  });
  assert.equal(uses.length, 2);
});

test('a rename reaches all files, and a name that cannot be one is refused with words', async () => {
  const edit = await ask<WorkspaceEdit>('textDocument/rename', 'shop-db', 2, { newName: 'store-db' });
  assert.deepEqual(
    Object.keys(edit.changes ?? {}).sort(),
    [client.uri(workspaceFile), client.uri(policyFile)].sort(),
  );
  await assert.rejects(ask('textDocument/rename', 'catalogue', 2, { newName: 'a b' }), /name/);
  assert.deepEqual(await ask('textDocument/prepareRename', 'shop-db', 2), {
    range: { start: positionOf(policy, 'shop-db'), end: positionOf(policy, 'shop-db', 7) },
    placeholder: 'shop-db',
  });
});

test('symbols of the file and of the workspace', async () => {
  const [root] = await ofFile<DocumentSymbol[]>('textDocument/documentSymbol');
  assert.equal(root?.name, 'shop');
  assert.ok(root?.children?.some(({ name, detail }) => name === 'read-shop' && /allow/.test(detail ?? '')));
  const found: WorkspaceSymbol[] = await client.connection.sendRequest('workspace/symbol', {
    query: 'rdshp',
  });
  assert.deepEqual(
    found.map(({ name }) => name),
    ['read-shop'],
  );
});

test('tokens, hints, highlights, links and linked names', async () => {
  const { data } = await ofFile<SemanticTokens>('textDocument/semanticTokens/full');
  assert.ok(data.length > 0 && data.length % 5 === 0);
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = await ofFile<InlayHint[]>('textDocument/inlayHint', { range });
  assert.ok(hints.some(({ label }) => String(label).includes('public.orders')));
  assert.ok((await ask<unknown[]>('textDocument/documentHighlight', 'catalogue', 2)).length === 2);
  assert.ok(Array.isArray(await ofFile('textDocument/documentLink')));
  const linked = await ask<LinkedEditingRanges>('textDocument/linkedEditingRange', 'catalogue', 2);
  assert.equal(linked.ranges.length, 2);
});

test('from a list to the rules that use it, and back', async () => {
  const [list] = await ask<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', 'catalogue', 2);
  assert.equal(list?.name, 'catalogue');
  const incoming: { from: CallHierarchyItem }[] = await client.connection.sendRequest(
    'callHierarchy/incomingCalls',
    { item: list },
  );
  assert.deepEqual(
    incoming.map(({ from }) => from.name),
    ['read-shop'],
  );
  const outgoing: { to: CallHierarchyItem }[] = await client.connection.sendRequest(
    'callHierarchy/outgoingCalls',
    { item: incoming[0]?.from },
  );
  assert.ok(outgoing.some(({ to }) => to.name === 'catalogue'));
});

test('no text that is typed makes the server end or fall silent', async () => {
  const typed = [
    '',
    '-',
    'rules:\n  - ',
    '\u0000\ufeff{[',
    '"'.repeat(2000),
    '['.repeat(3000),
    'a: &a [*a]',
    'rules: *x',
    '\r\r\n\t- \t',
    '%YAML 9\n---\n...',
    '!!binary x',
    policy.slice(50, 300),
    '\ud800',
  ];
  const other = await startClient({ capabilities: pulling, files: { [workspaceFile]: workspace } });
  const uri = { textDocument: { uri: other.uri(policyFile) } };
  try {
    await other.open(policyFile, '');
    for (const text of typed) {
      await other.change(policyFile, text);
      const position = { line: 0, character: 3 };
      await Promise.all(
        [
          'completion',
          'hover',
          'signatureHelp',
          'definition',
          'documentHighlight',
          'prepareCallHierarchy',
          'linkedEditingRange',
        ].map((method) => other.connection.sendRequest(`textDocument/${method}`, { ...uri, position })),
      );
      for (const method of [
        'documentSymbol',
        'foldingRange',
        'documentLink',
        'semanticTokens/full',
        'diagnostic',
      ])
        await other.connection.sendRequest(`textDocument/${method}`, uri);
      await other.connection.sendRequest('textDocument/formatting', {
        ...uri,
        options: { tabSize: 2, insertSpaces: true },
      });
    }
  } finally {
    await other.stop();
  }
  assert.equal(other.stderr(), '');
});
