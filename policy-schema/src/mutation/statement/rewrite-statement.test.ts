import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { checkWorkspace } from '../../check/check-workspace.ts';
import { compilePolicies } from '../../evaluate/decide.ts';
import type { TypedRequest } from '../../evaluate/typed-request.ts';
import { loadReaders } from '../../vocabulary/readers.ts';
import { meaningOf } from '../../vocabulary/sql/postgres/tokens.ts';
import { judgeRewrites } from './judge-rewrites.ts';
import { rewriteStatement } from './rewrite-statement.ts';

const names = { schema: 'public', database: 'shop' };
const rewrites = (text: string) =>
  new Map(rewriteStatement(text, names).map(({ how, text: made }) => [how, made]));

before(loadReaders);

describe('a statement written otherwise', () => {
  it('is the same tree where only its spelling changes', () => {
    const text = "SELECT name, 'it''s' FROM public.customers c WHERE ssn LIKE 'é%' AND id > 10 -- who";
    const spelled = rewriteStatement(text, names).filter(({ family }) => family === 'spelling');
    assert.ok(spelled.length > 15);
    for (const { text: made } of spelled) assert.equal(meaningOf(made), meaningOf(text), made);
  });

  it('names tables with and without schema and database, but not what a WITH names', () => {
    const made = rewrites('WITH o AS (SELECT * FROM orders) SELECT count(*) FROM o, customers');
    assert.equal(
      made.get('names with their schema'),
      'WITH o AS (SELECT * FROM "public".orders) SELECT count(*) FROM o, "public".customers',
    );
    assert.equal(
      made.get('functions with their schema'),
      'WITH o AS (SELECT * FROM orders) SELECT pg_catalog.count(*) FROM o, customers',
    );
    assert.equal(rewrites('DROP TABLE public.orders').get('names without their schema'), 'DROP TABLE orders');
  });

  it('runs inside of others only where the server lets it', () => {
    assert.ok(rewrites('DELETE FROM orders').has('in a WITH'));
    assert.ok(!rewrites('WITH g AS (DELETE FROM orders RETURNING 1) TABLE g').has('in a WITH'));
    assert.ok(!rewrites('SELECT 1 INTO t').has('in FROM'));
    assert.ok(!rewrites('SELECT $1::int').has('prepared'));
    assert.ok(!rewrites('VACUUM').has('in a transaction'));
    assert.equal(
      rewrites('UPDATE products SET stock = 0 RETURNING id').get('a WHERE that is always true'),
      'UPDATE products SET stock = 0 WHERE true RETURNING id',
    );
  });

  it('may hold control characters', () => {
    const made = rewrites("select 'a\u001b[2J', 1 -- \u0007\f\u202e");
    assert.equal(made.get('upper case'), "SELECT 'a\u001b[2J', 1");
  });

  it('is none where the server would not take it', () => {
    for (const text of [
      '',
      '-- nothing',
      'selec 1',
      'select \0',
      'select \ud800',
      `select '${'x'.repeat(30_000)}'`,
    ])
      assert.deepEqual(rewriteStatement(text, names), []);
  });

  it('never throws, whatever the text', () => {
    const words = fc.constantFrom(
      'select',
      '1',
      "'a'",
      '"b"',
      'from',
      't',
      ';',
      '$1',
      '/*',
      '--',
      'U&"x"',
      '\u00e9',
      '.',
      'delete',
      '$$',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (text) => void rewriteStatement(text.join(' '), names)),
      {
        numRuns: 200,
      },
    );
  });
});

describe('denied statements', () => {
  const judged = (rules: string, text: string) => {
    const policy = `gatehouse: v1\nkind: Policy\nname: p\napplies: { to: [shop-db] }\nrules:\n${rules}`;
    const { set, diagnostics } = checkWorkspace({
      workspace: undefined,
      policies: new Map([['.gatehouse/policies/p.policy.yaml', policy]]),
      checks: [],
    });
    assert.ok(set, JSON.stringify(diagnostics));
    const asked: TypedRequest = {
      text,
      resource: { name: 'shop-db', protocol: 'postgres', labels: {} },
      principal: { person: 'ann', groups: [], agent: 'claude', workspace: 'w', task: '' },
      at: new Date('2026-03-02T10:00:00Z'),
      session: { inTransaction: false, application: 'psql' },
    };
    return judgeRewrites(asked, 'shop', compilePolicies(set));
  };
  const all = '  - { name: all, effect: allow, sql: {} }\n';

  it('pass where a rule looks at how they are written, and are told with the rule that let them', () => {
    const byText = `${all}  - { name: no, effect: deny, sql: {}, when: 'request.text.startsWith("delete from orders")' }\n`;
    const found = judged(byText, 'delete from orders where id = 1');
    const how = found?.passed.map(({ rewrite }) => rewrite.how) ?? [];
    assert.ok(how.includes('upper case') && how.includes('in a WITH'));
    assert.deepEqual(found?.passed[0]?.rules, ['p/all']);
  });

  it('stay denied where a rule looks at what they do', () => {
    const byAction = `${all}  - { name: no, effect: deny, sql: { actions: [delete], tables: [public.orders] } }\n  - { name: code, effect: deny, sql: { actions: [do] } }\n`;
    const found = judged(byAction, 'delete from orders where id = 1');
    assert.ok((found?.tried ?? 0) > 25);
    assert.deepEqual(found?.passed, []);
    const byWhere = `${all}  - { name: no, effect: deny, sql: { actions: [update] }, when: "!request.sql.hasWhere" }\n  - { name: code, effect: deny, sql: { actions: [do] } }\n`;
    const update = judged(byWhere, 'UPDATE products SET stock = 0');
    assert.deepEqual(update?.passed, [], 'a WHERE that leaves no row out counts as none');
    assert.equal(judged(all, 'select 1'), undefined, 'what is not denied has nothing to hold');
  });
});
