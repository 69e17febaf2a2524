import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CodeAction, FoldingRange, SelectionRange, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Client, positionOf, startClient } from '../client.fixture.ts';

const policy = '.gatehouse/policies/shop.policy.yaml';
const text = `gatehouse: v1
kind: Policy
name:   shop
applies: {to: [shop-db]}
rules:
- name: read
  effect: allow
  sql: { actions: [select], tables: [public.orders] }
`;

let client: Client;
before(async () => {
  client = await startClient();
  await client.open(policy, text);
});
after(() => client.stop());

const ask = <Result>(method: string, more: object = {}): Promise<Result> =>
  client.connection.sendRequest(method, { textDocument: { uri: client.uri(policy) }, ...more });
const apply = (edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(TextDocument.create('file:///a', 'yaml', 1, text), [...edits]);
const options = { tabSize: 2, insertSpaces: true };

test('a file is laid out, whole and in part', async () => {
  assert.equal(
    apply(await ask('textDocument/formatting', { options })),
    `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`,
  );
  const start = positionOf(text, 'name:   shop');
  assert.equal(
    apply(await ask('textDocument/rangeFormatting', { options, range: { start, end: start } })),
    text.replace('name:   shop\napplies: {to: [shop-db]}', 'name: shop\napplies: { to: [shop-db] }'),
  );
});

test('a new line is indented as it is typed', async () => {
  const typed = `${text}  when: |\n`;
  await client.change(policy, `${typed}`);
  const position = { line: typed.split('\n').length - 1, character: 0 };
  const edits: TextEdit[] = await ask('textDocument/onTypeFormatting', { options, ch: '\n', position });
  assert.deepEqual(
    edits.map(({ newText }) => newText),
    ['    '],
  );
  await client.change(policy, text);
});

test('rules fold, and a selection grows', async () => {
  const folds: FoldingRange[] = await ask('textDocument/foldingRange');
  assert.deepEqual(
    folds.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [4, 7],
      [5, 7],
    ],
  );
  const [chain]: SelectionRange[] = await ask('textDocument/selectionRange', {
    positions: [positionOf(text, 'select')],
  });
  assert.deepEqual(chain?.range, { start: positionOf(text, 'select'), end: positionOf(text, 'select', 6) });
  assert.ok(chain?.parent?.parent?.parent);
});

test('a fix comes as a code action with its finding, and all safe fixes only when asked for', async () => {
  const range = { start: positionOf(text, 'read'), end: positionOf(text, 'read', 4) };
  const actions: CodeAction[] = await ask('textDocument/codeAction', { range, context: { diagnostics: [] } });
  assert.ok(actions.every(({ kind, diagnostics }) => kind === 'quickfix' && diagnostics?.length === 1));
  const only: CodeAction[] = await ask('textDocument/codeAction', {
    range,
    context: { diagnostics: [], only: ['source.fixAll'] },
  });
  assert.ok(only.every(({ kind }) => kind === 'source.fixAll.gatehouse'));
});
