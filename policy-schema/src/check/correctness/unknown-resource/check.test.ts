import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'unknown-resource';
const to = (list: string) => policyOf('limits: { rows: 5 }\n', { to: list });

test('resources and labels that nobody declares are found, with what may be meant', () => {
  finds(code, to('[«shop-bd», shop-db]'), [/No resource is named `shop-bd`. Did you mean `shop-db`/]);
  finds(code, to('[«env=staging»]'), [/Labels in gatehouse\.yaml: env=dev, env=prod/]);
  finds(code, to('[«"staging-*"»]'), [/Resources in gatehouse\.yaml: shop-db, dev-db/]);
  finds(code, to('[«env=prd»]'), [/Did you mean `env=prod`/]);
});

test('names, labels and patterns that match are known', () => {
  silent(code, to('[shop-db, env=prod]'));
  silent(code, to('["*-db", "env=p*"]'));
});

test('a list is found where nothing of it matches, at its use', () => {
  finds(
    code,
    policyOf('lists: { away: [gone-db, env=test], some: [gone-db, shop-db] }\nlimits: { rows: 5 }\n', {
      to: '[«$away», $some]',
    }),
    [/anything of the list `away`/],
  );
});

test('without a gatehouse.yaml that can be read, nothing is known', () => {
  silent(
    code,
    { 'gatehouse.yaml': 'gatehouse: v1\nkind: Workspace\n', 'a.yaml': to('[nowhere]') },
    { broken: true },
  );
});

test('the name that is near can be written', () => {
  mends(code, to('[shop-bd]'), to('[shop-db]'), { safety: 'unsafe' });
  mends(code, to('["env=porod"]'), to('["env=prod"]'));
});
