import { test } from 'node:test';
import { finds, silent } from '../../check.fixture.ts';

const code = 'password-in-environment';
const workspace = (env: string, password: string) => ({
  'gatehouse.yaml': `gatehouse: v1
kind: Workspace
resources:
  - name: a
    protocol: postgres
    labels: { ${env} }
    host: localhost
    database: shop
    user: rw
    password: ${password}
`,
});

test('a variable with a password of production is found', () => {
  finds(code, workspace('env: prod', '{ «env»: SHOP_PASSWORD }'), [/password of `a`/]);
  finds(code, workspace('tier: production-eu', '{ «env»: SHOP_PASSWORD }'), [/`command`/]);
});

test('a command, a file and standard input are no matter', () => {
  silent(code, workspace('env: prod', '{ command: [op, read, x] }'));
  silent(code, workspace('env: prod', '{ stdin: a }'));
});

test('a database for developing, or one without labels for it, is no matter', () => {
  silent(code, workspace('env: dev', '{ env: SHOP_PASSWORD }'));
  silent(code, workspace('team: prod', '{ env: SHOP_PASSWORD }'));
});
