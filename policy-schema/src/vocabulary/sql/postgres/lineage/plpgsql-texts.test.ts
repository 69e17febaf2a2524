import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSqlParser } from '../analyze.ts';
import { plpgsqlTexts } from './plpgsql-texts.ts';
import { parsedSqlBody } from './sql-body.ts';

await loadSqlParser();

function texts(
  source: string,
  header = 'f(a int, b text, c int[]) RETURNS SETOF record',
): readonly string[] | undefined {
  const definition = `CREATE OR REPLACE FUNCTION app.${header}\n LANGUAGE plpgsql\nAS $function$${source}$function$\n`;
  return plpgsqlTexts(definition, source);
}

/** In a body that declares what most statements need. */
function inBody(statements: string, declared = ''): readonly string[] | undefined {
  return texts(`DECLARE x int; y text; r record; ${declared} BEGIN ${statements} END`);
}

test('every query and expression is told', () => {
  const told: Readonly<Record<string, readonly string[]>> = {
    'x := a + lower(b)::int;': ['SELECT  a + lower(b)::int'],
    'x = 1;': ['SELECT  1'],
    'c[one()] := two();': ['SELECT c[one()] ', 'SELECT  two()'],
    'r.x := three(a := 1);': ['SELECT  three(a := 1)'],
    'IF one() THEN NULL; ELSIF two() THEN PERFORM three(); ELSE RETURN NEXT r; END IF;': [
      'SELECT one()',
      'SELECT three()',
      'SELECT two()',
    ],
    "CASE one() WHEN two() THEN x := 1; ELSE RAISE NOTICE 'a % %', three(), y; END CASE;": [
      'SELECT one()',
      'SELECT "__Case__Variable_7__" IN (two())',
      'SELECT  1',
      'SELECT three()',
      'SELECT y',
    ],
    'LOOP EXIT WHEN one(); CONTINUE WHEN two(); END LOOP;': ['SELECT one()', 'SELECT two()'],
    'WHILE one() LOOP NULL; END LOOP;': ['SELECT one()'],
    'FOR i IN one()..two() BY three() LOOP NULL; END LOOP;': [
      'SELECT one()',
      'SELECT two()',
      'SELECT three()',
    ],
    'FOR r IN SELECT * FROM t LOOP NULL; END LOOP;': ['SELECT * FROM t'],
    'FOREACH x IN ARRAY one() LOOP NULL; END LOOP;': ['SELECT one()'],
    'SELECT q INTO STRICT x FROM t WHERE z = one();': ['SELECT q FROM t WHERE z = one()'],
    'INSERT INTO t VALUES (x) RETURNING id INTO x;': ['INSERT INTO t VALUES (x) RETURNING id'],
    'RETURN QUERY SELECT 1;': ['SELECT 1'],
    'ASSERT one(), two();': ['SELECT one()', 'SELECT two()'],
    'RAISE EXCEPTION USING MESSAGE = one(), DETAIL := two();': ['SELECT one()', 'SELECT two()'],
    'CALL app.p(x);': ['CALL app.p(x)'],
    'GET DIAGNOSTICS x = ROW_COUNT;': [],
    'COMMIT; ROLLBACK;': [],
    'BEGIN x := one(); EXCEPTION WHEN OTHERS THEN x := two(); END;': ['SELECT  one()', 'SELECT  two()'],
  };
  for (const [statement, expected] of Object.entries(told)) {
    const found = inBody(statement);
    assert.ok(found, statement);
    const tidy = (all: readonly string[]) => all.map((each) => each.replaceAll(/\s+/g, ' ').trim()).sort();
    assert.deepEqual(tidy(found), tidy(expected), statement);
  }
});

test('what declarations run is told, or the function is not read', () => {
  assert.deepEqual(texts('DECLARE x int := one(); k CONSTANT text DEFAULT two(); BEGIN END'), [
    'SELECT one()',
    'SELECT two()',
  ]);
  assert.deepEqual(
    inBody(
      'FOR q IN found(3) LOOP NULL; END LOOP;',
      'found CURSOR (n int) FOR SELECT * FROM t WHERE id = n;',
    ),
    ['SELECT * FROM t WHERE id = n', 'SELECT 3'],
  );
  // The parser does not tell these values.
  for (const declared of ['z record := one();', 'z record DEFAULT one();', 'z hr.people = one();']) {
    assert.equal(inBody('NULL;', declared), undefined, declared);
  }
});

test('what may run or read more than the texts say is not read', () => {
  for (const statement of [
    "EXECUTE 'select 1' INTO x;",
    "RETURN QUERY EXECUTE 'select 1';",
    "FOR r IN EXECUTE 'select 1' LOOP NULL; END LOOP;",
    "OPEN rc FOR EXECUTE 'select 1';",
    'OPEN rc FOR SELECT 1;',
    'FETCH rc INTO x;',
    'MOVE rc;',
    'CLOSE rc;',
    'DO $x$ BEGIN END $x$;',
    'BEGIN NULL; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS y = PG_EXCEPTION_DETAIL; END;',
    'BEGIN NULL; EXCEPTION WHEN OTHERS THEN y := sqlerrm; END;',
    'this is no statement;',
  ]) {
    assert.equal(inBody(statement, 'rc refcursor;'), undefined, statement);
  }
});

test('a source of nothing but comments hides nothing', () => {
  assert.deepEqual(texts('BEGIN /* x := 1 */ RETURN; -- DEFAULT\n END'), []);
});

test('a body that is kept parsed is the end of its definition', () => {
  const define = (end: string, header = 'app.f(begin integer, return integer DEFAULT 3)') =>
    `CREATE OR REPLACE FUNCTION ${header}\n RETURNS integer\n LANGUAGE sql\n SET search_path TO 'app'\n${end}\n`;
  assert.equal(parsedSqlBody(define('RETURN (begin + 1)'))?.trim(), 'SELECT  (begin + 1)');
  assert.equal(
    parsedSqlBody(
      define('BEGIN ATOMIC\n SELECT 1 AS "end";\n SELECT CASE WHEN true THEN 2 END;\nEND'),
    )?.trim(),
    'SELECT 1 AS "end";\n SELECT CASE WHEN true THEN 2 END;',
  );
  assert.equal(parsedSqlBody(define("AS 'SELECT 1'")), undefined);
});
