import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askLiveNames } from './live-names.ts';

/** A command that prints what it is told to, and ends so. */
const printing = (output: string, status = 0): readonly string[] => [
  process.execPath,
  '-e',
  `process.stdout.write(${JSON.stringify(output)}); process.exitCode = ${status}`,
  '--',
];
const orders = { name: 'public.orders', kind: 'table', columns: [{ name: 'id', type: 'bigint' }] };

test('names of each resource are taken from the lines of the command', async () => {
  const line = (resource: string) => `${JSON.stringify({ resource, tables: [orders], partial: false })}\n`;
  const live = await askLiveNames(printing(line('a') + line('b')), '/');
  assert.deepEqual(live?.tables('a'), [orders]);
  assert.deepEqual(live?.tables('b'), [orders]);
  assert.equal(live?.tables('c'), undefined);
});

test('a resource that did not answer, or told only a part, is not known; the others are', async () => {
  const lines = `${JSON.stringify({ resource: 'part', tables: [orders], partial: true })}\nno json\n${JSON.stringify({ resource: 'a', tables: [], partial: false })}\n`;
  const live = await askLiveNames(printing(lines, 2), '/');
  assert.equal(live?.tables('part'), undefined);
  assert.deepEqual(live?.tables('a'), []);
});

test('without a daemon, a command or any answer nothing is known', async () => {
  assert.equal(await askLiveNames(printing('', 2), '/'), undefined);
  assert.equal(await askLiveNames(['/nowhere/gatehouse'], '/'), undefined);
  assert.equal(await askLiveNames([], '/'), undefined);
});
