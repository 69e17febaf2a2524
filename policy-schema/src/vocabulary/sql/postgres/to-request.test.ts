import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { names, quiet, resolve } from './catalog.fixture.ts';
import { deskNames } from './desk-names.ts';

before(loadSqlParser);

const analyzeSqlLater = (sql: string) => () => analyzeSql(sql);

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
