import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateMeter } from './rate.ts';

test('a key gets its limit within a minute and no more', () => {
  const meter = new RateMeter();
  const start = 1_700_000_000_000;
  for (let index = 0; index < 5; index++) assert.equal(meter.take('a', 5, start + index * 1000), true);
  assert.equal(meter.take('a', 5, start + 10_000), false);
  assert.equal(meter.take('b', 5, start + 10_000), true);
  assert.equal(meter.take('a', 5, start + 60_000), true);
  assert.equal(meter.take('a', 5, start + 60_500), false);
});

test('a clock that is set back opens nothing', () => {
  const meter = new RateMeter();
  const start = 1_700_000_000_000;
  assert.equal(meter.take('a', 1, start), true);
  assert.equal(meter.take('a', 1, start - 3_600_000), false);
});

test('in no minute does a key get more than its limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 400 }),
      fc.integer({ min: 1, max: 20 }),
      (gaps, limit) => {
        const meter = new RateMeter();
        const taken: number[] = [];
        let now = 1_700_000_000_000;
        for (const gap of gaps) {
          now += gap;
          if (meter.take('k', limit, now)) taken.push(Math.floor(now / 1000));
        }
        for (const second of taken) {
          const within = taken.filter((each) => each > second - 60 && each <= second).length;
          assert.ok(within <= limit, `${within} in the minute before ${second}`);
        }
      },
    ),
  );
});
