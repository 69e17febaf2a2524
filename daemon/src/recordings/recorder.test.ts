import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RecordFault } from '../core/faults.ts';
import { checkLine, GENESIS, hashLine } from './chain.ts';
import type { RecordEntry, RecordLine } from './entry.ts';
import { sampleDecided } from './entry-samples.ts';
import { Permit } from './permit.ts';
import { openRecorder } from './recorder.ts';
import { noted, rawLines, tempFolder } from './test-store.ts';

describe('the recorder', () => {
  for (const durability of ['durable', 'written'] as const) {
    it(`chains what it is given, over segments and restarts (${durability})`, async (t) => {
      const folder = tempFolder(t);
      for (let run = 0; run < 3; run++) {
        const recorder = await openRecorder(folder, { durability, segmentBytes: 4000 });
        assert.equal(recorder.lines, run * 40);
        for (let round = 0; round < 10; round++) {
          recorder.note(noted(`note ${run}.${round}`));
          const permits = await Promise.all(
            ['a', 'b', 'c'].map((name) => recorder.append(sampleDecided('s1', `${run}.${round}.${name}`))),
          );
          assert.deepEqual(
            permits.map((permit) => permit.seq),
            [2, 3, 4].map((place) => run * 40 + round * 4 + place),
          );
          assert.ok(permits.every((permit) => permit instanceof Permit));
        }
        await recorder.close();
      }
      const lines = rawLines(folder);
      assert.equal(lines.length, 120);
      let head = GENESIS;
      for (const line of lines) {
        const checked = checkLine(Buffer.from(line), head);
        assert.ok(checked.ok);
        assert.equal(checked.head.hash, hashLine(Buffer.from(line)));
        head = checked.head;
      }
      const names = readdirSync(join(folder, 'segments')).sort();
      assert.ok(names.length > 10);
      assert.equal(names[0], '00000001.ndjson');
      assert.equal(statSync(join(folder, 'segments')).mode & 0o777, 0o700);
      for (const name of names) assert.equal(statSync(join(folder, 'segments', name)).mode & 0o777, 0o600);
    });
  }

  it('keeps any text, in one line each', async (t) => {
    const folder = tempFolder(t);
    const given: RecordEntry[] = [];
    const recorder = await openRecorder(folder, { durability: 'written', segmentBytes: 10_000 });
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\ud800', '\n', '\u2028', '\0"\\'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.option(text), fc.boolean()), { maxLength: 20 }),
        async (batch) => {
          const waiting: Promise<Permit>[] = [];
          for (const [statement, parameter, wait] of batch) {
            const entry = { ...sampleDecided('s', 'r', statement), parameters: [parameter, null] };
            given.push(entry);
            if (wait) waiting.push(recorder.append(entry));
            else recorder.note(entry);
          }
          await Promise.all(waiting);
        },
      ),
    );
    await recorder.close();
    const found = rawLines(folder).map((line) => JSON.parse(line) as RecordLine);
    assert.equal(found.length, given.length);
    for (const [index, line] of found.entries()) {
      const { prev: _prev, seq, at, ...entry } = line;
      assert.equal(seq, index + 1);
      assert.equal(new Date(at).toISOString(), at);
      assert.deepEqual(entry, given[index]);
    }
  });

  it('chains lines of any length, in two stores at once', async (t) => {
    const folders = [tempFolder(t), tempFolder(t)];
    const texts = [
      '€'.repeat(100_000),
      'short',
      'a'.repeat(300_000),
      '',
      '\u{1f980}'.repeat(70_000),
      'ü'.repeat(60_000),
    ];
    const recorders = await Promise.all(folders.map((each) => openRecorder(each, { durability: 'durable' })));
    for (const together of [false, true]) {
      const waiting: Promise<Permit>[] = [];
      for (const text of texts) {
        for (const recorder of recorders) waiting.push(recorder.append(noted(text)));
        if (!together) await Promise.all(waiting);
      }
      await Promise.all(waiting);
    }
    for (const recorder of recorders) await recorder.close();
    for (const folder of folders) {
      let head = GENESIS;
      const lines = rawLines(folder);
      for (const line of lines) {
        const checked = checkLine(Buffer.from(line), head);
        assert.ok(checked.ok);
        head = checked.head;
      }
      const said = lines.map((line) => JSON.parse(line).detail);
      assert.deepEqual(said, [...texts, ...texts]);
    }
  });

  it('refuses what is no entry, alone, and says nothing of what is in it', async (t) => {
    const recorder = await openRecorder(tempFolder(t), { durability: 'written' });
    const circular: Record<string, unknown> = { kind: 'daemon.started', detail: 'hunter2' };
    circular.self = circular;
    const forged = { kind: 'daemon.started', detail: 'hunter2', seq: 1 };
    const good = recorder.append(noted('fine'));
    for (const entry of [circular, forged]) {
      await assert.rejects(recorder.append(entry as unknown as RecordEntry), (fault) => {
        assert.ok(fault instanceof RecordFault && fault.code === 'store-unwritable');
        assert.ok(!`${fault.stack}${JSON.stringify(fault)}`.includes('hunter2'));
        return true;
      });
    }
    recorder.note(circular as unknown as RecordEntry);
    await assert.rejects(recorder.append(noted('after a lost note')), { code: 'store-unwritable' });
    assert.equal((await good).seq, 1);
    const big = { kind: 'daemon.started', detail: 10n ** 20n } as unknown as RecordEntry;
    assert.equal((await recorder.append(big)).seq, 2);
    await recorder.close();
    assert.match(rawLines(recorder.folder)[1] ?? '', /"detail":"100000000000000000000"/);
  });

  it('calls subscribers with each line, in order, after it is safe, until they leave', async (t) => {
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'durable' });
    const seen: RecordLine[] = [];
    const leave = recorder.subscribe((line) => seen.push(line));
    const leaveAtOnce = recorder.subscribe(() => assert.fail('left before'));
    leaveAtOnce();
    recorder.note(noted('one'));
    await recorder.append(noted('two'));
    const { actions, masks, limits, ...request } = sampleDecided('s', 'r');
    await recorder.decided(request, { actions, masks, limits });
    recorder.note(noted('four'));
    await recorder.close();
    assert.deepEqual(
      seen,
      rawLines(folder).map((line) => JSON.parse(line)),
    );
    assert.equal(seen.length, 4);
    leave();
  });

  it('refuses after close, and closes once', async (t) => {
    const recorder = await openRecorder(tempFolder(t), { durability: 'durable' });
    const last = recorder.append(noted('last'));
    const closing = recorder.close();
    assert.equal(recorder.close(), closing);
    await assert.rejects(recorder.append(noted('late')), { code: 'store-closed' });
    assert.equal((await last).seq, 1);
    await closing;
  });

  it('lets one recorder write at a time', async (t) => {
    const folder = tempFolder(t);
    const first = await openRecorder(folder, { durability: 'written' });
    await assert.rejects(openRecorder(folder, { durability: 'written' }), (fault) => {
      assert.ok(fault instanceof RecordFault && fault.code === 'store-locked');
      assert.match(fault.message, new RegExp(`process ${process.pid},`));
      return true;
    });
    await first.close();
    await (await openRecorder(folder, { durability: 'written' })).close();
  });
});
