import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldStep } from '@gatehouse/daemon/control/messages.ts';
import fc from 'fast-check';
import { filmOf, frameAt, longestPauseMs, realAt } from './film.ts';

const opened = Date.parse('2026-05-04T10:00:00Z');
const at = (ms: number) => new Date(opened + ms).toISOString();

/** A step decided so long after the opening, and answered, or asked of a person, at other times. */
function step(seq: number, ms: number, more: { asked?: number; answered?: number } = {}): ToldStep {
  const line = { seq, at: at(ms), prev: '' };
  return {
    kind: 'request',
    decided: { ...line },
    ...(more.answered === undefined ? {} : { answered: { ...line, at: at(more.answered) } }),
    ...(more.asked === undefined ? {} : { approval: { asked: { ...line, at: at(more.asked) } } }),
  } as unknown as ToldStep;
}

const film = (...steps: readonly ToldStep[]) => filmOf(at(0), steps);

test('what follows closely keeps its distance, and a long pause is shortened', () => {
  const { frames, cuts } = film(step(1, 100), step(2, 600), step(3, 600_600), step(4, 601_000));
  assert.deepEqual(
    frames.map(({ playMs }) => playMs),
    [100, 600, 600 + longestPauseMs, 1000 + longestPauseMs],
  );
  assert.deepEqual(cuts, [{ fromMs: 600, untilMs: 600 + longestPauseMs, realMs: 600_000 }]);
});

test('waiting for a person and running are spans around the decision', () => {
  const [frame] = film(step(1, 1500, { asked: 1000, answered: 1800 })).frames;
  assert.deepEqual([frame?.fromMs, frame?.playMs, frame?.untilMs], [1000, 1500, 1800]);
});

test('the frame of a time is the last one by then', () => {
  const made = film(step(1, 100), step(2, 100), step(3, 300));
  assert.deepEqual(
    [0, 99, 100, 299, 300, 9999].map((ms) => frameAt(made, ms)),
    [-1, -1, 1, 1, 2, 2],
  );
  assert.equal(frameAt(film(), 5), -1);
});

test('time goes on, on both clocks, however sessions go', () => {
  const gaps = fc.array(fc.nat({ max: 100_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(gaps, (list) => {
      let now = 0;
      const steps = list.map((gap, seq) => {
        now += gap;
        return step(seq, now, { answered: now + 10 });
      });
      const made = film(...steps);
      for (const [index, frame] of made.frames.entries()) {
        const before = made.frames[index - 1];
        assert.ok(frame.playMs >= (before?.playMs ?? 0));
        assert.ok(frame.playMs - (before?.playMs ?? 0) <= longestPauseMs + 10);
        assert.ok(Math.abs(realAt(made, frame.playMs) - frame.realMs) < 1e-6);
      }
      assert.ok(made.lengthMs > (made.frames.at(-1)?.untilMs ?? 0));
    }),
  );
});
