import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'secret-in-text';
/** Put together here, so that no scanner takes this file for a leak. */
const awsKey = `AKIA${'Q3EGRZ7PLMW2NC5T'}`;
const signed = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NTY3ODkwIn0'}.${'dozjgNryP4J3jVmNHl0w5N'}`;
const ours = `gha_${'a1B2'.repeat(11)}`;
const comment = (text: string) => `# ${text}\n${ruleOf('{ name: x, effect: deny }')}`;

test('keys and tokens are found by their form, wherever they stand', () => {
  finds(code, comment(`with «${awsKey}»`), [/an access key/]);
  finds(code, ruleOf(`name: x\neffect: deny\nmessage: Use «${ours}» instead.`), [/token of an agent/]);
  finds(code, ruleOf(`name: x\neffect: deny\ndescription: "«${signed}»"`), [/a signed token/]);
  finds(code, comment(`«-----BEGIN ${'EC PRIVATE'} KEY-----»`), [/a private key/]);
});

test('passwords in connection strings and settings are found', () => {
  finds(code, comment('psql postgres://shop:«hunter2»@db/shop'), [/a password/]);
  finds(code, comment('PGPASSWORD=«tr0ub4dor» psql'), [/a password/]);
});

test('the message never tells the secret', () => {
  const [found] = finds(code, comment(`«${awsKey}»`), [/void/]);
  assert.ok(!found?.message.includes(awsKey.slice(4)));
});

test('names of secrets and what stands in their place are no matter', () => {
  silent(code, comment('password: { env: SHOP_DB_PASSWORD } or PGPASSWORD=$SHOP_DB_PASSWORD'));
  silent(code, comment('postgres://user:password@host/db, postgres://user:<password>@host, a:b@c'));
  silent(code, comment('password=******** op://shop/db/password sk-learn-based-ranking-of-orders'));
});

test('tokens of masked values and digests are no matter', () => {
  silent(code, comment(`tok_${'Zk3'.repeat(15)} sha256:${'0a1b'.repeat(16)}`));
});

test('a password that the loader refuses is not told of twice', () => {
  const text = `gatehouse: v1
kind: Workspace
resources:
  - { name: a, protocol: postgres, host: "postgres://u:hunter22@db", database: b, user: c }
`;
  silent(code, { 'gatehouse.yaml': text }, { broken: true });
});

test('it can be taken out', () => {
  mends(code, comment(awsKey), comment('REMOVED'), { safety: 'unsafe' });
});
