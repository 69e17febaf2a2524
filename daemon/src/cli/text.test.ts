import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from 'fast-check';
import type { RecordLine } from '../recordings/entry.ts';
import { clock, duration, size } from './format.ts';
import { type LogEvent, LogJoiner } from './log-events.ts';
import { cut, lines, oneLine, padEnd, widthOf, wrap } from './text.ts';

describe('text on a terminal', () => {
  it('never holds anything that acts on it or reorders it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const line of [oneLine(text), ...lines(text)]) {
          assert.doesNotMatch(line, /\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u);
        }
      }),
    );
    assert.equal(oneLine(`drop\ttable\n x${String.fromCharCode(27)}[1A`), 'drop table x\\u{1b}[1A');
  });

  it('is never wider than it may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        const clean = oneLine(text);
        assert.ok(widthOf(cut(clean, columns)) <= columns);
        if (widthOf(clean) <= columns) assert.equal(cut(clean, columns), clean);
      }),
    );
    assert.equal(widthOf('山田'), 4);
    assert.equal(cut('山田太郎', 5), '山田…');
    assert.equal(padEnd('山', 4), '山  ');
    assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  });

  it('tells times and sizes', () => {
    assert.deepEqual([0.04, 3.44, 48.1, 1500, 125_000, 7_200_000].map(duration), [
      '0 ms',
      '3.4 ms',
      '48 ms',
      '1.5 s',
      '2 min 5 s',
      '2 h 0 min',
    ]);
    assert.deepEqual([0, 999, 1500, 5_000_000].map(size), ['0 B', '999 B', '1.5 KB', '5.0 MB']);
    assert.match(clock('2026-05-04T22:00:00Z'), /^\d\d:\d\d:\d\d$/);
  });
});

describe('the live log', () => {
  const record = (seq: number, entry: object) =>
    ({ prev: '', seq, at: '2026-05-04T22:00:00.000Z', session: 's', ...entry }) as unknown as RecordLine;
  const decided = (seq: number, request: string, effect = 'allow', more = {}) =>
    record(seq, {
      kind: 'request.decided',
      request,
      effect,
      observed: effect,
      text: request,
      reason: '',
      actions: [],
      ...more,
    });
  const answered = (seq: number, request: string) =>
    record(seq, { kind: 'request.answered', request, outcome: 'completed', rows: 1, durationMs: 5 });

  it('joins a request with a quick answer, and does not hold a slow one back', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const events: LogEvent[] = [];
      const joiner = new LogJoiner(
        () => ({ resource: 'r', agent: 'looked up', person: 'p' }),
        (event) => events.push(event),
      );
      joiner.push(decided(1, 'quick'));
      joiner.push(decided(2, 'slow'));
      joiner.push(decided(3, 'refused', 'deny'));
      joiner.push(decided(4, 'prepared', 'allow', { stage: 'prepare' }));
      joiner.push(answered(5, 'quick'));
      mock.timers.tick(1000);
      joiner.push(answered(6, 'slow'));
      joiner.push(decided(7, 'last'));
      joiner.flush();
      assert.deepEqual(
        events.map((event) => [event.text, event.standing, event.durationMs, event.agent]),
        [
          ['refused', 'deny', undefined, 'looked up'],
          ['quick', 'allow', 5, 'looked up'],
          ['slow', 'allow', undefined, 'looked up'],
          ['last', 'allow', undefined, 'looked up'],
        ],
      );
    } finally {
      mock.timers.reset();
    }
  });
});
