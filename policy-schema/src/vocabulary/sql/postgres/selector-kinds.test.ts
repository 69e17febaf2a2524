import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Action } from '../../vocabulary.ts';
import { sqlVocabulary } from '../vocabulary.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { deskNames } from './desk-names.ts';
import { dataStatement } from './statements.fixture.ts';
import { objectNames } from './object-kinds.ts';
import { toRequest } from './to-request.ts';

const folder = new URL('./corpus/', import.meta.url);

function requested(sql: string): readonly Action[] {
  const session = { inTransaction: false, application: '' };
  return toRequest(sql, analyzeSql(sql), deskNames(), session).request.actions;
}

/** `table of set`: a fact and the kind of an action that carries it. */
function carried(sql: string): string[] {
  return requested(sql).flatMap(({ kind, facts }) => Object.keys(facts).map((fact) => `${fact} of ${kind}`));
}

const declared = new Set(
  Object.values(sqlVocabulary.selectors).flatMap(({ fact, on }) => on.map((kind) => `${fact} of ${kind}`)),
);

describe('the kinds of action that carry a fact', () => {
  before(loadSqlParser);

  it('are declared, those of every statement of the corpus', () => {
    const seen = new Set<string>();
    for (const file of readdirSync(folder)) {
      for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n').slice(1)) {
        if (line === '' || line.startsWith('-')) continue;
        for (const { facts } of requested(line)) {
          if (typeof facts.object !== 'string' || facts.object === '*') continue;
          assert.ok(objectNames.includes(facts.object), `${facts.object}: ${line}`);
        }
        for (const each of carried(line)) {
          assert.ok(declared.has(each), `${each}: ${line}`);
          seen.add(each);
        }
      }
    }
    assert.ok(seen.size > 60, `${seen.size} kinds and facts`);
  });

  it('are declared, those of random statements', () => {
    fc.assert(
      fc.property(dataStatement, (sql) => {
        for (const each of carried(sql)) assert.ok(declared.has(each), each);
      }),
      { numRuns: 200 },
    );
  });

  it('are declared for every selector', () => {
    for (const [key, { on }] of Object.entries(sqlVocabulary.selectors)) assert.ok(on.length > 0, key);
  });
});
