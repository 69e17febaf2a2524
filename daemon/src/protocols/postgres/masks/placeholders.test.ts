import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import fc from 'fast-check';
import { TypeOid } from '../type-oids.ts';
import { looksLikePlaceholder, looksLikeToken, mentionsToken } from './placeholders.ts';
import { valueMasker } from './value-masker.ts';

const key = Buffer.alloc(32, 5);

test('what masks of words show is a placeholder, and what tokenize shows is a token', () => {
  const kind = fc.constantFrom<MaskKind>('redact', 'partial', 'hash', 'tokenize');
  const type = fc.constantFrom(TypeOid.text, TypeOid.json, TypeOid.jsonb);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), kind, type, fc.nat(3), (text, with_, typeOid, first) => {
      const value = Buffer.from(typeOid === TypeOid.text ? text : JSON.stringify(text));
      const mask = { with: with_, keep: { first, last: 1 } };
      const shown = valueMasker(mask, typeOid, 0, key)(value, 0, value.length)?.toString() ?? '';
      assert.equal(looksLikeToken(shown), with_ === 'tokenize', shown);
      assert.equal(mentionsToken(`see ${shown}.`), with_ === 'tokenize');
      // A part of a JSON string may hold escapes, which only the marks of the mask are told by.
      assert.equal(looksLikePlaceholder(shown), with_ !== 'tokenize', shown);
    }),
    { numRuns: 500 },
  );
  const bytes = Buffer.from('\\x00');
  const token = valueMasker({ with: 'tokenize' }, TypeOid.bytea, 0, key)(bytes, 0, bytes.length)?.toString();
  assert.ok(looksLikeToken(token ?? ''));
});

test('values of people are none', () => {
  const plain = [
    '',
    'ada@mail.example',
    '[redacted',
    'a redacted text',
    '2 ** 3',
    'internationalisations1',
    'tok_visa',
    'tok_1N3T00LkdIwHu7ixt44h1F8k',
    '00ff00ff',
    '\\x746f6b5f00',
    '{"a": 1}',
  ];
  for (const text of plain) {
    assert.equal(looksLikePlaceholder(text), false, text);
    assert.equal(looksLikeToken(text), false, text);
    assert.equal(mentionsToken(text), false, text);
  }
});
