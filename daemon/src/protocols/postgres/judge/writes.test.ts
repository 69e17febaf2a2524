import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  Lineage,
  MadeColumn,
  Operand,
  Write,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import {
  anything,
  copy,
  computed,
  nothing,
  nullTest,
  by,
  literal,
  parameter,
  value,
  writtenNull,
  lineage,
  equality,
  write,
  type Expected,
  outcome,
} from './judge.fixture.ts';

describe('writes', () => {
  const cases: readonly (readonly [string, Write, Expected])[] = [
    ['a constant into an open column', write('open', literal()), []],
    ['a constant into a new table', write('made', literal()), []],
    ['a constant into a masked column', write('redacted', literal()), ['written 40']],
    ['a parameter into a token', write('token', parameter(1)), ['written $1']],
    ['NULL into a masked column', write('token', writtenNull), []],
    ['something computed into a masked column', write('redacted', value(computed('open'))), []],
    ['what is no constant into a token', write('token', value(nothing)), 'refused'],
    ['what is no constant into a hash', write('hashed', value(nothing)), 'refused'],
    ['an open column into a token', write('token', value(copy('open'))), 'refused'],
    ['what is computed from an open column into a hash', write('hashed', value(computed('open'))), 'refused'],
    ['how many there are into a token', write('token', value(by('redacted', 'pg_catalog.count'))), 'refused'],
    ['something of its own into some column of a row with tokens', write('row', value(nothing)), 'refused'],
    ['something of its own into a token that is writable', write('ownToken', value(nothing)), []],
    ['an open column into a hash that is writable', write('ownHash', value(copy('open'))), []],
    ['a constant into a token that is writable', write('ownToken', literal()), ['written 40']],
    ['a parameter into a hash that is writable', write('ownHash', parameter(1)), ['written $1']],
    ['masked into a token that is writable', write('ownToken', value(copy('redacted'))), 'refused'],
    ['a token into a token that is writable', write('ownToken', value(copy('token'))), 'refused'],
    ['a token into itself', write('token', value(copy('token'))), []],
    ['a hash into itself', write('hashed', value(copy('hashed'))), []],
    ['open into open', write('open', value(copy('name'))), []],
    ['open into a new table', write('made', value(copy('name'))), []],
    ['masked into open', write('open', value(copy('redacted'))), 'refused'],
    ['masked into a new table', write('made', value(copy('redacted'))), 'refused'],
    ['a token into a new table', write('made', value(copy('token'))), 'refused'],
    ['masked into itself', write('redacted', value(copy('redacted'))), []],
    [
      'masked into a column under a mask of the same kind',
      write('alike', value(copy('redacted'))),
      'refused',
    ],
    ['masked into a column under another mask', write('hashed', value(copy('redacted'))), 'refused'],
    ['what is computed from masked into itself', write('redacted', value(computed('redacted'))), 'refused'],
    ['two masked columns into one of them', write('redacted', value(copy('redacted', 'alike'))), 'refused'],
    ['masked into some column of its row', write('row', value(copy('redacted'))), 'refused'],
    ['masked into what may hold anything', write('unknown', value(copy('redacted'))), 'refused'],
    ['anything into open', write('open', value(anything)), 'refused'],
    ['anything into masked', write('redacted', value(anything)), 'refused'],
    ['count() into open', write('open', value(by('redacted', 'pg_catalog.count'))), []],
    ['whether it is NULL into a new table', write('made', value(nullTest('redacted'))), []],
    [
      'whether it is NULL, which is hidden, into a new table',
      write('made', value(nullTest('nulled'))),
      'refused',
    ],
  ];
  const checked = (put: Write): Write => ({ ...put, checked: true });
  for (const [what, put, expected] of [
    ['masked into another column under its mask', write('redactedToo', value(copy('redacted'))), []],
    ['the same where that is checked', checked(write('redactedToo', value(copy('redacted')))), 'refused'],
    [
      'both where that is checked',
      checked(write('redacted', value(copy('redacted', 'redactedToo')))),
      'refused',
    ],
    ['masked into itself where it is checked', checked(write('redacted', value(copy('redacted')))), []],
    ['open into what is checked', checked(write('open', value(copy('name')))), []],
    ['a constant into what is masked and checked', checked(write('redacted', literal())), ['written 40']],
  ] satisfies typeof cases)
    test(what, () => assert.deepEqual(outcome(lineage({ form: 'none', writes: [put] })), expected));

  const named = (kind: MadeColumn['kind'], column: string, put: Operand): Write => ({
    target: undefined,
    made: { kind, schema: undefined, name: 'people', column, temporary: false },
    value: put,
  });
  for (const [what, put, expected] of [
    ['a constant to a name of tokens', named('kept', 'token', literal()), 'refused'],
    ['a constant to a name of hashes', named('shown', 'hashed', literal()), 'refused'],
    ['what is no constant to a name of tokens', named('kept', 'token', value(nothing)), 'refused'],
    ['an open column to a name of tokens', named('shown', 'token', value(copy('open'))), 'refused'],
    ['NULL to a name of tokens', named('kept', 'token', writtenNull), []],
    ['a constant to a name of tokens that are writable', named('kept', 'ownToken', literal()), []],
    ['a constant to a name under another mask', named('kept', 'redacted', literal()), []],
    ['a constant to a file of such a name', named('file', 'token', literal()), []],
    ['a token to a name of tokens in a view', named('shown', 'token', value(copy('token'))), []],
    ['a token to a name of tokens in a table', named('kept', 'token', value(copy('token'))), 'refused'],
  ] satisfies typeof cases)
    test(what, () => assert.deepEqual(outcome(lineage({ form: 'none', writes: [put] })), expected));

  for (const [what, put, expected] of cases)
    test(what, () => assert.deepEqual(outcome(lineage({ form: 'none', writes: [put] })), expected));

  test('a constant that may go into any column of a row is held against each mask', () => {
    const told = lineage({ form: 'none', writes: [write('openRow', literal())] });
    assert.deepEqual(outcome(told), []);
    // With tokens among them, nobody knows whether to turn it back.
    assert.equal(outcome(lineage({ form: 'none', writes: [write('row', literal())] })), 'refused');
  });
});

