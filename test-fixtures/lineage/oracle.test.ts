import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSync } from 'libpg-query';
import pg from 'pg';
import { loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import type { Lineage } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import { lineageOf } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-of.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { Explainer, saysAll } from './explained.ts';
import { Renaming, renamedColumns, renameValue } from './renaming.ts';
import { type ServerCatalog, serverCatalog } from './server-catalog.ts';
import { QueryMaker } from './random-query.ts';
import { statements, writes } from './statements.ts';
import { makeWorld, makeWorlds, runIn, type World } from './worlds.ts';

/**
 * Non-interference: if a statement's result, its failure or what it writes changes with the values of a column, then
 * its lineage has to name that column for it.
 */
describe('lineage against a real server', () => {
  let server: RunningPostgres;
  let client: pg.Client;
  let worlds: readonly World[];
  let catalog: ServerCatalog;

  before(async () => {
    await loadSqlParser();
    server = await startPostgres();
    client = new pg.Client({ ...server, database: server.database });
    await client.connect();
    // Which of equal rows comes first is the plan's, and would follow an index over columns that nothing asks for.
    for (const way of ['indexscan', 'indexonlyscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'hashagg']) {
      await client.query(`SET enable_${way} TO off`);
    }
    await makeWorld(client, 'plain');
    worlds = await makeWorlds(client);
    await makeWorld(client, 'renamed', (table, column, values) =>
      renamedColumns.has(`${table}.${column}`) ? values.map((value) => renameValue(String(value))) : values,
    );
    await client.query('SET search_path TO plain');
    catalog = await serverCatalog('plain', server.sql);
  });
  after(async () => {
    await client?.end();
    await server?.stop();
  });

  /** The lineages of the views that a text names, and of those that they name. */
  function viewsIn(text: string): readonly Lineage[] {
    return catalog.relations.flatMap(({ name, query }) => {
      const statement = query === undefined ? undefined : parseSync(query).stmts?.[0]?.stmt;
      if (query === undefined || statement === undefined || !new RegExp(`\\b${name}\\b`).test(text))
        return [];
      return [lineageOf(statement, catalog, query), ...viewsIn(query)];
    });
  }

  /** What changed without a word of it. */
  async function unexplained(text: string): Promise<readonly string[]> {
    const statement = parseSync(text).stmts?.[0]?.stmt;
    assert.ok(statement !== undefined, text);
    const lineage = lineageOf(statement, catalog, text);
    if (saysAll(lineage)) return [];
    const isOrdered = 'SelectStmt' in statement && statement.SelectStmt.sortClause !== undefined;
    const explainer = new Explainer(catalog, text, lineage, isOrdered, viewsIn(text));
    const plain = await runIn(client, 'plain', text, writes(text));
    const found: string[] = [];
    for (const { schema, column } of worlds) {
      if (explainer.uses(column)) continue;
      const missing = explainer.missing(column, plain, await runIn(client, schema, text, writes(text)));
      if (missing !== undefined) found.push(`${column} of ${schema}: ${missing}`);
    }
    return found;
  }

  /** Whether the statement treats values as mere names, and if so what shows that it does not. */
  async function betrayed(text: string): Promise<readonly string[] | 'it tells values apart'> {
    const statement = parseSync(text).stmts?.[0]?.stmt;
    assert.ok(statement !== undefined, text);
    const renaming = new Renaming(catalog, lineageOf(statement, catalog, text));
    const views = viewsIn(text).map((lineage) => new Renaming(catalog, lineage));
    if (!renaming.holds || !views.every(({ holds }) => holds)) return 'it tells values apart';
    const plain = await runIn(client, 'plain', text, false);
    const other = renaming.rename(text);
    const different = renaming.different(plain, await runIn(client, 'renamed', other, false));
    return different === undefined ? [] : [`${text}\n  ${other}\n  ${different}`];
  }

  it('takes values for names only where they are', async () => {
    const found: string[] = [];
    let held = 0;
    for (const text of statements) {
      if (writes(text)) continue;
      const given = await betrayed(text);
      if (given === 'it tells values apart') continue;
      held++;
      found.push(...given);
    }
    assert.deepEqual(found, []);
    assert.ok(held > statements.length / 4, `${held} statements`);
  });

  it('takes values for names only where they are, in queries made at random', async () => {
    const runs = Number(process.env.LINEAGE_RUNS ?? 150);
    let held = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (value) => {
        const text = new QueryMaker((below) => value(fc.nat, { max: below - 1 }), 'names').statement();
        const given = await betrayed(text);
        if (given === 'it tells values apart') return;
        held++;
        assert.deepEqual(given, []);
      }),
      { numRuns: runs, seed: Number(process.env.LINEAGE_SEED ?? 7), endOnFailure: true },
    );
    assert.ok(held > runs / 5, `${held} of ${runs}`);
  });

  it('explains each change', async () => {
    const found: string[] = [];
    for (const text of statements) {
      const missing = await unexplained(text);
      if (missing.length > 0) found.push([text, ...missing].join('\n  '));
    }
    assert.deepEqual(found, []);
  });

  it('explains each change of queries made at random', async () => {
    const runs = Number(process.env.LINEAGE_RUNS ?? 150);
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (value) => {
        const text = new QueryMaker((below) => value(fc.nat, { max: below - 1 })).statement();
        const plain = await runIn(client, 'plain', text, false);
        if (plain.failure === undefined) understood++;
        assert.deepEqual(await unexplained(text), [], text);
      }),
      { numRuns: runs, seed: Number(process.env.LINEAGE_SEED ?? 7), endOnFailure: true },
    );
    // Well typed is not enough: a query that always fails proves nothing.
    assert.ok(understood > runs / 3, `${understood} of ${runs} ran`);
  });
});
