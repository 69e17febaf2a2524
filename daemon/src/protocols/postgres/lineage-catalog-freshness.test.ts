import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeSql, loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { Catalog } from './catalog.ts';
import { onEachServer } from './lineage-catalog.fixture.ts';
import { SessionState } from './session-state.ts';
import { SessionView } from './session-view.ts';
import { wantedNames } from './wanted-names.ts';

test('what changes an answer is known to change the catalog', async () => {
  await loadSqlParser();
  for (const text of [
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'ALTER FUNCTION f() SET search_path = hr',
    'ALTER FUNCTION f() SECURITY DEFINER',
    'DROP FUNCTION f()',
    "ALTER TYPE mood ADD VALUE 'fine'",
    'ALTER DOMAIN code ADD CHECK (true)',
    'CREATE DOMAIN code AS text',
    'CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same)',
    'DROP OPERATOR === (text, text)',
    'CREATE CAST (mood AS date) WITH FUNCTION to_date(mood)',
    'DROP CAST (mood AS date)',
    'CREATE RULE away AS ON INSERT TO t DO INSTEAD NOTHING',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'CREATE MATERIALIZED VIEW m AS SELECT 1',
    'CREATE TABLE t AS SELECT 1',
    'ALTER TABLE t ADD PRIMARY KEY (id)',
    'ALTER TABLE t INHERIT u',
    'CREATE UNIQUE INDEX ON t (id)',
    'DROP INDEX i',
    'CREATE EXTENSION citext',
    'ALTER EXTENSION citext SET SCHEMA app',
    'ALTER SCHEMA app RENAME TO other',
    'IMPORT FOREIGN SCHEMA public FROM SERVER s INTO app',
    'ALTER VIEW v RENAME TO w',
    'CREATE AGGREGATE a (text) (SFUNC = textcat, STYPE = text)',
    'REASSIGN OWNED BY ada TO bob',
    'DROP OWNED BY ada',
  ]) {
    const { statements, undecidable } = analyzeSql(text);
    assert.equal(undecidable, undefined, text);
    assert.ok(
      statements[0]?.session.some(({ kind }) => kind === 'ddl'),
      text,
    );
  }
});

onEachServer(startPostgres, ({ rows, learn }) => {
  test('what was learned is not asked for again, and no question seems dear to the planner', async () => {
    const questions: string[] = [];
    const ask = (question: string) => {
      questions.push(question);
      return rows(question);
    };
    const catalog = new Catalog();
    const text = 'SELECT deep(1), looks(2), glue(name) FROM two, information_schema.columns';
    await learn(text, ask, catalog);
    for (const question of questions) {
      const plan = await rows(`EXPLAIN (FORMAT JSON) ${question}`);
      const told = plan[0]?.[0] as unknown as readonly {
        readonly Plan: { readonly 'Total Cost': number };
      }[];
      const cost = told[0]?.Plan['Total Cost'] ?? Number.POSITIVE_INFINITY;
      assert.ok(cost < 50_000, `half of jit_above_cost: ${cost}: ${question}`);
    }
    const asked = questions.length;
    assert.equal(catalog.knowsForLineage(wantedNames(analyzeSql(text))), true);
    await learn(text, ask, catalog);
    assert.equal(questions.length, asked);
    catalog.invalidate();
    assert.equal(catalog.knowsForLineage(wantedNames(analyzeSql(text))), false);
  });

  test('a session keeps one catalog until its names may mean something else', async () => {
    let questions = 0;
    const probe = (question: string) => {
      questions++;
      return rows(question);
    };
    const view = new SessionView({ catalog: new Catalog(), state: new SessionState(''), probe });
    const wanted = wantedNames(analyzeSql('SELECT name FROM two'));
    await view.learn(wanted);
    const asked = questions;
    assert.equal(view.knownForLineage(wanted), undefined);
    assert.equal(questions, asked, 'nothing is asked for sessions without masks');
    const learned = await view.learnForLineage(wanted);
    assert.equal(view.knownForLineage(wanted), learned);
    view.apply({ kind: 'set', parameter: 'search_path', local: false });
    assert.equal(view.knownForLineage(wanted), undefined);
    assert.equal(await view.learnForLineage(wanted), learned, 'the path is the same after all');
    view.apply({ kind: 'ddl' });
    assert.equal(view.knownForLineage(wanted), undefined);
    assert.notEqual(await view.learnForLineage(wanted), learned);
  });

  test('what is forgotten while one waits is learned again', async () => {
    const catalog = new Catalog();
    let questions = 0;
    const found = await learn(
      'SELECT deep(1)',
      (question) => {
        if (++questions % 2 === 0 && questions < 8) catalog.invalidate();
        return rows(question);
      },
      catalog,
    );
    const [deep] = found.functions(undefined, 'deep');
    assert.ok(deep?.body.kind === 'sql');
    assert.equal(deep.body.scope.relation('app', 'named')?.kind, 'view');
    assert.ok(questions > 8);
  });
});
