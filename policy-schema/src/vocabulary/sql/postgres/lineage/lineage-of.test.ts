import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { parseSync } from 'libpg-query';
import { loadSqlParser } from '../analyze.ts';
import type { Lineage } from './lineage.ts';
import { FixtureCatalog, toldLineage } from './lineage.fixture.ts';
import { lineageOf, unknownLineage } from './lineage-of.ts';
import { shopCatalog } from './shop.fixture.ts';

interface Case {
  readonly file: string;
  readonly sql: string;
  readonly expected: string[];
}

const folder = new URL('./cases/', import.meta.url);

/** Each file: a head line, then statements, each with the lines of its lineage after it. */
function readCases(): readonly Case[] {
  return readdirSync(folder).flatMap((file) => {
    const [, ...lines] = readFileSync(new URL(file, folder), 'utf8').split('\n');
    const cases: Case[] = [];
    for (const line of lines) {
      if (line.startsWith('--> ')) cases.at(-1)?.expected.push(line.slice(4));
      else if (line !== '') cases.push({ file, sql: line, expected: [] });
    }
    return cases;
  });
}

function lineage(sql: string, catalog: FixtureCatalog): Lineage {
  const statement = parseSync(sql).stmts?.[0]?.stmt;
  assert.ok(statement !== undefined, sql);
  return lineageOf(statement, catalog, sql);
}

describe('lineage', () => {
  before(loadSqlParser);
  const cases = readCases();

  for (const [file, own] of Map.groupBy(cases, (each) => each.file)) {
    it(`tells of ${file}`, () => {
      const catalog = shopCatalog();
      for (const { sql, expected } of own) {
        assert.deepEqual(toldLineage(lineage(sql, catalog), catalog, sql), expected, sql);
      }
    });
  }

  it('is not about nothing', () => {
    assert.ok(cases.length >= 250, `${cases.length} statements`);
  });

  it('gives the value of a constant as the server reads it', () => {
    const catalog = shopCatalog();
    const sql = `SELECT id FROM users WHERE email IN ('it''s', E'a\\tb', U&'\\0061', $$x$$, 'a'
      'b') AND age IN (- 5, 0x1F, 1_000)`;
    const values = lineage(sql, catalog).uses.map((use) =>
      use.kind === 'equality'
        ? use.with.map((each) => (each.kind === 'literal' ? each.value : each.kind))
        : [],
    );
    assert.deepEqual(values, [
      ["it's", 'a\tb', 'a', 'x', 'ab'],
      ['-5', '31', '1000'],
    ]);
  });

  it('takes what is over its bounds for anything', () => {
    const catalog = shopCatalog();
    const wide = (depth: number): string =>
      depth === 0 ? 'SELECT * FROM users' : `WITH s AS (${wide(depth - 1)}) SELECT a.*, b.* FROM s a, s b`;
    assert.ok(lineage(wide(20), catalog) === unknownLineage);
    const chain = (length: number) => Array.from({ length }, () => 'email').join(' || ');
    assert.equal(lineage(`SELECT ${chain(500)} FROM users`, catalog).columns[0]?.origins.length, 1);
    // How deep the stack reaches depends on the machine; what is beyond it is never taken for less than it is.
    const deep = lineage(`SELECT ${chain(2500)} FROM users`, catalog);
    assert.ok(deep === unknownLineage || deep.columns[0]?.origins.length === 1);
    const { form, code, columns } = unknownLineage;
    assert.deepEqual([form, code, columns[0]?.anything], ['unknown', true, true]);
  });

  it('reads long statements whole', () => {
    const catalog = new FixtureCatalog();
    const names = Array.from({ length: 1600 }, (_, index) => `c${index}`);
    catalog.add('wide', names.map((name) => `${name} text`).join(', '));
    assert.equal(lineage('SELECT * FROM wide WHERE c1599 = $1', catalog).columns.length, 1600);
    const sum = lineage(`SELECT concat(${names}) FROM wide`, catalog).columns[0];
    assert.equal(sum?.origins.length, 1600);
    const arms = Array.from({ length: 800 }, (_, index) => `SELECT c${index}, c${index + 1} FROM wide`);
    const union = lineage(arms.join(' UNION ALL '), catalog);
    assert.deepEqual(
      union.columns.map(({ origins }) => origins.length),
      [800, 800],
    );
    assert.ok(union.columns.every(({ origins }) => origins.every(({ how }) => how === 'copy')));
    const list = Array.from({ length: 20_000 }, (_, index) => `'v${index}'`);
    const [use] = lineage(`SELECT 1 FROM wide WHERE c0 IN (${list})`, catalog).uses;
    assert.equal(use?.kind === 'equality' ? use.with.length : 0, 20_000);
    const rows = Array.from({ length: 5_000 }, (_, index) => `('a${index}', $1)`);
    assert.equal(lineage(`INSERT INTO wide (c0, c1) VALUES ${rows}`, catalog).writes.length, 10_000);
    const joins = Array.from({ length: 100 }, (_, index) => `JOIN wide w${index} USING (c0)`);
    assert.equal(lineage(`SELECT c0 FROM wide ${joins.slice(0, 10).join(' ')}`, catalog).columns.length, 1);
  });

  it('follows views and functions no further than they go', () => {
    const catalog = new FixtureCatalog();
    catalog.add('base', 'id int, secret text', { keys: [[1]] });
    catalog.add('v0', 'id int, secret text', { query: 'SELECT id, secret FROM base' });
    for (let depth = 1; depth < 60; depth++) {
      catalog.add(`v${depth}`, 'id int, secret text', {
        query: `SELECT a.id, b.secret FROM v${depth - 1} a JOIN v${depth - 1} b USING (id)`,
      });
    }
    const deep = lineage('SELECT secret FROM v59', catalog);
    assert.deepEqual(toldLineage(deep, catalog, ''), ['secret: base.secret']);
    for (let depth = 1; depth < 40; depth++) {
      const inner = depth === 1 ? 'lower($1)' : `f${depth - 1}($1) || f${depth - 1}($1)`;
      catalog.addFunction(`f${depth}`, 'a', { kind: 'sql', text: `SELECT ${inner}`, scope: catalog });
    }
    assert.ok(lineage('SELECT f39(secret) FROM base', catalog) === unknownLineage);
  });
});
