import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDuration, parseSize } from './units.ts';

test('durations are milliseconds', () => {
  const cases: Readonly<Record<string, number>> = {
    '1ms': 1,
    '30s': 30_000,
    '10m': 600_000,
    '1.5h': 5_400_000,
    '1d': 86_400_000,
    '7d': 604_800_000,
    '1.001s': 1001,
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(parseDuration(text), expected, text);
});

test('what is no duration is none', () => {
  for (const text of [
    '',
    '10',
    'm',
    '10 m',
    '-1s',
    '+1s',
    '1e3s',
    '10M',
    '10min',
    '0s',
    '0.1ms',
    '8d',
    '1h30m',
    ' 1s',
    '1s\n',
    '.5s',
    '1.s',
    'Infinitys',
    '9999999999s',
  ]) {
    assert.equal(parseDuration(text), undefined, JSON.stringify(text));
  }
});

test('sizes are bytes, in powers of 1000 and 1024', () => {
  assert.deepEqual(
    ['1B', '5MB', '64KB', '64KiB', '1.5MiB', '2GB', '1GiB', '0KB'].map(parseSize),
    [1, 5_000_000, 64_000, 65_536, 1_572_864, 2_000_000_000, 1_073_741_824, 0],
  );
  assert.deepEqual([0, 512, 1024 ** 4].map(parseSize), [0, 512, 1024 ** 4]);
});

test('what is no size is none', () => {
  const values = [
    '',
    '5',
    '5mb',
    '5 MB',
    'MB',
    '-1B',
    '5TB',
    '1e3B',
    '9999GiB',
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 50,
  ];
  for (const value of values) assert.equal(parseSize(value), undefined, JSON.stringify(value));
});

test('no text gives anything but a whole number within bounds, or nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.float(), fc.constantFrom('s', 'd', 'MB', 'GiB')).map((part) => part.join('')),
      ),
      (text) => {
        for (const value of [parseDuration(text), parseSize(text)]) {
          assert.ok(value === undefined || (Number.isSafeInteger(value) && value >= 0));
        }
      },
    ),
  );
});
