import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadReaders, readers } from '../readers.ts';
import { sampleKinds, sampleStatements } from './sample-statements.ts';
import { sqlVocabulary } from './vocabulary.ts';

before(loadReaders);

const read = (text: string) => readers.postgres.read(text, { inTransaction: false, application: 'test' });
const names = { table: 'public.orders', function: 'public.f', parameter: 'work_mem' };

test('every statement can be decided and does what it is for', () => {
  for (const kind of sampleKinds) {
    const texts = sampleStatements(kind, names);
    assert.ok(texts.length > 0, kind);
    for (const text of texts) {
      const { actions, undecidable } = read(text);
      assert.equal(undecidable, undefined, text);
      assert.ok(
        actions.some((action) => action.kind === kind),
        text,
      );
    }
  }
  assert.deepEqual([...sampleKinds].sort(), Object.keys(sqlVocabulary.actions).sort());
});

test('names come out of a statement as they went in, whatever they hold', () => {
  const strange = { ...names, table: 'Shop."a.b*"', columns: ['group', 'e"mail'], name: `it's` };
  assert.deepEqual(
    sampleStatements('select', strange).map((text) => read(text).actions[0]?.facts),
    [
      ...Array.from({ length: 4 }, () => ({ table: 'Shop."a.b*"', columns: ['group', 'e"mail'] })),
      { table: 'Shop."a.b*"', columns: [] },
    ],
  );
  assert.ok(sampleStatements('copy', strange).every((text) => read(text).actions[0]?.facts.name === `it's`));
  assert.deepEqual(sampleStatements('select', { ...names, table: 'a."b' }), []);
  assert.deepEqual(sampleStatements('toString', names), []);
});
