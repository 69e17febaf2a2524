import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { SqlAnalysis } from './analysis.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { deskNames } from './desk-names.ts';
import { shapeOf } from './shape.ts';
import { dataStatement, literal } from './statements.fixture.ts';
import { toRequest } from './to-request.ts';

before(loadSqlParser);

function withoutSpans({ spans: _spans, ...rest }: SqlAnalysis): Omit<SqlAnalysis, 'spans'> {
  return rest;
}

const pieces = fc.constantFrom(
  ...[
    'select',
    'from',
    'where',
    'with',
    'delete',
    'insert into',
    'create',
    'table',
    'as',
    '(',
    ')',
    ',',
    ';',
    '*',
  ],
  ...[
    "'",
    '"',
    "E'",
    '$$',
    '$x$',
    '--',
    '/*',
    '*/',
    '\\',
    "U&'",
    'é',
    '😀',
    '\n',
    '.',
    '::',
    '1',
    '1e5',
    '0x',
  ],
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 20 }).map((parts) => parts.join(' ')),
);

describe('any text', () => {
  it('is read without throwing, to facts or to a reason', () => {
    const session = { inTransaction: false, application: '' };
    fc.assert(
      fc.property(anyText, (text) => {
        const analysis = analyzeSql(text);
        assert.ok(analysis.undecidable === undefined || analysis.statements.length === 0);
        toRequest(text, analysis, deskNames(), session);
        shapeOf(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a statement', () => {
  const padding = fc.constantFrom(' ', '\n', '\t', '/**/', '/* x */', '/* /* x */ ; */', '-- x\n', ' \f ');

  it('means the same between comments and spaces', () => {
    fc.assert(
      fc.property(dataStatement, padding, padding, (text, before_, after) => {
        const plain = analyzeSql(text);
        const padded = analyzeSql(`${before_}${text.replaceAll(' as ', `${after}as${after}`)}${after}`);
        fc.pre(plain.undecidable === undefined && !/'[^']* as /.test(text));
        assert.deepEqual(withoutSpans(padded), withoutSpans(plain));
      }),
      { numRuns: 400 },
    );
  });

  it('means the same in any case, outside of quotes', () => {
    fc.assert(
      fc.property(dataStatement, (text) => {
        const plain = analyzeSql(text);
        fc.pre(plain.undecidable === undefined);
        const upper = text.replaceAll(
          /("[^"]*"|'(?:[^']|'')*')|[a-z]+/g,
          (word, quoted) => quoted ?? word.toUpperCase(),
        );
        assert.deepEqual(withoutSpans(analyzeSql(upper)), withoutSpans(plain));
      }),
      { numRuns: 400 },
    );
  });

  it('does the same before and after others', () => {
    fc.assert(
      fc.property(dataStatement, dataStatement, (first, second) => {
        const apart = [analyzeSql(first), analyzeSql(second)];
        fc.pre(apart.every(({ undecidable }) => undecidable === undefined));
        const both = analyzeSql(`${first};${second}`);
        assert.deepEqual(
          both.statements,
          apart.flatMap(({ statements }) => statements),
        );
        assert.deepEqual(
          both.spans?.map(({ start, end }) => `${first};${second}`.slice(start, end)),
          [first, second],
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('texts of one shape', () => {
  it('have the same facts, when those are told to be safe', () => {
    let compared = 0;
    fc.assert(
      fc.property(dataStatement, fc.array(literal, { minLength: 8, maxLength: 8 }), (text, literals) => {
        const shape = shapeOf(text);
        const analysis = analyzeSql(text);
        fc.pre(shape !== undefined && analysis.shapeSafe);
        let next = 0;
        const other = text.replaceAll(
          /("[^"]*")|'(?:[^']|'')*'|(?<![\w$])\d+(?:\.\d+)?/g,
          (whole, quoted) => quoted ?? literals[next++ % literals.length] ?? whole,
        );
        if (shapeOf(other)?.key !== shape?.key) return;
        compared++;
        assert.deepEqual(withoutSpans(analyzeSql(other)), withoutSpans(analysis));
      }),
      { numRuns: 1500 },
    );
    assert.ok(compared > 100, `${compared} pairs`);
  });
});
