import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf } from '../desk.fixture.ts';
import { documentLinks } from './document-links.ts';

/** The marked texts must be the links, and lead to these. */
function assertLinks(
  files: string | Readonly<Record<string, string>>,
  name: string | undefined,
  targets: readonly string[],
) {
  const { desk, file, marks } = deskOf(files);
  const links = documentLinks(desk, name ?? file);
  const text = desk.files.get(name ?? file)?.text ?? '';
  assert.deepEqual(
    links.map(({ range }) => text.slice(range.start, range.end)),
    marks.map(({ start, end }) => text.slice(start, end)),
  );
  assert.deepEqual(
    links.map(({ range }) => range),
    marks.map(({ start, end }) => ({ start, end })),
  );
  assert.deepEqual(
    links.map(({ target }) =>
      target.kind === 'url'
        ? target.url
        : target.kind === 'file'
          ? `file ${target.path}`
          : `page ${target.code}`,
    ),
    targets,
  );
}

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ["*"] }\n';

test('certificates and files with passwords open', () => {
  const resource = 'name: a, protocol: postgres, host: db.example.com, database: d, user: u';
  assertLinks(
    {
      'gatehouse.yaml': `gatehouse: v1
kind: Workspace
resources:
  - { ${resource}, tls: { ca: "«certs/db.pem»" }, password: { file: «/run/secrets/db» } }
  - { ${resource}, password: { env: SECRET } }
`,
    },
    'gatehouse.yaml',
    ['file certs/db.pem', 'file /run/secrets/db'],
  );
});

test('addresses in texts for people and in comments open, without the stop of the sentence', () => {
  assertLinks(
    `# See «https://example.com/a_(b)»), and (http://
${head}description: Read «https://example.com/x?y=1#z». # «http://example.com»
rules:
  - name: https://example.com/no
    effect: deny
    message: >-
      Ask at
      «https://example.com/ask»
      first.
    when: request.text == "https://example.com/no"  # «https://example.com/why»,
`,
    undefined,
    [
      'https://example.com/a_(b)',
      'https://example.com/x?y=1#z',
      'http://example.com',
      'https://example.com/ask',
      'https://example.com/why',
    ],
  );
});

test('the codes of a comment that asks to ignore lead to their pages', () => {
  assertLinks(
    `# gatehouse-ignore-file «bad-name»: see «https://example.com/1» (until 2026-12-31)
${head}rules:
  # gatehouse-ignore «wildcard-write», «deny-without-message»: imported
  - { name: x, effect: deny } # gatehouse-ignore «some-code»: reason
  - name: y
    effect: deny
    message: "# gatehouse-ignore no-comment: x"
    when: |  # gatehouse-ignore «on-a-header»: x
      true // # gatehouse-ignore inside: x
  # gatehouse-ignore «behind-a-block»: x
`,
    undefined,
    [
      'page bad-name',
      'https://example.com/1',
      'page wildcard-write',
      'page deny-without-message',
      'page some-code',
      'page on-a-header',
      'page behind-a-block',
    ],
  );
});

test('a file without links has none', () => {
  assertLinks(head, undefined, []);
  assertLinks('', undefined, []);
  assertLinks(head, 'no-such-file', []);
});
