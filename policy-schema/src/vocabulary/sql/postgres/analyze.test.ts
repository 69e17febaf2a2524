import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { StatementFacts } from './analysis.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';

function only(sql: string): StatementFacts {
  const { statements, undecidable } = analyzeSql(sql);
  assert.equal(undecidable, undefined, sql);
  const [statement] = statements;
  assert.ok(statement !== undefined && statements.length === 1, sql);
  return statement;
}

before(loadSqlParser);

describe('a text that cannot be read', () => {
  const cases: readonly [sql: string, message: string, position: number | undefined][] = [
    ['sel 1', 'syntax error at or near "sel"', 1],
    ['select 1 frm t', 'syntax error at or near "t"', 14],
    ["select 'ü😀' frm t x", 'syntax error at or near "t"', 17],
    ["select 'x", 'unterminated quoted string at or near "\'x"', 8],
    ['select "x', 'unterminated quoted identifier at or near ""x"', 8],
    ['select $$x', 'unterminated dollar-quoted string at or near "$$x"', 8],
    ['select /* x', 'unterminated /* comment at or near "/* x"', 8],
    ['select 1 +', 'syntax error at end of input', 11],
    ["select 'a' 'b'", 'syntax error at or near "\'b\'"', 12],
  ];
  for (const [sql, message, position] of cases) {
    it(`says of ${JSON.stringify(sql)} what the server says`, () => {
      const { undecidable, statements } = analyzeSql(sql);
      assert.deepEqual(undecidable, { code: 'syntax', message, position });
      assert.deepEqual(statements, []);
    });
  }

  it('is refused when a NUL would hide the rest of it', () => {
    assert.equal(analyzeSql('select 1\0; drop table t').undecidable?.code, 'encoding');
  });

  it('is refused when UTF-8 cannot carry it', () => {
    assert.equal(analyzeSql("select '\ud800'").undecidable?.code, 'encoding');
    assert.equal(analyzeSql("select '\udc00\ud800'").undecidable?.code, 'encoding');
    assert.equal(analyzeSql("select '😀'").undecidable, undefined);
  });

  it('is refused when it nests too deeply, and the next one is read', () => {
    for (const sql of [
      `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
      `select ${Array.from({ length: 20_000 }, () => 'a').join(' + ')} from t`,
      `select ${'not '.repeat(100_000)}true`,
    ]) {
      const { undecidable, statements } = analyzeSql(sql);
      assert.ok(undecidable?.code === 'unsupported' || undecidable?.code === 'syntax', undecidable?.code);
      assert.deepEqual(statements, []);
      assert.equal(only('select id from orders').kind, 'select');
    }
  });
});

describe('a text whose reading would grow faster than it', () => {
  const list = (length: number, name: string) =>
    Array.from({ length }, (_, index) => `${name}${index}`).join(', ');
  it('is refused', () => {
    for (const sql of [
      `select ${list(1_000, 'c')} from ${list(1_000, 't')}`,
      `select 1 from t0 ${Array.from({ length: 1_000 }, (_, index) => `join t${index + 1} using (a)`).join(' ')}`,
    ]) {
      assert.equal(analyzeSql(sql).undecidable?.code, 'unsupported');
    }
  });

  it('is read as long as somebody could mean it', () => {
    assert.equal(only(`select ${list(200, 'c')} from ${list(200, 't')}`).loose.length, 200);
    assert.equal(only(`select ${list(3_000, 'c')} from t`).columnsNamed.length, 3_000);
    assert.equal(only(`select ${'a, '.repeat(3_000)} a from t, u`).loose.length, 1);
  });
});

describe('statements of a text', () => {
  it('are none in an empty text or one of comments', () => {
    for (const sql of ['', ' ', ';', ' ; ;', '-- x', '/* x */', '/* /* x */ */ ;']) {
      assert.deepEqual(analyzeSql(sql), { statements: [], spans: [], shapeSafe: false }, sql);
    }
  });

  it('are found where they stand, whatever the encoding counts', () => {
    const parts = ["select 'ü'", " select '😀', 1", "\n/* é */ delete from t where a = 'ß'"];
    const sql = `${parts.join(';')};`;
    const { spans, statements } = analyzeSql(sql);
    assert.deepEqual(
      statements.map(({ kind }) => kind),
      ['values', 'values', 'delete'],
    );
    assert.deepEqual(
      spans?.map(({ start, end }) => sql.slice(start, end).trim()),
      ["select 'ü'", "select '😀', 1", "delete from t where a = 'ß'"],
    );
  });
});

describe('the facts of a statement', () => {
  it('tell the columns that are named, and a star', () => {
    const facts = only('select c.email, lower(name) as n, count(*) from customers c order by n, total');
    assert.deepEqual(facts.columnsNamed.toSorted(), ['email', 'name', 'total']);
    assert.equal(facts.hasStar, false);
    for (const sql of [
      'select * from t',
      'select t.* from t',
      'select (x).* from t',
      'table t',
      'insert into t (a) values (1) returning *',
      'select * from a natural join b',
      'copy t to stdout',
      'with x as (select * from t) select a from x',
    ]) {
      assert.equal(only(sql).hasStar, true, sql);
    }
    for (const sql of [
      'select count(*) from t',
      'select 2 * 3',
      'insert into t values (1)',
      'delete from t',
    ]) {
      assert.equal(only(sql).hasStar, false, sql);
    }
  });

  it('tell whether rows are left out', () => {
    const cases: readonly [sql: string, hasWhere: boolean | undefined, hasLimit: boolean | undefined][] = [
      ['select a from t', false, false],
      ['select a from t where a = 1 limit 1', true, true],
      ['select a from t where true', false, false],
      ['select a from t where 1 = 1 fetch first row only', false, true],
      ['select a from t where b union select a from t where b', true, false],
      ['select a from t where b union select a from t', false, false],
      ['(select a from t limit 1) union select a from t', false, false],
      ['select a from t union select a from t limit 1', false, true],
      ['select a from t where a in (select b from u)', true, false],
      ['update t set a = 1', false, undefined],
      ['update t set a = 1 where random() < 2', false, undefined],
      ['delete from t where current of c', true, undefined],
      ['delete from t where true or a = 1', false, undefined],
      ['delete from t where a = 1 or 1 = 1', false, undefined],
      ['delete from t where false or a = 1', true, undefined],
      ['delete from t where a = 1 or $1', false, undefined],
      ['delete from t where a = 1 and true', true, undefined],
      ['delete from t where not (a = 1 and false)', false, undefined],
      ['delete from t where not (a = 1 and b = 2)', true, undefined],
      ['delete from t where (a = 1 or true) is true', false, undefined],
      ['delete from t where a = a', false, undefined],
      ['delete from t as x where x.a >= a', false, undefined],
      ['delete from t where not a <> a', false, undefined],
      ['delete from t where a = b', true, undefined],
      ['delete from t using u where t.a = u.a', true, undefined],
      ['delete from t where ctid is not null', false, undefined],
      ['delete from t where not t.ctid is null', false, undefined],
      ["delete from t where ctid = '(0,1)'", true, undefined],
      ['delete from t where a is not null', true, undefined],
      ['with x as (delete from t) select a from t where a = 1 limit 1', false, true],
      ['with x as (delete from t where a = 1) update t set a = 1', false, undefined],
      ['with x as (select a from t) delete from t where a = 1', true, undefined],
      ['merge into t using u on t.a = u.a when matched then delete', true, undefined],
      ['merge into t using u on true when matched then delete', false, undefined],
      ['merge into t using u on t.a = u.a when not matched by source then delete', false, undefined],
      [
        'merge into t using u on t.a = u.a when not matched by source and t.b = 1 then delete',
        true,
        undefined,
      ],
      ['insert into t values (1)', undefined, undefined],
      ['insert into t select a from u limit 1', false, undefined],
      ['explain select a from t where a = 1 limit 1', true, true],
      ['copy (select a from t where a = 1 limit 1) to stdout', true, true],
      ['declare c cursor for select a from t', false, false],
      ['create table t (a int)', undefined, undefined],
      ['values (1)', undefined, false],
    ];
    for (const [sql, hasWhere, hasLimit] of cases) {
      const facts = only(sql);
      assert.deepEqual([facts.hasWhere, facts.hasLimit], [hasWhere, hasLimit], sql);
    }
  });

  it('tell what changes the meaning of later statements', () => {
    const cases: readonly [sql: string, effects: readonly unknown[]][] = [
      ['select 1', []],
      ['set a.b = 1', [{ kind: 'set', parameter: 'a.b', value: '1', local: false }]],
      ['set local a.b = x', [{ kind: 'set', parameter: 'a.b', value: 'x', local: true }]],
      [
        'SET "Search_Path" = A, "B"',
        [{ kind: 'set', parameter: 'search_path', value: 'a, "B"', local: false }],
      ],
      [
        "set standard_conforming_strings = 'off'",
        [{ kind: 'set', parameter: 'standard_conforming_strings', value: 'off', local: false }],
      ],
      ['reset work_mem', [{ kind: 'reset', parameter: 'work_mem' }]],
      ['set work_mem to default', [{ kind: 'reset', parameter: 'work_mem' }]],
      [
        'reset all',
        [
          { kind: 'role', local: false },
          { kind: 'reset', parameter: 'all' },
        ],
      ],
      [
        'set local role a',
        [
          { kind: 'role', local: true },
          { kind: 'set', parameter: 'role', value: 'a', local: true },
        ],
      ],
      ['discard all', [{ kind: 'discard', what: 'all' }]],
      ['deallocate all', [{ kind: 'deallocate', name: undefined }]],
      ['deallocate a', [{ kind: 'deallocate', name: 'a' }]],
      ['execute a', [{ kind: 'execute', name: 'a' }]],
      ['declare c cursor for select 1', [{ kind: 'declare', cursor: 'c' }]],
      ['move c', [{ kind: 'fetch', cursor: 'c' }]],
      ['close all', [{ kind: 'close', cursor: undefined }]],
      ['create temp table t (a int)', [{ kind: 'ddl' }, { kind: 'temp-table', name: 't' }]],
      ['create table pg_temp.t (a int)', [{ kind: 'ddl' }, { kind: 'temp-table', name: 't' }]],
      ['select 1 into temp t', [{ kind: 'temp-table', name: 't' }, { kind: 'ddl' }]],
      ['create temp view t as select 1', [{ kind: 'temp-table', name: 't' }, { kind: 'ddl' }]],
      ['create temp sequence t', [{ kind: 'ddl' }, { kind: 'temp-table', name: 't' }]],
      ['drop table t', [{ kind: 'ddl' }]],
      ['start transaction', [{ kind: 'transaction', what: 'begin' }]],
      ['rollback to a', [{ kind: 'transaction', what: 'rollback-to' }]],
      ['copy t from stdin', [{ kind: 'copy', direction: 'from', via: 'stdio' }]],
      ["copy t to '/x'", [{ kind: 'copy', direction: 'to', via: 'file' }]],
      ["copy t from program 'x'", [{ kind: 'copy', direction: 'from', via: 'program' }]],
      [
        "select set_config('search_path', 'x', true)",
        [{ kind: 'set', parameter: 'search_path', value: 'x', local: true }],
      ],
      [
        "select 1 where set_config('Search_Path', $1, false) is null",
        [{ kind: 'set', parameter: 'search_path', local: false }],
      ],
      [
        'select set_config(a, b, c) from t',
        [
          { kind: 'role', local: false },
          { kind: 'set', parameter: '*', local: false },
        ],
      ],
      [
        "update pg_settings set setting = 'x'",
        [
          { kind: 'role', local: false },
          { kind: 'set', parameter: '*', local: false },
        ],
      ],
    ];
    for (const [sql, effects] of cases) assert.deepEqual(only(sql).session, effects, sql);
  });

  it('keep what PREPARE prepares apart from what PREPARE itself does', () => {
    const [effect, more] = only("prepare p as select set_config('a.b', 'x', false)").session;
    assert.equal(more, undefined);
    assert.ok(effect?.kind === 'prepare' && effect.name === 'p');
    assert.equal(effect.statement.node, 'SelectStmt');
    assert.deepEqual(effect.statement.session, [{ kind: 'set', parameter: 'a.b', value: 'x', local: false }]);
  });
});

describe('shapeSafe', () => {
  const unsafe = [
    "select nextval('a')",
    "select set_config('a.b', 'c', false)",
    "select current_setting('a.b')",
    "select 'a'::regclass",
    "select cast('a' as pg_catalog.regprocedure)",
    "select regclass 'a'",
    "select query_to_xml('select 1', true, true, '')",
    "select pg_read_file('a')",
    'select 1; select 2',
    'select 1 frm t',
  ];
  for (const sql of unsafe)
    it(`is not given to ${sql}`, () => assert.equal(analyzeSql(sql).shapeSafe, false));
  for (const sql of ["select lower('a') from t where b = 1", "insert into t values (1, 'a')"]) {
    it(`is given to ${sql}`, () => assert.equal(analyzeSql(sql).shapeSafe, true));
  }
});
