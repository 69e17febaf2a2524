import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadSqlParser } from './analyze.ts';
import { catalog, names, quiet, resolve } from './catalog.fixture.ts';

before(loadSqlParser);

describe('columns', () => {
  const cases: readonly [sql: string, ...words: string[]][] = [
    [
      'select email, total from customers join orders on customer_id = customers.id',
      'select public.customers[email,id]',
      'select public.orders[customer_id,total]',
    ],
    [
      'select id from customers where id in (select customer_id from orders where status = name)',
      'select public.customers[id,name]',
      'select public.orders[customer_id,status]',
    ],
    [
      'select total from orders where exists (select 1 from customers where email = status)',
      'select public.orders[status,total]',
      'select public.customers[email]',
    ],
    [
      'select id from customers c join orders o using (id)',
      'select public.customers[id]',
      'select public.orders[id]',
    ],
    [
      'select x.id, email from (select id as email from orders) x, customers c',
      'select public.orders[id]',
      'select public.customers[email]',
    ],
    ['select ctid from customers', 'select public.customers[ctid]'],
    ['select c.tableoid from customers c', 'select public.customers[tableoid]'],
    ['select customers from customers', 'select public.customers[*]'],
    ['select (c).email from customers c', 'select public.customers[*]'],
    ['select name from customers as name', 'select public.customers[name]'],
    ['select email from unknown', 'select public.unknown[email]'],
    ['select email from unknown, orders', 'select public.unknown[email]', 'select public.orders[]'],
    [
      'select email from unknown, customers',
      'select public.unknown[email]',
      'select public.customers[email]',
    ],
    [
      'select (select email from unknown) from customers',
      'select public.unknown[email]',
      'select public.customers[email]',
    ],
    [
      'select (select email from orders) from customers',
      'select public.orders[]',
      'select public.customers[email]',
    ],
    ['select status as s from orders group by s order by s', 'select public.orders[status]'],
    ['select status as total from orders group by total', 'select public.orders[status,total]'],
    [
      'update orders set status = name from customers where customer_id = customers.id',
      'update public.orders[status]',
      'select public.orders[customer_id]',
      'select public.customers[id,name]',
    ],
    [
      'update orders set status = email from customers',
      'update public.orders[status]',
      'select public.customers[email]',
    ],
    [
      'delete from orders using customers where email = name',
      'delete public.orders[*]',
      'select public.customers[email,name]',
    ],
  ];
  for (const [sql, ...words] of cases) {
    it(`of ${sql}`, () => {
      const { words: told, request } = resolve(sql);
      assert.equal(request.undecidable, undefined);
      assert.deepEqual(told.toSorted(), words.toSorted());
    });
  }
});

describe('a function in the form of a column', () => {
  it('is called when the relation has no column of its name, with the whole row', () => {
    const { words, request } = resolve('select c.full_name from customers c');
    assert.deepEqual(words, ['select public.customers[*,full_name]', 'call public.full_name']);
    assert.ok(Array.isArray(request.facts.columns) && request.facts.columns.includes('*'));
  });

  it('shows the whole row when it is a built-in one', () => {
    const { words } = resolve('select c.row_to_json from customers c');
    assert.deepEqual(words, ['select public.customers[*,row_to_json]']);
  });

  it('is none when the relation has the column, or nothing has the name', () => {
    assert.deepEqual(resolve('select c.name from customers c').words, ['select public.customers[name]']);
    assert.deepEqual(resolve('select c.emial from customers c').words, ['select public.customers[emial]']);
  });

  it('is found behind brackets', () => {
    assert.deepEqual(resolve("select ('x'::text).pg_read_file").words, ['call pg_catalog.pg_read_file']);
    assert.deepEqual(resolve('select (x).full_name from (select 1) x').words, ['call public.full_name']);
    assert.deepEqual(resolve('select x.full_name from (select id from orders) x').words, [
      'select public.orders[id]',
      'call public.full_name',
    ]);
  });
});

describe('functions', () => {
  it('are every one that the call could mean', () => {
    const { words, request } = resolve("select lower('a')");
    assert.deepEqual(words, ['call public.lower']);
    assert.deepEqual(request.facts.functions, ['pg_catalog.lower', 'public.lower']);
    assert.deepEqual(resolve("select pg_catalog.lower('a')").words, ['values']);
    assert.deepEqual(resolve("select upper('a')").words, ['values']);
  });

  it('that nobody knows make the request undecidable', () => {
    const { request, unresolved } = resolve('select nope(1)');
    assert.equal(request.undecidable?.code, 'unresolved');
    assert.equal(request.undecidable?.message, 'function nope does not exist');
    assert.deepEqual(unresolved, [{ name: 'nope', kind: 'function' }]);
  });

  it('take their sequence along', () => {
    assert.deepEqual(resolve("select nextval('orders_id_seq')").words, [
      'call public.orders_id_seq pg_catalog.nextval',
    ]);
    assert.deepEqual(resolve("select setval('PUBLIC . Orders_ID_seq', 1)").words, [
      'call public.orders_id_seq pg_catalog.setval',
    ]);
    for (const argument of ["'nope'", '$1', "'a' || 'b'", "'a.b.c.d'", "'é'", "''", '12345']) {
      assert.deepEqual(resolve(`select nextval(${argument})`).words, ['call * pg_catalog.nextval'], argument);
    }
  });

  it('are actions by CALL, harmless or not', () => {
    assert.deepEqual(resolve("call pg_catalog.upper('a')").words, ['call pg_catalog.upper']);
  });
});

