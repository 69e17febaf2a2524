import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Names, RelationName } from '../names.ts';
import { actionWords } from './action-words.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { deskNames } from './desk-names.ts';
import { builtinEffect } from './functions.ts';
import { type SqlSession, toRequest } from './to-request.ts';

const relations: readonly RelationName[] = [
  { schema: 'public', name: 'customers', columns: ['id', 'email', 'name', 'ssn'] },
  { schema: 'public', name: 'orders', columns: ['id', 'customer_id', 'status', 'total'] },
  { schema: 'archive', name: 'orders', columns: ['id', 'status'] },
  {
    schema: 'public',
    name: 'active',
    columns: ['id', 'name'],
    reads: [{ schema: 'public', name: 'inner_active' }],
  },
  {
    schema: 'public',
    name: 'inner_active',
    columns: ['id'],
    reads: [
      { schema: 'public', name: 'customers' },
      { schema: 'public', name: 'active' },
    ],
  },
  {
    schema: 'public',
    name: 'events',
    columns: ['id', 'note'],
    reads: [{ schema: 'public', name: 'events_new', columns: 'same' }],
  },
  {
    schema: 'public',
    name: 'events_new',
    columns: ['id', 'note'],
    reads: [{ schema: 'public', name: 'events_newest', columns: 'same' }],
  },
  { schema: 'public', name: 'events_newest', columns: ['note', 'id'] },
  { schema: 'Odd.Schema', name: 'a"b*', columns: ['x'] },
  { schema: 'public', name: 'orders_id_seq', columns: ['last_value'] },
  { schema: 'public', name: 'unknown' },
];
const userFunctions = ['public.full_name', 'public.lower', 'public.refresh', 'audit.log', 'public.length_of'];

function catalog(searchPath: readonly string[]): Names {
  const find = (schema: string, name: string) =>
    relations.find((relation) => relation.schema === schema && relation.name === name);
  return {
    ...(searchPath[0] === undefined ? {} : { defaultSchema: searchPath[0] }),
    relation: (schema, name) =>
      (schema === undefined ? searchPath : [schema]).map((each) => find(each, name)).find(Boolean),
    functions: (schema, name) => {
      const schemas = schema === undefined ? ['pg_catalog', ...searchPath] : [schema];
      return schemas
        .filter((each) =>
          each === 'pg_catalog'
            ? builtinEffect(name) !== undefined
            : userFunctions.includes(`${each}.${name}`),
        )
        .map((each) => ({ schema: each, name }));
    },
  };
}

const names = catalog(['public']);
const quiet: SqlSession = { inTransaction: false, application: '' };

function resolve(sql: string, using: Names = names, session: SqlSession = quiet) {
  const { request, ...rest } = toRequest(sql, analyzeSql(sql), using, session);
  return { ...rest, request, words: request.actions.map(actionWords) };
}

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
    const { words, wholeRow, request } = resolve('select c.full_name from customers c');
    assert.deepEqual(words, ['select public.customers[*,full_name]', 'call public.full_name']);
    assert.equal(wholeRow, true);
    assert.ok(Array.isArray(request.facts.columns) && request.facts.columns.includes('*'));
  });

  it('shows the whole row when it is a built-in one', () => {
    const { words, wholeRow } = resolve('select c.row_to_json from customers c');
    assert.deepEqual(words, ['select public.customers[*,row_to_json]']);
    assert.equal(wholeRow, true);
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

describe('EXECUTE', () => {
  const prepared = analyzeSqlLater('delete from orders where id = $1');
  it('does what was prepared', () => {
    const session = { ...quiet, prepared: (name: string) => (name === 'p' ? prepared() : undefined) };
    const { words, request } = resolve("execute p (length_of('a'))", names, session);
    assert.deepEqual(words, [
      "execute 'p'",
      'call public.length_of',
      'delete public.orders[*]',
      'select public.orders[id]',
    ]);
    assert.equal(request.facts.hasWhere, true);
    assert.deepEqual(request.facts.statements, ['execute']);
    assert.deepEqual(resolve('create table t as execute p', names, session).words.slice(0, 3), [
      'create public.t (table)',
      "execute 'p'",
      'delete public.orders[*]',
    ]);
  });

  it('of nothing is undecidable', () => {
    const { request } = resolve('explain analyze execute p');
    assert.equal(request.undecidable?.message, 'prepared statement "p" does not exist');
  });

  it('takes what the same text prepared last', () => {
    const sql = 'prepare p as select 1; deallocate p; prepare p as delete from orders; execute p';
    assert.deepEqual(resolve(sql).words, [
      "prepare 'p'",
      "deallocate 'p'",
      'delete public.orders[*]',
      "execute 'p'",
    ]);
  });

  it('of itself ends', () => {
    const itself = analyzeSqlLater('execute p');
    const { request } = resolve('execute p', names, { ...quiet, prepared: () => itself() });
    assert.equal(request.undecidable?.code, 'unsupported');
  });

  it('of what cannot be read is undecidable', () => {
    const broken = analyzeSqlLater('sel 1');
    const { request } = resolve('execute p', names, { ...quiet, prepared: () => broken() });
    assert.equal(request.undecidable?.code, 'syntax');
  });
});

function analyzeSqlLater(sql: string) {
  return () => analyzeSql(sql);
}

describe('the facts of a request', () => {
  it('are all there', () => {
    const sql =
      "select lower(email) from customers where id = 1; update orders set status = 'é' where total > 1";
    const { request } = resolve(sql, names, { inTransaction: true, application: 'psql' });
    assert.deepEqual(request.facts, {
      actions: ['select', 'call', 'update'],
      statements: ['select', 'update'],
      tables: ['public.customers', 'public.orders'],
      columns: ['email', 'id', 'status', 'total'],
      functions: ['pg_catalog.lower', 'public.lower'],
      hasWhere: true,
      hasLimit: false,
      statementCount: 2n,
      length: BigInt(Buffer.byteLength(sql)),
      inTransaction: true,
      application: 'psql',
    });
  });

  it('look at writes alone where there is one', () => {
    assert.equal(
      resolve('select id from orders; delete from orders where id = 1').request.facts.hasWhere,
      true,
    );
    assert.equal(
      resolve('select id from orders where id = 1; delete from orders').request.facts.hasWhere,
      false,
    );
  });

  it('of an unreadable text tell its words and nothing else', () => {
    const { request } = resolve('sel 1');
    assert.equal(request.undecidable?.code, 'syntax');
    assert.deepEqual(request.actions, []);
    assert.equal(request.facts.statementCount, 0n);
  });

  it('call a statement of values one only while it calls nothing', () => {
    assert.deepEqual(resolve('select 1; select refresh(1)').request.facts.statements, ['values', 'select']);
  });
});

describe('names of a desk', () => {
  it('lie in the first schema, or are built in', () => {
    const desk = deskNames(['$user', 'app', 'public']);
    assert.deepEqual(resolve('select lower(my(a)) from t, pg_class, x.y', desk).words, [
      'select app.t[a]',
      'select pg_catalog.pg_class[a]',
      'select x.y[a]',
      'call app.my',
    ]);
    assert.deepEqual(resolve('create table t (a int)', desk).words, ['create app.t (table)']);
  });
});
