import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'case-differs';
const deny = (block: string) => ruleOf(`name: x\neffect: deny\nsql: { ${block} }`);
const severity = (block: string, message: RegExp) => finds(code, deny(block), [message])[0]?.severity;

test('names in capitals are found, as somebody may have made them so', () => {
  if (severity('tables: [«SHOP.ORDERS»]', /"SHOP\.ORDERS"/) !== 'information') throw new Error('severity');
  finds(code, deny('columns: [«EMAIL», phone]'), [/`email`/]);
});

test('the schema that every database has is in lower case for sure', () => {
  if (severity('tables: [«PUBLIC.ORDERS»]', /`public\.orders`/) !== 'warning') throw new Error('severity');
  finds(code, deny('tables: [«Public.Orders»]'), [/`public\.Orders`/]);
  finds(code, deny('functions: [«"PG_CATALOG.*"»]'), [/`pg_catalog\.\*`/]);
});

test('a parameter in upper case matches nothing', () => {
  if (severity('parameters: [«Statement_Timeout»]', /statement_timeout/) !== 'error')
    throw new Error('severity');
});

test('names that mix cases are names that tools make', () => {
  silent(code, deny('tables: [public.Orders, "app.UserProfile"]'));
  silent(code, deny('columns: [createdAt, ID1]'.replace('ID1', 'userID')));
});

test('lower case, patterns and quoted names are fine', () => {
  silent(code, deny('tables: [public.orders, "*", "a.*"], columns: [x]'));
  silent(code, deny(`tables: ['public."A.B"']`));
  silent(code, deny('parameters: [statement_timeout, "app.*"]'));
});

test('it can be written in lower case', () => {
  mends(code, deny('tables: [PUBLIC.ORDERS]'), deny('tables: [public.orders]'), { safety: 'unsafe' });
});