describe('tokens elsewhere in the statement', () => {
  const asked = equality(copy('token'), parameter(1));
  const cases: readonly (readonly [string, Partial<Lineage>, Expected])[] = [
    ['once', { uses: [asked] }, ['compared $1']],
    ['beside another parameter', { uses: [asked], exposedParameters: [2] }, ['compared $1']],
    ['shown, too', { uses: [asked], exposedParameters: [1] }, 'refused'],
    [
      'compared with two masked columns',
      { uses: [asked, equality(copy('tokenToo'), parameter(1))] },
      ['compared $1', 'compared $1'],
    ],
    [
      'twice in one list',
      { uses: [equality(copy('token'), parameter(1), parameter(1))] },
      ['compared $1', 'compared $1'],
    ],
    ['compared with an open column', { uses: [asked, equality(copy('open'), parameter(1))] }, 'refused'],
    [
      'written into an open column',
      { writes: [write('token', parameter(1)), write('open', parameter(1))] },
      'refused',
    ],
    ['written into a new column', { uses: [asked], writes: [write('made', parameter(1))] }, 'refused'],
    [
      'written where it is read',
      { uses: [asked], writes: [write('token', parameter(1))] },
      ['compared $1', 'written $1'],
    ],
    [
      'one constant for a masked and an open column',
      { uses: [equality(copy('token'), literal()), equality(copy('open'), literal())] },
      'refused',
    ],
    [
      'one constant for two masked columns',
      { uses: [equality(copy('token'), literal()), equality(copy('tokenToo'), literal())] },
      ['compared 40', 'compared 40'],
    ],
    [
      'a placeholder may stand anywhere, since it is not turned back',
      { writes: [write('redacted', parameter(1))], exposedParameters: [1] },
      ['written $1'],
    ],
  ];
  for (const [what, told, expected] of cases)
    test(what, () => assert.deepEqual(outcome(lineage(told)), expected));
});
