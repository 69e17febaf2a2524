import { test } from 'node:test';
import { finds, silent } from '../../check.fixture.ts';

const code = 'superuser-login';
const workspace = (env: string, user: string) => ({
  'gatehouse.yaml': `gatehouse: v1
kind: Workspace
resources:
  - { name: a, protocol: postgres, labels: { ${env} }, host: localhost, database: shop, user: ${user} }
`,
});

test('the first user of a server is found', () => {
  finds(code, workspace('env: prod', '«postgres»'), [/whole server/]);
  finds(code, workspace('team: shop', '«"rds_superuser"»'), [/user of its own/]);
});

test('a user of its own is no matter', () => {
  silent(code, workspace('env: prod', 'shop_app'));
  silent(code, workspace('env: prod', 'postgres_reader'));
});

test('a database for developing may be reached as anybody', () => {
  silent(code, workspace('env: dev', 'postgres'));
  silent(code, workspace('env: local', 'root'));
});
