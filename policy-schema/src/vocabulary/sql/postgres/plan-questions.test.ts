import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { planQuestions } from './plan-questions.ts';

const questions = (text: string) => {
  const { statements, spans, undecidable } = analyzeSql(text);
  assert.equal(undecidable, undefined, text);
  return planQuestions(text, statements, spans).map((question) =>
    question.kind === 'statement' ? question.text : question,
  );
};

describe('what is planned of a text', () => {
  before(loadSqlParser);

  it('is the text itself, for what EXPLAIN takes', () => {
    for (const text of [
      'select 1',
      'values (1)',
      'insert into t values (1)',
      'update t set a = 1',
      'delete from t',
      'merge into t using s on t.a = s.a when matched then delete',
      'execute p(1)',
      'declare c cursor for select 1',
      'create table t as select 1',
      'create materialized view m as select 1',
      'select 1; -- the end',
    ])
      assert.deepEqual(questions(text), [text]);
  });

  it('is nothing, for what the server does not plan', () => {
    for (const text of [
      '',
      'begin',
      'set a = 1',
      'create table t (a int)',
      'copy t from stdin',
      'prepare p as select 1',
      'fetch c',
      'explain select 1',
      'vacuum',
    ])
      assert.deepEqual(questions(text), [], text);
  });

  it('is not known of code', () => {
    for (const text of ['do $$ begin end $$', 'call p()'])
      assert.deepEqual(questions(text), [{ kind: 'unknown', why: 'code in it may run any statement' }]);
  });

  it('is the query inside of COPY and EXPLAIN ANALYZE', () => {
    for (const [text, inner] of [
      ['copy /* ( é */ (select \')\', "é" from t) to stdout', 'select \')\', "é" from t'],
      ['copy t to stdout', 'SELECT * FROM "t"'],
      ['copy s."T""x" (a, "B") to \'/tmp/x\'', 'SELECT "a", "B" FROM "s"."T""x"'],
      ['explain analyze select 1', 'select 1'],
      ['EXPLAIN ANALYSE VERBOSE delete from t', 'delete from t'],
      ['explain (analyze, format json) select 1', 'select 1'],
      ["explain (analyze) /* é */ (select 'é') union select 2", "(select 'é') union select 2"],
    ] as const)
      assert.deepEqual(questions(text), [inner]);
  });

  it('is the query of a materialized view, by its name', () => {
    assert.deepEqual(questions('refresh materialized view concurrently s.v'), [
      { kind: 'view', relation: { schema: 's', name: 'v' } },
    ]);
  });

  it('is each statement of a text for itself', () => {
    assert.deepEqual(questions("begin; select 'é;'; delete from t where a = 1; commit"), [
      "select 'é;'",
      'delete from t where a = 1',
    ]);
  });
});