describe('relations', () => {
  it('take the first schema of the search path that has them', () => {
    assert.deepEqual(resolve('select id from orders', catalog(['archive', 'public'])).words, [
      'select archive.orders[id]',
    ]);
    assert.deepEqual(resolve('select id from customers', catalog(['archive', 'public'])).words, [
      'select public.customers[id]',
    ]);
  });

  it('have a canonical spelling, whatever is in their names', () => {
    assert.deepEqual(resolve('select x from "Odd.Schema"."a""b*"').words, ['select "Odd.Schema"."a""b*"[x]']);
  });

  it('that nobody knows make the request undecidable', () => {
    const { request, unresolved, words } = resolve('select id from nope, orders');
    assert.equal(request.undecidable?.message, 'relation "nope" does not exist');
    assert.deepEqual(unresolved, [{ name: 'nope', kind: 'relation' }]);
    assert.deepEqual(words, ['select public.orders[id]']);
    assert.equal(resolve('drop table nope').request.undecidable?.code, 'unresolved');
    assert.equal(
      resolve('alter table s.nope add a int').request.undecidable?.message,
      'relation "s.nope" does not exist',
    );
  });

  it('need not be there to be created, or dropped IF EXISTS', () => {
    const first = catalog(['archive', 'public']);
    assert.deepEqual(resolve('create table if not exists nope (a int)', first).words, [
      'create archive.nope (table)',
    ]);
    assert.deepEqual(resolve('create table customers (a int)', first).words, [
      'create archive.customers (table)',
    ]);
    assert.deepEqual(resolve('drop table if exists nope', first).words, ['drop archive.nope (table)']);
    assert.deepEqual(resolve('drop table if exists customers', first).words, [
      'drop public.customers (table)',
    ]);
  });

  it('that an earlier statement of the text makes are known, beside what has the name already', () => {
    const { words, request } = resolve('create table fresh (a int); insert into fresh values (1)');
    assert.equal(request.undecidable, undefined);
    assert.deepEqual(words, ['create public.fresh (table)', 'insert public.fresh[*]']);
    assert.deepEqual(resolve('create temp table orders (a int); select a from orders').words, [
      'create pg_temp.orders (table)',
      'select public.orders[a]',
      'select pg_temp.orders[a]',
    ]);
  });

  it('keep the schema of what they are renamed from', () => {
    assert.deepEqual(resolve('alter table orders rename to gone', catalog(['archive'])).words, [
      'alter archive.orders[*] (table)',
      'create archive.gone (table)',
    ]);
  });

  it('that are temporary hide others, and are both', () => {
    const session = { ...quiet, temporary: new Set(['orders', 'scratch']) };
    assert.deepEqual(resolve('select status from orders', names, session).words, [
      'select public.orders[status]',
      'select pg_temp.orders[status]',
    ]);
    assert.deepEqual(resolve('select status from public.orders', names, session).words, [
      'select public.orders[status]',
    ]);
    assert.deepEqual(resolve('delete from scratch', names, session).words, ['delete pg_temp.scratch[*]']);
    assert.deepEqual(resolve('select a from pg_temp.x', names).words, ['select pg_temp.x[a]']);
    assert.deepEqual(resolve('select a from pg_temp_3.x', names).words, ['select pg_temp.x[a]']);
  });
});

describe('what the server does on its own account', () => {
  it('is told as implied, round circles once', () => {
    assert.deepEqual(resolve('select name from active').words, [
      'select public.active[name]',
      'implied select public.inner_active[*]',
      'implied select public.customers[*]',
      'implied select public.active[*]',
    ]);
  });

  it('goes from a parent to its partitions with the same columns', () => {
    assert.deepEqual(resolve('update events set note = 1 where id = 2').words, [
      'update public.events[note]',
      'implied update public.events_new[note]',
      'implied update public.events_newest[note]',
      'select public.events[id]',
      'implied select public.events_new[id]',
      'implied select public.events_newest[id]',
    ]);
    assert.deepEqual(resolve('truncate events').words, [
      'truncate public.events[*]',
      'implied truncate public.events_new[*]',
      'implied truncate public.events_newest[*]',
    ]);
  });

  it('is told beside what the text itself names', () => {
    const { request } = resolve('select id from active, customers');
    const customers = request.actions.filter((action) => action.facts.table === 'public.customers');
    assert.deepEqual(
      customers.map(({ implied }) => implied ?? false),
      [true, false],
    );
  });
});
