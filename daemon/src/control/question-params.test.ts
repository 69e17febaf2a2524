import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionParams } from './question-params.ts';

test('questions take what they are meant to take, and nothing else goes on', () => {
  const since = '2026-05-04T22:00:00Z';
  assert.deepEqual(
    questionParams.sessions({ agent: 'a', open: true, since, limit: 5, before: 9, other: 1 }),
    {
      agent: 'a',
      open: true,
      since,
      limit: 5,
      before: 9,
    },
  );
  assert.deepEqual(questionParams.requests({ effect: 'deny', text: 'x' }), { effect: 'deny', text: 'x' });
  assert.deepEqual(questionParams.session({ id: '4f', after: 0 }), { id: '4f', after: 0 });
  assert.deepEqual(questionParams.decideAgain({ of: { kind: 'requests', seqs: [1] } }), {
    of: { kind: 'requests', seqs: [1] },
    files: [],
  });
  assert.deepEqual(questionParams.agentsSeen(undefined), {});
});

test('what is out of bounds is refused in words', () => {
  const refused = (name: keyof typeof questionParams, value: unknown, words: RegExp) =>
    assert.throws(() => questionParams[name](value), words);
  refused('sessions', { limit: 501 }, /limit must be a whole number from 1 to 500/);
  refused('sessions', { open: 'yes' }, /open must be/);
  refused('sessions', { since: 'yesterday' }, /since must be a time/);
  refused('requests', { effect: 'maybe' }, /effect must be/);
  refused('requests', { before: -1 }, /before must be/);
  refused('session', {}, /id must be/);
  refused('simulate', { since: 'yesterday' }, /since must be a time/);
  refused('simulate', { files: [{ path: 'a' }] }, /text must be/);
  refused('decideAgain', { of: { kind: 'all' } }, /of\.kind must be/);
  refused('decideAgain', { of: { kind: 'requests', seqs: Array(201).fill(1) } }, /at most 200/);
  refused(
    'decideAgain',
    { of: { kind: 'session', id: 's' }, files: [{ path: 1, text: '' }] },
    /path must be/,
  );
});
