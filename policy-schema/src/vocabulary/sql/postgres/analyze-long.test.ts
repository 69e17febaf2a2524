import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LongAnalyzer } from './analyze-long.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';

describe('long texts', () => {
  const analyzer = new LongAnalyzer();
  before(loadSqlParser);
  after(() => analyzer.close());
  const long = `delete from t where a in (${Array.from({ length: 20_000 }, (_, index) => index).join(', ')})`;

  it('are read elsewhere to the same facts', async () => {
    assert.deepEqual(await analyzer.analyze(long, { deadlineMs: 30_000 }), analyzeSql(long));
    assert.deepEqual(await analyzer.analyze('sel 1', { deadlineMs: 30_000 }), analyzeSql('sel 1'));
  });

  it('are answered in the order that they came', async () => {
    const texts = ['select a from t', long, 'select b from t'];
    const answers = await Promise.all(texts.map((text) => analyzer.analyze(text, { deadlineMs: 30_000 })));
    assert.deepEqual(
      answers.map(({ statements }) => statements[0]?.columnsNamed),
      [['a'], ['a'], ['b']],
    );
  });

  it('that take too long are given up, and the next one is read', async () => {
    const { undecidable, statements } = await analyzer.analyze(long, { deadlineMs: 0 });
    assert.equal(undecidable?.code, 'deadline');
    assert.deepEqual(statements, []);
    assert.equal((await analyzer.analyze(long, { deadlineMs: 30_000 })).statements[0]?.kind, 'delete');
  });

  it('of a size that leaves the parser swollen are read, and so is the next one', async () => {
    const huge = `select '${'x'.repeat(5 * 1024 * 1024)}'`;
    assert.equal((await analyzer.analyze(huge, { deadlineMs: 30_000 })).statements[0]?.kind, 'values');
    assert.equal((await analyzer.analyze('select 1', { deadlineMs: 30_000 })).statements[0]?.kind, 'values');
  });

  it('too many at once are refused', async () => {
    const all = await Promise.all(
      Array.from({ length: 70 }, () => analyzer.analyze('select 1', { deadlineMs: 30_000 })),
    );
    assert.equal(all.filter(({ undecidable }) => undecidable?.code === 'deadline').length, 6);
  });

  it('are refused when there is no worker to read them', async () => {
    const broken = new LongAnalyzer(new URL('./no-such-worker.ts', import.meta.url));
    assert.equal((await broken.analyze('select 1')).undecidable?.code, 'deadline');
    await broken.close();
  });
});
