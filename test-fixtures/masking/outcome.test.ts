import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeDataRow,
  encodeRowDescription,
} from '@gatehouse/daemon/protocols/postgres/wire/backend-messages.ts';
import { comparable } from './outcome.ts';

/** What the daemon encodes has a type byte and a length in front of the body. */
const body = (frame: Buffer): Buffer => frame.subarray(5);

function rowOf(value: string, typeOid: number, format: 0 | 1): string {
  const field = {
    name: 'a',
    tableOid: 0,
    attributeNumber: 0,
    typeOid,
    typeLength: -1,
    typeModifier: -1,
    format,
  };
  const messages = [
    { type: 'T', body: body(encodeRowDescription([field])) },
    { type: 'D', body: body(encodeDataRow([Buffer.from(value, 'latin1')])) },
  ];
  return comparable({ messages }).split('\n').at(-1) ?? '';
}

test('a number in binary is what a mask made, also where its bytes look like a text', () => {
  assert.equal(rowOf('U%JrzF]d', 20, 1), 'D <made 1>');
  assert.equal(rowOf('\u0000\u0001JrzF]d', 20, 1), 'D <made 1>');
});

test('a text is none, in binary neither', () => {
  assert.equal(rowOf('U%JrzF]d', 25, 1), 'D "U%JrzF]d"');
  assert.equal(rowOf('Zoë Müller', 25, 1), 'D "Zoë Müller"');
  assert.equal(rowOf('U%JrzF]d', 20, 0), 'D "U%JrzF]d"');
});
