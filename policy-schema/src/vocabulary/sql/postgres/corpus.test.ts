import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { actionWords } from './action-words.ts';
import { sqlShapes } from '../shapes.ts';
import type { SqlActionKind } from '../vocabulary.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { deskNames } from './desk-names.ts';
import { statements } from './statements/all.ts';
import { toRequest } from './to-request.ts';

interface Case {
  readonly file: string;
  readonly sql: string;
  readonly expected: readonly string[];
}

const folder = new URL('./corpus/', import.meta.url);

/** Each file: a head line, then statements, each with the lines of its actions after it. */
function readCases(): readonly Case[] {
  return readdirSync(folder).flatMap((file) => {
    const [, ...lines] = readFileSync(new URL(file, folder), 'utf8').split('\n');
    const cases: { file: string; sql: string; expected: string[] }[] = [];
    for (const line of lines) {
      if (line.startsWith('--> ')) cases.at(-1)?.expected.push(line.slice(4));
      else if (line !== '') cases.push({ file, sql: line, expected: [] });
    }
    return cases;
  });
}

function told(sql: string): string[] {
  const session = { inTransaction: false, application: '' };
  const { request } = toRequest(sql, analyzeSql(sql), deskNames(), session);
  const fault = request.undecidable === undefined ? [] : [`undecidable: ${request.undecidable.message}`];
  return [...fault, ...request.actions.map(actionWords)];
}

describe('the corpus of statements', () => {
  before(loadSqlParser);
  const cases = readCases();

  for (const [file, own] of Map.groupBy(cases, (each) => each.file)) {
    it(`reads ${file}`, () => {
      for (const { sql, expected } of own) assert.deepEqual(told(sql), expected, sql);
    });
  }

  it('has actions of the shapes that are declared for their kinds', () => {
    const session = { inTransaction: false, application: '' };
    for (const { sql } of cases) {
      for (const { kind, facts } of toRequest(sql, analyzeSql(sql), deskNames(), session).request.actions) {
        const { always, maybe } = sqlShapes[kind as SqlActionKind];
        const own = Object.keys(facts);
        assert.deepEqual(
          [
            always.filter((key) => !own.includes(key)),
            own.filter((key) => ![...always, ...maybe].includes(key)),
          ],
          [[], []],
          `${kind}: ${sql}`,
        );
      }
    }
  });

  it('is not about nothing', () => {
    assert.ok(cases.length >= 600, `${cases.length} statements`);
    assert.ok(cases.every(({ sql, expected }) => expected.length > 0 || /^[;\s]*$|^-- |^\/\*/.test(sql)));
  });

  it('holds every kind of statement of the grammar', () => {
    const seen = new Set(cases.flatMap(({ sql }) => analyzeSql(sql).statements.map(({ node }) => node)));
    const missing = Object.keys(statements).filter((name) => !seen.has(name as keyof typeof statements));
    // The last four never stand alone; the first is only in the body of a function.
    assert.deepEqual(missing, [
      'ReturnStmt',
      'RawStmt',
      'SetOperationStmt',
      'PLAssignStmt',
      'ReplicaIdentityStmt',
    ]);
  });
});
