import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LiveRow } from '../../views/live/messages.ts';
import { Feed, maxRows } from './feed.ts';
import { matcherOf, noFilters } from './filters.ts';

const row = (key: string, more: Partial<LiveRow> = {}): LiveRow => ({
  key,
  folder: 'file:///shop',
  look: 'allow',
  at: '2026-05-04T10:00:00.000Z',
  agent: 'claude-code',
  resource: 'shop-db',
  protocol: 'postgres',
  session: 's',
  request: key,
  text: 'SELECT 1 FROM orders',
  prepared: false,
  rules: [{ policy: 'shop', rule: 'read-shop', effect: 'allow', file: 'f', line: 1 }],
  reason: '',
  ...more,
});
const keys = (feed: Feed): readonly string[] => feed.shown.map(({ key }) => key);

test('rows are filtered by effect, agent, resource, rule and words', () => {
  const feed = new Feed();
  feed.take([row('a'), row('b', { look: 'deny', agent: 'codex', rules: [] }), row('c', { resource: 'crm' })]);
  const shownBy = (more: object) => {
    feed.filter({ ...noFilters, ...more });
    return keys(feed).join('');
  };
  assert.equal(shownBy({ look: 'deny' }), 'b');
  assert.equal(shownBy({ agent: 'claude-code' }), 'ac');
  assert.equal(shownBy({ resource: 'crm' }), 'c');
  assert.equal(shownBy({ rule: { policy: 'shop', rule: 'read-shop' } }), 'ac');
  assert.equal(shownBy({ text: 'ORDERS codex' }), 'b');
  assert.equal(shownBy({}), 'abc');
  assert.deepEqual(
    [feed.agents, feed.resources],
    [
      ['claude-code', 'codex'],
      ['crm', 'shop-db'],
    ],
  );
});

test('a pause holds new rows back and counts them, and lets shown ones go on', () => {
  const feed = new Feed();
  feed.take([row('a', { look: 'waiting' })]);
  feed.pause(true);
  feed.take([row('b'), row('a', { look: 'allow' }), row('b', { rows: 1 })]);
  assert.deepEqual([keys(feed), feed.missed, feed.shown[0]?.look], [['a'], 1, 'allow']);
  feed.pause(false);
  assert.deepEqual([keys(feed), feed.missed, feed.shown[1]?.rows], [['a', 'b'], 0, 1]);
  feed.clear();
  assert.deepEqual([feed.total, keys(feed)], [0, []]);
});

test('the oldest rows make room', () => {
  const feed = new Feed();
  feed.take(Array.from({ length: maxRows + 5 }, (_, index) => row(`${index}`)));
  assert.equal(feed.total, maxRows);
  assert.equal(keys(feed)[0], '5');
});

test('however rows come, what is shown is what fits, in the order in which it came', () => {
  const change = fc.record({
    key: fc.nat({ max: 20 }),
    look: fc.constantFrom('allow' as const, 'deny' as const),
  });
  const step = fc.oneof(fc.array(change, { maxLength: 4 }), fc.constantFrom('pause', 'go', 'deny', 'all'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const feed = new Feed();
      for (const each of steps) {
        if (each === 'pause' || each === 'go') feed.pause(each === 'pause');
        else if (each === 'deny') feed.filter({ ...noFilters, look: 'deny' });
        else if (each === 'all') feed.filter(noFilters);
        else
          feed.take(
            (each as { key: number; look: 'allow' | 'deny' }[]).map(({ key, look }) =>
              row(`${key}`, { look }),
            ),
          );
        assert.ok(feed.shown.every(matcherOf(feed.filters)));
        assert.ok(feed.shown.every(({ key }, place) => feed.placeOf(key) === place));
        assert.equal(new Set(keys(feed)).size, feed.shown.length);
        if (!feed.paused) assert.equal(feed.missed, 0);
      }
      feed.pause(false);
      feed.filter(noFilters);
      assert.equal(feed.shown.length, feed.total);
    }),
  );
});
