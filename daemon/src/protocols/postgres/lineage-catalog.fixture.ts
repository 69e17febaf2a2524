import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { analyzeSql, loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import type {
  LineageCatalog,
  LineageFunction,
  LineageRelation,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import pg from 'pg';
import { Catalog } from './catalog.ts';
import { readSessionProbe, sessionProbeText } from './catalog-probe.ts';
import { lineageCatalog } from './lineage-catalog.ts';
import { atomicSchema, extensionSchema, lineageSchema } from './lineage-schema.fixture.ts';
import { wantedNames } from './wanted-names.ts';

/** One session on a server that has the schema, and what lineage is told there. */
export interface LineageSession {
  readonly query: (text: string, values?: readonly string[]) => Promise<unknown>;
  readonly rows: (text: string) => Promise<(string | null)[][]>;
  /** For the names in `text`, by the session's search path of now. */
  readonly learn: (
    text: string,
    ask?: (question: string) => Promise<(string | null)[][]>,
    catalog?: Catalog,
  ) => Promise<LineageCatalog>;
  readonly relation: (name: string) => Promise<LineageRelation>;
  readonly body: (name: string) => Promise<LineageFunction['body']>;
}

type Start = (options: {
  readonly version: '18' | 'system';
}) => Promise<pg.ClientConfig & { stop(): Promise<void> }>;

/** Declare the same tests for the newest PostgreSQL and the system's own. */
export function onEachServer(start: Start, tests: (session: LineageSession) => void): void {
  for (const version of ['18', 'system'] as const) {
    describe(`PostgreSQL ${version}`, () => {
      let client: pg.Client | undefined;
      let stop: (() => Promise<void>) | undefined;

      before(async () => {
        await loadSqlParser();
        const server = await start({ version });
        stop = () => server.stop();
        client = new pg.Client(server);
        await client.connect();
        await client.query('SET search_path = app, hr; SET check_function_bodies = off');
        for (const text of [lineageSchema, atomicSchema, extensionSchema]) await client.query(text);
      });

      after(async () => {
        await client?.end();
        await stop?.();
      });

      tests(sessionOf(() => client ?? assert.fail('no server')));
    });
  }
}

function sessionOf(client: () => pg.Client): LineageSession {
  const rows: LineageSession['rows'] = async (text) =>
    (await client().query({ text, rowMode: 'array' })).rows;
  const learn: LineageSession['learn'] = async (text, ask = rows, catalog = new Catalog()) => {
    const analysis = analyzeSql(text);
    assert.equal(analysis.undecidable, undefined);
    const view = await catalog.learnForLineage(wantedNames(analysis), ask);
    return lineageCatalog(view, readSessionProbe(await rows(sessionProbeText)));
  };
  return {
    query: (text, values) => client().query(text, [...(values ?? [])]),
    rows,
    learn,
    relation: async (name) => {
      const found = (await learn(`TABLE ${name}`)).relation(...split(name));
      return found ?? assert.fail(name);
    },
    body: async (name) => {
      const found = (await learn(`SELECT ${name}()`)).functions(...split(name));
      assert.equal(found.length, 1, name);
      return found[0]?.body ?? assert.fail(name);
    },
  };
}

function split(name: string): [string | undefined, string] {
  const [first, second] = name.split('.');
  return second === undefined ? [undefined, first ?? ''] : [first, second];
}

/** What stands behind unqualified names in a query or body. */
export function readBy(scope: LineageCatalog | undefined, ...names: readonly string[]): unknown[] {
  return names.map((name) => {
    const found = scope?.relation(undefined, name);
    return found && `${found.schema}.${found.name}: ${found.kind}`;
  });
}
