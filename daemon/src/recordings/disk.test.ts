import assert from 'node:assert/strict';
import { readSync } from 'node:fs';
import { test } from 'node:test';
import { adviceFor } from './disk.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('an error of the disk says what to do', () => {
  assert.equal(
    adviceFor(Object.assign(new Error('secret'), { code: 'ENOSPC' })),
    'the disk is full; free some space (ENOSPC)',
  );
  assert.equal(
    adviceFor(Object.assign(new Error('secret'), { code: 'EWHAT' })),
    'the system refused (EWHAT)',
  );
});

test('a mistake of our own is not laid upon the disk, and says where it was made, without a word of its message', () => {
  const range = adviceFor(thrownBy(() => readSync(0, Buffer.alloc(1), 5, 9, 0)));
  assert.match(
    range,
    /^Gatehouse made a mistake \(ERR_OUT_OF_RANGE at disk\.test\.ts:\d+\); please report it$/,
  );
  assert.match(adviceFor(new TypeError('secret')), /^an unexpected error at disk\.test\.ts:\d+$/);
});
