import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadSqlParser } from '../analyze.ts';
import type { LineageCatalog } from './lineage-catalog.ts';
import { longestTraced, readText } from './text-lineage.ts';

before(loadSqlParser);

const empty: LineageCatalog = {
  relation: () => undefined,
  functions: () => [],
  hasUserOperator: () => false,
  hasUserType: () => false,
};

describe('the lineage of a text', () => {
  it('is one for each statement, with the names that PREPARE and DECLARE give', () => {
    const read = readText('SELECT 1; PREPARE p AS SELECT 2; DECLARE c CURSOR FOR SELECT 3', empty);
    assert.deepEqual(
      read?.map(({ lineage, prepares, declares }) => [lineage.columns.length, prepares, declares]),
      [
        [1, undefined, undefined],
        [1, 'p', undefined],
        [1, undefined, 'c'],
      ],
    );
  });

  it('is none for a text that is too long, or that the parser does not take', () => {
    assert.equal(readText(`SELECT '${'x'.repeat(longestTraced)}'`, empty), undefined);
    assert.equal(readText('SELEC 1', empty), undefined);
    assert.deepEqual(readText('', empty), []);
  });

  it('says which names a statement takes from columns', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['ALTER TABLE t RENAME COLUMN a TO b', 'relation'],
      ['ALTER TABLE t RENAME TO u', 'relation'],
      ['ALTER VIEW v RENAME TO u', 'relation'],
      ['ALTER MATERIALIZED VIEW v RENAME COLUMN a TO b', 'relation'],
      ['ALTER FOREIGN TABLE t RENAME a TO b', 'relation'],
      ['ALTER TABLE t SET SCHEMA s', 'relation'],
      ['ALTER TABLE t DETACH PARTITION p', 'relation'],
      ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'relation'],
      ['ALTER TABLE t DETACH PARTITION p FINALIZE', 'relation'],
      ['ALTER TABLE t NO INHERIT u', 'relation'],
      ['ALTER TABLE t ALTER a DROP EXPRESSION', 'relation'],
      ['ALTER SCHEMA s RENAME TO u', 'any'],
      ['ALTER EXTENSION e SET SCHEMA s', 'any'],
      ['ALTER TABLE t ADD COLUMN a int', undefined],
      ['ALTER INDEX i RENAME TO j', undefined],
      ['ALTER FUNCTION f() RENAME TO g', undefined],
      ['ALTER TABLE t RENAME CONSTRAINT c TO d', undefined],
      ['SELECT 1', undefined],
    ];
    for (const [text, expected] of cases) assert.equal(readText(text, empty)?.[0]?.takes, expected, text);
  });
});
