import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { AnalysisCache } from './analysis-cache.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';

before(loadSqlParser);

describe('the cache of analyses', () => {
  it('gives the same object for the same text', () => {
    const cache = new AnalysisCache();
    for (const sql of [
      'select a from t',
      'select 1; select 2',
      'create table t (a int)',
      'sel 1',
      '',
      "select nextval('a')",
    ]) {
      assert.equal(cache.get(sql), cache.get(sql), sql);
      const { spans: _spans, ...expected } = analyzeSql(sql);
      const { spans: _shared, ...told } = cache.get(sql);
      assert.deepEqual(told, expected, sql);
    }
  });

  it('gives the same object for texts of one shape, without offsets', () => {
    const cache = new AnalysisCache();
    const first = cache.get("select a from t where b = 'é' and c = 1");
    assert.equal(cache.get("select a from t where b = '' and c = 200"), first);
    assert.equal(first.spans, undefined);
    assert.notEqual(cache.get("select a from t where b = 'é' and c = 1.5"), first);
  });

  it('keeps apart texts whose literals are facts', () => {
    const cache = new AnalysisCache();
    assert.notDeepEqual(cache.get("select nextval('a')"), cache.get("select nextval('b')"));
    assert.notDeepEqual(
      cache.get("select set_config('search_path', 'a', false)"),
      cache.get("select set_config('search_path', 'b', false)"),
    );
    assert.ok(cache.get("select nextval('a')").spans !== undefined);
  });

  it('does not remember an error as a shape', () => {
    const cache = new AnalysisCache();
    assert.deepEqual(cache.get('select 1 frm t x').undecidable?.position, 14);
    assert.deepEqual(cache.get('select 100 frm t x').undecidable?.position, 16);
  });

  it('lets the old go by entries and by length, and stays right', () => {
    for (const cache of [new AnalysisCache({ maxEntries: 4 }), new AnalysisCache({ maxKeyLength: 64 })]) {
      const texts = Array.from({ length: 40 }, (_, index) => `select a${index} from t`);
      const before_ = texts.map((text) => cache.get(text));
      assert.notEqual(cache.get(texts[0] ?? ''), before_[0]);
      assert.equal(cache.get(texts.at(-1) ?? ''), before_.at(-1));
      for (const [index, text] of texts.entries()) {
        assert.deepEqual(cache.get(text).statements[0]?.columnsNamed, [`a${index}`]);
      }
    }
  });

  it('does not keep what is longer than all it may hold', () => {
    const cache = new AnalysisCache({ maxKeyLength: 16 });
    const sql = 'select a, b, c, d, e, f from t';
    assert.notEqual(cache.get(sql), cache.get(sql));
  });
});
