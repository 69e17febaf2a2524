import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AppliedMask } from './decision.ts';
import { hidesAsMuch, maskWords, strictestMask } from './mask-strength.ts';
import { at } from './samples.ts';

const names = ['length', 'octet_length', 'ascii'];
const anyMask: fc.Arbitrary<AppliedMask> = fc
  .record({
    form: fc.constantFrom<Pick<AppliedMask, 'with' | 'keep' | 'step' | 'tokens'>>(
      { with: 'null' },
      { with: 'redact' },
      { with: 'hash' },
      { with: 'tokenize' },
      { with: 'tokenize', tokens: 'people' },
      { with: 'tokenize', tokens: 'things' },
      { with: 'range', step: 10 },
      { with: 'range', step: 'month' },
      { with: 'partial', keep: { first: 2, last: 0 } },
      { with: 'partial', keep: { first: 1, last: 0 } },
    ),
    harmless: fc.subarray(names),
    writable: fc.boolean(),
    line: fc.nat(9),
  })
  .map(({ form, harmless, writable, line }) => ({
    ...form,
    ...(writable && (form.with === 'hash' || form.with === 'tokenize') ? { writable: true as const } : {}),
    ...(harmless.length === 0 ? {} : { harmless }),
    columns: ['*'],
    policy: 'p',
    location: at(line),
  }));
const form = (mask: AppliedMask | undefined) =>
  mask && { with: mask.with, keep: mask.keep, step: mask.step, tokens: mask.tokens };

test('the strictest hides as much as each, whatever their order', () => {
  fc.assert(
    fc.property(fc.array(anyMask, { minLength: 1, maxLength: 5 }), fc.nat(), (masks, turn) => {
      const all = strictestMask(masks);
      assert.ok(all !== undefined);
      for (const mask of masks) assert.ok(hidesAsMuch(all, mask), JSON.stringify([all, mask]));
      const at = turn % masks.length;
      const other = strictestMask([...masks.slice(at), ...masks.slice(0, at)].reverse());
      assert.deepEqual(form(other), form(all));
      assert.equal(other?.writable, all.writable);
      assert.deepEqual([...(other?.harmless ?? [])].sort(), [...(all.harmless ?? [])].sort());
    }),
    { numRuns: 500 },
  );
  assert.equal(strictestMask([]), undefined);
});

test('to hide as much is an order', () => {
  fc.assert(
    fc.property(anyMask, anyMask, anyMask, (a, b, c) => {
      assert.ok(hidesAsMuch(a, a));
      if (hidesAsMuch(a, b) && hidesAsMuch(b, c)) assert.ok(hidesAsMuch(a, c));
    }),
    { numRuns: 500 },
  );
});

test('null hides more than redact, which hides more than the others, and these do not compare', () => {
  const of = (kind: AppliedMask['with'], more: Partial<AppliedMask> = {}): AppliedMask => ({
    columns: ['*'],
    with: kind,
    policy: 'p',
    location: at(1),
    ...more,
  });
  const strictest = (...masks: AppliedMask[]) => strictestMask(masks)?.with;
  assert.equal(strictest(of('redact'), of('null')), 'null');
  for (const kind of ['hash', 'tokenize', 'range', 'partial'] as const) {
    assert.equal(strictest(of(kind), of('redact')), 'redact');
    assert.equal(strictest(of(kind), of('null')), 'null');
  }
  assert.equal(strictest(of('hash'), of('tokenize')), 'redact');
  assert.equal(strictest(of('range', { step: 10 }), of('range', { step: 20 })), 'redact');
  const same = of('range', { step: 10 });
  assert.equal(strictestMask([same, of('range', { step: 10 })]), same);
  const lax = of('tokenize', { harmless: ['length', 'ascii'] });
  assert.deepEqual(strictestMask([lax, of('tokenize', { harmless: ['ascii'] })])?.harmless, ['ascii']);
  assert.equal(strictestMask([lax, of('null')])?.harmless, undefined);
});

test('a mask in words', () => {
  assert.equal(maskWords({ with: 'redact' }), 'redact');
  assert.equal(maskWords({ with: 'range', step: 'month' }), 'range of month');
  assert.equal(maskWords({ with: 'partial', keep: { first: 2, last: 0 } }), 'partial that keeps 2 and 0');
  assert.equal(maskWords({ with: 'hash', harmless: ['length', 'ascii'] }), 'hash but for length, ascii');
});

test('a mask that may be written hides less, where what becomes of values can be compared', () => {
  for (const kind of ['tokenize', 'hash'] as const) {
    assert.equal(hidesAsMuch({ with: kind, writable: true }, { with: kind }), false);
    assert.equal(hidesAsMuch({ with: kind }, { with: kind, writable: true }), true);
  }
  assert.equal(hidesAsMuch({ with: 'redact' }, { with: 'hash', writable: true }), true);
});

test('masks that meet are writable only if all of them are', () => {
  const of = (more: Partial<AppliedMask>): AppliedMask => ({
    columns: ['*'],
    with: 'tokenize',
    policy: 'p',
    location: at(1),
    ...more,
  });
  const writable = of({ writable: true });
  const meeting = (...masks: AppliedMask[]) => strictestMask(masks)?.writable;
  assert.equal(meeting(writable, of({ writable: true, harmless: ['length'] })), true);
  assert.equal(meeting(writable, of({ writable: true, harmless: ['length'] }), of({})), undefined);
  assert.equal(meeting(of({ harmless: ['length'] }), of({ writable: true, harmless: ['ascii'] })), undefined);
  // Redacted, it shows nothing that could be compared.
  assert.equal(meeting(writable, of({ with: 'hash', writable: true })), undefined);
  assert.equal(maskWords(writable), 'tokenize, writable');
});
