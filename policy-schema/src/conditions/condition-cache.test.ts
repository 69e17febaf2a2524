import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionCache } from './condition-cache.ts';

test('a condition is compiled once while it is in use', () => {
  const cache = new ConditionCache(3);
  const used = cache.get('request.sql.hasWhere');
  for (let i = 0; i < 20; i++) {
    cache.get(`request.text == "${i}"`);
    assert.equal(cache.get('request.sql.hasWhere'), used);
  }
});

test('what nobody asks for any more is let go', () => {
  const cache = new ConditionCache(3);
  const first = cache.get('true');
  for (let i = 0; i < 100; i++) cache.get(`request.text == "${i}"`);
  assert.ok(cache.size <= 6);
  assert.notEqual(cache.get('true'), first);
});

test('long texts do not fill the memory', () => {
  const cache = new ConditionCache(100, 1000);
  for (let i = 0; i < 100; i++) cache.get(`request.text == "${'x'.repeat(400)}${i}"`);
  assert.ok(cache.size <= 4);
  cache.get(`"${'x'.repeat(2000)}"`);
  assert.ok(cache.size <= 4);
});

test('mistakes are kept like conditions', () => {
  const cache = new ConditionCache();
  const broken = cache.get('request.');
  assert.equal(broken.ok, false);
  assert.equal(cache.get('request.'), broken);
});
