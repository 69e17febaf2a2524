import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RecordEntry } from './entry.ts';
import { sampleAnswered, sampleDecided, sampleOpened, sampleSession } from './entry-samples.ts';
import { openRecorder } from './recorder.ts';
import { type ReplayStep, replaySession } from './replay.ts';
import { openIndex } from './store-index.ts';
import { tempFolder, tickingClock } from './test-store.ts';

async function replayed(
  t: TestContext,
  entries: readonly RecordEntry[],
  session: string,
): Promise<ReplayStep[]> {
  const folder = tempFolder(t);
  const recorder = await openRecorder(folder, {
    durability: 'written',
    segmentBytes: 3000,
    now: tickingClock(),
  });
  for (const entry of entries) await recorder.append(entry);
  await recorder.close();
  const index = openIndex(folder);
  try {
    await index.catchUp();
    const steps: ReplayStep[] = [];
    for await (const step of replaySession(index, session)) steps.push(step);
    return steps;
  } finally {
    index.close();
  }
}

function brief(step: ReplayStep): string {
  switch (step.kind) {
    case 'opened':
    case 'closed':
      return step.kind;
    case 'approval':
      return `approval ${step.approval.asked.approval} ${step.approval.answered?.answer ?? 'unanswered'}`;
    case 'request': {
      const approval =
        step.approval === undefined ? '' : ` after ${step.approval.answered?.answer ?? 'nothing'}`;
      return `${step.decided.request} ${step.decided.effect} ${step.answered?.outcome ?? 'unanswered'}${approval}`;
    }
  }
}

describe('replay', () => {
  it('joins what belongs together, in order, with the gaps', async (t) => {
    const [opened, ...rest] = sampleSession('one', 1);
    const other = sampleSession('two', 20);
    // Two sessions whose records alternate.
    const entries = [opened, ...rest]
      .flatMap((entry, n) => [entry, other[n]])
      .filter((entry) => entry !== undefined);
    const steps = await replayed(t, entries, 'one');
    assert.deepEqual(steps.map(brief), [
      'opened',
      'one-0 allow completed',
      'one-denied deny unanswered',
      'one-held approve completed after approved',
      'one-prepared allow unanswered',
      'one-failed allow failed',
      'closed',
    ]);
    assert.deepEqual(
      steps.map((step) => step.gapMs),
      [0, 20, 40, 60, 40, 20, 40],
    );
    const held = steps[3];
    assert.ok(held?.kind === 'request');
    assert.equal(held.approval?.waitedMs, 20);
    assert.equal(held.answered?.result?.columns[0], 'abalance');
    assert.equal(held.at.toISOString(), held.decided.at);
  });

  it('keeps the order of a pipeline whose answers come later, and tells what was never answered', async (t) => {
    const steps = await replayed(
      t,
      [
        sampleOpened('s'),
        sampleDecided('s', 'a'),
        sampleDecided('s', 'b'),
        sampleDecided('s', 'c'),
        sampleAnswered('s', 'c'),
        sampleAnswered('s', 'a'),
        {
          kind: 'approval.asked',
          session: 's',
          approval: 'h',
          text: 'x',
          digest: '',
          by: [],
          expires: '',
          reason: '',
          policyDigest: '',
        },
        { kind: 'approval.answered', session: 's', approval: 'h', answer: 'withdrawn' },
        sampleDecided('s2', 'd', '"session":"s"'),
      ],
      's',
    );
    assert.deepEqual(steps.map(brief), [
      'opened',
      'a allow completed',
      'b allow unanswered',
      'c allow completed',
      'approval h withdrawn',
    ]);
  });

  it('finds a session by the beginning of its id, and says when there is none', async (t) => {
    const entries = sampleSession('long-name', 2);
    assert.equal((await replayed(t, entries, 'long')).length, 8);
    await assert.rejects(replayed(t, entries, 'none'), { code: 'session-unknown' });
  });
});
