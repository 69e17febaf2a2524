import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecordFault } from '../core/faults.ts';
import type { RuledRequest, Ruling } from './entry.ts';
import { bodyOf, bodyOfDecided } from './entry-body.ts';
import { sampleDecided } from './entry-samples.ts';

function split(text: string): { readonly request: RuledRequest; readonly ruling: Ruling } {
  const { actions, masks, limits, ...request } = sampleDecided('s', 'r', text);
  return { request, ruling: { actions, masks, limits } };
}

function parsed(body: string | RecordFault): unknown {
  assert.ok(typeof body === 'string');
  assert.ok(!body.includes('\n'));
  return JSON.parse(`{${body}`);
}

test('a decided request reads the same whether its ruling is kept or written with it', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\n', '"}', '\\', '\u2028'));
  const action = fc.record({
    kind: text,
    facts: fc.dictionary(fc.constantFrom('table', 'columns'), fc.oneof(text, fc.array(text))),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    rules: fc.constant([]),
  });
  const mask = fc.record({ columns: fc.array(text), with: fc.constant('redact' as const), policy: text });
  const ruling = fc.record({
    actions: fc.array(action),
    masks: fc.array(mask),
    limits: fc.record({ rows: fc.nat() }, { requiredKeys: [] }),
  });
  fc.assert(
    fc.property(ruling, fc.array(text), (each, texts) => {
      for (const statement of texts) {
        const { request } = split(statement);
        const whole = parsed(bodyOf({ ...request, ...each }));
        assert.deepEqual(parsed(bodyOfDecided(request, each)), whole);
      }
    }),
  );
});

test('a decided request that says itself what its ruling says is no entry', () => {
  const { ruling } = split('select 1');
  assert.ok(bodyOfDecided(sampleDecided('s', 'r'), ruling) instanceof RecordFault);
});

test('a ruling that is no JSON is no entry, time and again', () => {
  const { request, ruling } = split('select 1');
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const broken = { ...ruling, limits: circular } as unknown as Ruling;
  for (let time = 0; time < 2; time++) assert.ok(bodyOfDecided(request, broken) instanceof RecordFault);
});
