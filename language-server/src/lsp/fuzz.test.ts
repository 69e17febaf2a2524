import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import { type Client, startClient } from '../client.fixture.ts';
import { toPosition } from './convert.ts';

const workspaceFile = '.gatehouse/gatehouse.yaml';
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const workspace = `gatehouse: v1
kind: Workspace
groups: { dba: Databases. }
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
lists: { catalogue: [public.orders] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [$catalogue] }
    when: |
      request.sql.hasLimit &&
      "dba" in principal.groups
  # gatehouse-ignore broad-functions: why
  - { name: deny, effect: deny, when: '!request.sql.hasWhere' }
masks:
  - { columns: ["*.ssn"], with: redact }
`;

const placed = [
  'completion',
  'hover',
  'signatureHelp',
  'definition',
  'references',
  'documentHighlight',
  'prepareCallHierarchy',
  'linkedEditingRange',
];
const whole = [
  'documentSymbol',
  'foldingRange',
  'documentLink',
  'semanticTokens/full',
  'diagnostic',
  'codeLens',
];

let client: Client;
before(async () => {
  client = await startClient({ files: { [workspaceFile]: workspace, [policyFile]: policy } });
  await client.open(policyFile, policy);
});
after(() => client.stop());

const piece = fc.oneof(
  fc.constantFrom(
    '',
    '"',
    "'",
    '|',
    '>-',
    '- ',
    '\n',
    '\r\n',
    '\t',
    '  ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!x ',
    '# ',
    '$',
    '*',
    'when: ',
    'request.',
    'rules:\n',
    '\u0000',
    '\u202e',
    '🙂',
    'effect: deny\n',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const edit = fc.record({ at: fc.nat(), length: fc.nat(30), text: piece, asks: fc.nat(), place: fc.nat() });

test('a server that is typed at like this answers every request, to the end', async () => {
  let text = policy;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
      for (const { at, length, text: typed, asks, place } of edits) {
        const start = at % (text.length + 1);
        const end = Math.min(text.length, start + length);
        const source = new SourceFile('a', text);
        await client.edit(
          policyFile,
          { start: toPosition(source, start), end: toPosition(source, end) },
          typed,
        );
        // As the protocol places them: never between the halves of a break.
        const [from, to] = [start, end].map((offset) =>
          source.offset(toPosition(source, offset).line + 1, toPosition(source, offset).character + 1),
        );
        text = text.slice(0, from) + typed + text.slice(to);
        const uri = client.uri(policyFile);
        const position = toPosition(new SourceFile('a', text), place % (text.length + 1));
        const method = placed[asks % placed.length] ?? '';
        const context = { includeDeclaration: true };
        await Promise.all([
          client.connection.sendRequest(`textDocument/${method}`, {
            textDocument: { uri },
            position,
            context,
          }),
          client.connection.sendRequest(`textDocument/${whole[asks % whole.length]}`, {
            textDocument: { uri },
          }),
        ]);
      }
      text = policy;
      await client.change(policyFile, policy);
    }),
    { numRuns: 60 },
  );
  assert.equal(client.stderr(), '');
});

test('after all of it the findings are those of the text as it is', async () => {
  const fresh = await startClient({ files: { [workspaceFile]: workspace, [policyFile]: policy } });
  try {
    const ask = (each: Client) =>
      each.connection.sendRequest<{ items: { code: unknown; range: unknown }[] }>('textDocument/diagnostic', {
        textDocument: { uri: each.uri(policyFile) },
      });
    const [typed, read] = [await ask(client), await ask(fresh)];
    assert.deepEqual(
      typed.items.map(({ code, range }) => ({ code, range })),
      read.items.map(({ code, range }) => ({ code, range })),
    );
  } finally {
    await fresh.stop();
  }
});
