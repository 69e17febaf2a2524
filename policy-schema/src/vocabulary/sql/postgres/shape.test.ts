import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shapeOf } from './shape.ts';

const key = (text: string) => shapeOf(text)?.key;

describe('the shape of a text', () => {
  it('is shared by texts that differ in the values of plain literals', () => {
    const same: readonly (readonly string[])[] = [
      ['select a from t where b = 1', 'select a from t where b = 22', 'select a from t where b = 2147483647'],
      [
        "select a from t where b = 'x'",
        "select a from t where b = ''",
        "select a from t where b = 'it''s -- é😀'",
      ],
      ['select 1.5', 'select 99999999999', 'select 2147483648'],
      ["insert into t values (1, 'a')", "insert into t values (2, 'b; drop')"],
      ['update "T" set a = -1 where b[1] = \'x\';', 'update "T" set a = -7 where b[2] = \'y\';'],
    ];
    for (const texts of same) {
      assert.notEqual(key(texts[0] ?? ''), undefined, texts[0]);
      for (const text of texts) assert.equal(key(text), key(texts[0] ?? ''), text);
    }
  });

  it('tells apart whatever may be another statement', () => {
    const different = [
      'select a from t where b = 1',
      'select a from t where b = 1.5',
      "select a from t where b = '1'",
      'select a from t where b = $1',
      'select a from t where b = $2',
      'select a from t where b = null',
      'select A from t where b = 1',
      'select "a" from t where b = 1',
      'select a from t where b = -1',
      'select a from t where  b = 1',
      'select a from t where b = x1',
      'select a from t where b in (1, 2)',
      'select a from t where b = 1;',
    ];
    const keys = different.map(key);
    assert.ok(keys.every((each) => each !== undefined));
    assert.equal(new Set(keys).size, different.length);
  });

  const refused = [
    '',
    'create table t (a int default 1)',
    "set a = 'b'",
    "copy t to '/x'",
    "execute p ('a')",
    "explain select 'a'",
    'selecting 1',
    '/* x */ select 1',
    'select 1 -- x',
    'select 1 /* x */',
    'select 1--x',
    'select $$x$$',
    'select $x$ 1 $x$',
    "select E'x'",
    "select e'x'",
    "select B'1'",
    "select X'1F'",
    "select N'x'",
    "select U&'x'",
    "select U&'!0061' uescape '!'",
    "select 'a\\b'",
    "select 'a' 'b'",
    "select 'a'\n'b'",
    "select 'a",
    'select "a',
    'select "a""b"',
    'select ""',
    'select "é"',
    'select é',
    'select 1 é',
    'select 1a',
    'select 1_000',
    'select 0x1f',
    'select 1e5',
    'select 1.',
    'select .5',
    'select 1..2',
    'select 1.2.3',
    'select a.1',
    'select $1a',
    'select $',
    "select 'a\0'",
    'select 1\0',
    "select '\ud800'",
    "select '\udc00'",
    'select 1; select 2',
    'select 1; delete from t',
    'select a::float(3)',
    'select {1}',
    'select 1\u00a0',
    'select 1\u000b',
  ];
  for (const text of refused)
    it(`is not told of ${JSON.stringify(text)}`, () => assert.equal(shapeOf(text), undefined));

  it('cannot be forged by marks in a text', () => {
    assert.equal(key('select \u0001'), undefined);
    assert.equal(key('select "\u0001"'), undefined);
    assert.equal(key("select '\u0003'"), key("select 'x'"));
  });
});
