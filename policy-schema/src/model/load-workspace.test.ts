import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWorkspace } from './load-workspace.ts';
import { assertFound, marked } from './marked.fixture.ts';

const file = '.gatehouse/gatehouse.yaml';

test('a workspace becomes its typed form', () => {
  const text = `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    description: The shop.
    protocol: postgres
    labels: { env: prod, team: shop }
    host: db.example.com
    port: 6432
    database: shop
    user: shop_rw
    password: { command: [op, read, "op://shop/db/password"] }
    tls: { mode: verify-ca, negotiation: direct, ca: certificates/ca.pem }
    listen: 15432
records: { durability: written, results: { rows: 0, bytes: 1MiB } }
sizes: { maxStatementBytes: 2MiB, maxMessageBytes: 100MB }
`;
  const { workspace, diagnostics } = loadWorkspace(file, text);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(workspace, {
    resources: [
      {
        name: 'shop-db',
        protocol: 'postgres',
        labels: { env: 'prod', team: 'shop' },
        host: 'db.example.com',
        port: 6432,
        database: 'shop',
        user: 'shop_rw',
        password: { command: ['op', 'read', 'op://shop/db/password'] },
        tls: { mode: 'verify-ca', negotiation: 'direct', ca: 'certificates/ca.pem' },
        listen: 15_432,
        location: { file, line: 4, column: 5 },
      },
    ],
    records: { durability: 'written', results: { rows: 0, bytes: 1_048_576 } },
    sizes: { maxStatementBytes: 2_097_152, maxMessageBytes: 100_000_000 },
  });
});

function resourceOf(rest: string, host = 'db.example.com'): string {
  return `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    host: ${host}
    database: shop
    user: shop_rw
    ${rest}
`;
}

test('what is left out has safe defaults', () => {
  const { workspace, diagnostics } = loadWorkspace(file, resourceOf(''));
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(workspace, {
    resources: [
      {
        name: 'shop-db',
        protocol: 'postgres',
        labels: {},
        host: 'db.example.com',
        port: 5432,
        database: 'shop',
        user: 'shop_rw',
        tls: { mode: 'verify-full', negotiation: 'postgres' },
        location: { file, line: 4, column: 5 },
      },
    ],
    records: { durability: 'durable', results: { rows: 100, bytes: 64_000 } },
    sizes: { maxStatementBytes: 1_048_576, maxMessageBytes: 67_108_864 },
  });
});

test('a unix socket has no TLS by default', () => {
  assert.equal(
    loadWorkspace(file, resourceOf('', '/run/postgresql')).workspace?.resources[0]?.tls.mode,
    'disable',
  );
});

test('a database without proof of who it is gets a warning, on this machine none', () => {
  const remote = marked(resourceOf('tls: { mode: «require» }'));
  const { workspace, diagnostics } = loadWorkspace(file, remote.text);
  assertFound(remote, diagnostics, [['insecure-tls', /verify-full/]]);
  assert.equal(diagnostics[0]?.severity, 'warning');
  assert.equal(workspace?.resources[0]?.tls.mode, 'require');
  for (const host of ['127.0.0.1', 'localhost', '::1', '/run/postgresql']) {
    assert.deepEqual(
      loadWorkspace(file, resourceOf('tls: { mode: disable }', `"${host}"`)).diagnostics,
      [],
      host,
    );
  }
});

test('groups are known by their names, and mean nothing', () => {
  const before = loadWorkspace(file, resourceOf(''));
  const { workspace, groups, diagnostics } = loadWorkspace(
    file,
    `${resourceOf('')}groups: { dba: Whoever runs the databases., "Domain Admins": All of them. }\n`,
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    [...(groups ?? [])],
    [
      ['dba', 'Whoever runs the databases.'],
      ['Domain Admins', 'All of them.'],
    ],
  );
  assert.deepEqual(workspace, before.workspace);
  assert.equal(before.groups, undefined);
});

const secret = 'hunter2-s3cret';
const mistakes: readonly (readonly [
  name: string,
  text: string,
  ...expected: (readonly [string, RegExp])[],
])[] = [
  [
    'a password in the file',
    resourceOf(`password: «${secret}»`),
    ['secret-in-file', /command.*file.*env.*stdin/],
  ],
  ['a password as a number', resourceOf('password: «12345678»'), ['secret-in-file', /never holds it/]],
  [
    'a password below a key of its own',
    resourceOf(`password: { «value»: ${secret} }`),
    ['secret-in-file', /never holds it/],
  ],
  [
    'a password in a connection string',
    resourceOf('', `«postgres://u:${secret}@h/db»`),
    ['secret-in-file', /no connection string/],
  ],
  [
    'a connection string',
    resourceOf(`«url»: postgres://u:${secret}@h/db`),
    ['unknown-key', /`host`, `port`/],
  ],
  ['a password in a list', resourceOf(`password: «[${secret}]»`), ['secret-in-file', /never holds it/]],
  [
    'two sources of a password',
    resourceOf('«password»: { env: A, file: b }'),
    ['misplaced-key', /one of `command`/],
  ],
  ['no source of a password', resourceOf('password: «{}»'), ['missing-key', /where the secret comes from/]],
  [
    'a resource of an unknown protocol',
    resourceOf('').replace('protocol: postgres', 'protocol: «postgresql»'),
    ['unknown-value', /Did you mean `postgres`/],
  ],
  [
    'a mistyped mode',
    resourceOf('tls: { mode: «verify_full» }'),
    ['unknown-value', /Did you mean `verify-full`/],
  ],
  ['a port out of range', resourceOf('port: «70000»'), ['out-of-range', /at most 65535/]],
  [
    'a label that is no text',
    resourceOf('labels: { env: «1» }'),
    ['wrong-type', /`env` must be text; found a number\. Put it in quotes/],
  ],
  ['a label with a bad key', resourceOf('labels: { «a=b»: x }'), ['bad-name', /key of `labels`/]],
  [
    'a group with a bad name',
    `${resourceOf('')}groups: { «"db*"»: x }\n`,
    ['bad-name', /key of `groups` is the name of a group/],
  ],
  [
    'a group that nothing is said of',
    `${resourceOf('')}groups: { «dba»: }\n`,
    ['wrong-type', /must be text/],
  ],
  [
    'a size that cannot be read',
    `${resourceOf('')}sizes: { maxStatementBytes: «big» }\n`,
    ['bad-size', /1|5MB/],
  ],
  ['no resources', 'gatehouse: v1\nkind: Workspace\nresources: «[]»\n', ['out-of-range', /empty/]],
  [
    'two resources of one name and port',
    `${resourceOf('listen: 9000')}  - { name: «shop-db», protocol: postgres, host: a, database: b, user: c, listen: «9000» }\n`,
    ['duplicate-resource', /line 4/],
    ['duplicate-port', /`shop-db` listens/],
  ],
];

for (const [name, text, ...expected] of mistakes) {
  test(`points at ${name}`, () => {
    const source = marked(text);
    const { workspace, diagnostics } = loadWorkspace(file, source.text);
    assert.equal(workspace, undefined);
    assertFound(source, diagnostics, expected);
    assert.ok(!JSON.stringify(diagnostics).includes(secret), 'a message must not repeat a secret');
  });
}
