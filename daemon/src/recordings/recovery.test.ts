import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { RecordFault } from '../core/faults.ts';
import { type Disk, realDisk } from './disk.ts';
import type { Permit } from './permit.ts';
import { openRecorder, type Recorder } from './recorder.ts';
import { fill, noted, rawLines, segmentFiles, tempFolder } from './test-store.ts';
import { verify } from './verify.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: secret-in-a-message`), { code });
}

/** A disk that a test can make fail, delay, or write a little at a time. */
class TestDisk implements Disk {
  failWrites: string | undefined;
  failSyncs: string | undefined;
  failTruncates: string | undefined;
  failOpens: string | undefined;
  /** Bytes that are taken before `failWrites` strikes. */
  room = 0;
  mostBytes = Number.POSITIVE_INFINITY;
  holdSyncs: Promise<void> | undefined;
  readonly calls: string[] = [];

  open(path: string, flags: string): number {
    if (this.failOpens !== undefined && flags.startsWith('w')) throw systemError(this.failOpens);
    return realDisk.open(path, flags);
  }
  write(fd: number, bytes: Buffer, from: number, length: number, position: number): number {
    this.calls.push('write');
    let most = Math.min(length, this.mostBytes);
    if (this.failWrites !== undefined) {
      most = Math.min(most, this.room);
      if (most === 0) throw systemError(this.failWrites);
      this.room -= most;
    }
    return realDisk.write(fd, bytes, from, most, position);
  }
  truncate(fd: number, length: number): void {
    if (this.failTruncates !== undefined) throw systemError(this.failTruncates);
    realDisk.truncate(fd, length);
  }
  async sync(fd: number): Promise<void> {
    this.calls.push('sync');
    await this.holdSyncs;
    if (this.failSyncs !== undefined) throw systemError(this.failSyncs);
    await realDisk.sync(fd);
    this.calls.push('synced');
  }
  size = realDisk.size;
  identify = realDisk.identify;
  close = realDisk.close;
}

async function proven(folder: string): Promise<number> {
  const found = await verify(folder);
  assert.equal(found.firstBad, undefined);
  assert.equal(found.unfinished, undefined);
  return found.lines;
}

function details(folder: string): readonly string[] {
  return rawLines(folder).map((line) => (JSON.parse(line) as { detail: string }).detail);
}

async function assertUnwritable(pending: Promise<Permit>): Promise<void> {
  await assert.rejects(pending, (fault) => {
    assert.ok(fault instanceof RecordFault);
    assert.equal(fault.code, 'store-unwritable');
    assert.ok(!fault.message.includes('secret'));
    assert.match(fault.message, /free some space/);
    return true;
  });
}

describe('a permit', () => {
  it('waits for its batch to be synced when durable, and the next batch gathers meanwhile', async (t) => {
    const disk = new TestDisk();
    const recorder = await openRecorder(tempFolder(t), { durability: 'durable', disk });
    let release = (): void => {};
    disk.holdSyncs = new Promise((resolve) => {
      release = resolve;
    });
    disk.calls.length = 0;
    let granted = 0;
    const count = (): void => {
      granted += 1;
    };
    const first = recorder.append(noted('first')).then(count);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    const second = recorder.append(noted('second')).then(count);
    const third = recorder.append(noted('third')).then(count);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(granted, 0);
    assert.deepEqual(disk.calls, ['write', 'sync']);
    release();
    await first;
    assert.deepEqual(disk.calls.slice(0, 3), ['write', 'sync', 'synced']);
    await Promise.all([second, third]);
    assert.deepEqual(disk.calls.slice(3), ['write', 'sync', 'synced']);
    await recorder.close();
  });

  it('waits for the write when written', async (t) => {
    const disk = new TestDisk();
    const recorder = await openRecorder(tempFolder(t), { durability: 'written', disk });
    disk.calls.length = 0;
    const pending = recorder.append(noted('one'));
    await Promise.resolve();
    assert.deepEqual(disk.calls, []);
    await pending;
    assert.deepEqual(disk.calls, ['write']);
    assert.equal(rawLines(recorder.folder).length, 1);
    await recorder.close();
  });

  it('is granted once every byte of a short write is there', async (t) => {
    const disk = new TestDisk();
    const recorder = await openRecorder(tempFolder(t), { durability: 'durable', disk });
    disk.mostBytes = 7;
    await Promise.all([recorder.append(noted('one')), recorder.append(noted('two'))]);
    assert.ok(disk.calls.filter((call) => call === 'write').length > 40);
    await recorder.close();
    assert.equal(await proven(recorder.folder), 2);
  });
});

describe('a failing disk', () => {
  for (const durability of ['durable', 'written'] as const) {
    for (const room of [0, 1, 50, 200, 300]) {
      it(`that is full after ${room} bytes refuses, and is used again when there is space (${durability})`, async (t) => {
        const disk = new TestDisk();
        const folder = tempFolder(t);
        const recorder = await openRecorder(folder, { durability, disk });
        await recorder.append(noted('before'));
        disk.failWrites = 'ENOSPC';
        disk.room = room;
        recorder.note(noted('a note'));
        const waiting = [recorder.append(noted('refused 1')), recorder.append(noted('refused 2'))];
        for (const each of waiting) await assertUnwritable(each);
        await assertUnwritable(recorder.append(noted('refused 3')));
        assert.deepEqual(details(folder), ['before']);
        disk.failWrites = undefined;
        const permit = await recorder.append(noted('after'));
        assert.equal(permit.seq, 4);
        await recorder.close();
        const found = details(folder);
        assert.deepEqual([found[0], found[2], found[3]], ['before', 'a note', 'after']);
        assert.match(found[1] ?? '', /disk is full.*ENOSPC.*3 records were refused/);
        assert.equal(await proven(folder), 4);
      });
    }
  }

  it('that fails again after it was looked for with nothing to write is used again too', async (t) => {
    const folder = tempFolder(t);
    const disk = new TestDisk();
    const recorder = await openRecorder(folder, { durability: 'written', disk });
    for (let outage = 0; outage < 2; outage++) {
      disk.failWrites = 'ENOSPC';
      await assert.rejects(recorder.append(noted(`while it is full ${outage}`)), RecordFault);
      disk.failWrites = undefined;
      await recorder.append(noted(`when there is space ${outage}`));
      // The recorder looks by itself a second after an outage began, whether anything waits or not.
      await new Promise((resolve) => setTimeout(resolve, 1200));
    }
    await recorder.close();
    assert.equal(await proven(folder), 4);
  });

  it('that cannot even be cut back is cut back later', async (t) => {
    const disk = new TestDisk();
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'written', disk });
    await recorder.append(noted('before'));
    disk.failWrites = 'ENOSPC';
    disk.failTruncates = 'EIO';
    disk.room = 30;
    await assert.rejects(recorder.append(noted('refused')), { code: 'store-unwritable' });
    assert.equal((await verify(folder)).unfinished?.bytes, 30);
    await assert.rejects(recorder.append(noted('refused')), { code: 'store-unwritable' });
    disk.failTruncates = undefined;
    disk.failWrites = undefined;
    await recorder.append(noted('after'));
    await recorder.close();
    assert.deepEqual(
      details(folder).filter((detail) => !detail.startsWith('The store')),
      ['before', 'after'],
    );
    await proven(folder);
  });

  for (const durability of ['durable', 'written'] as const) {
    it(`that fails to sync is not trusted: what no sync covered is written again, and a new segment begun (${durability})`, async (t) => {
      const disk = new TestDisk();
      const folder = tempFolder(t);
      const recorder = await openRecorder(folder, { durability, disk, segmentBytes: 600 });
      for (let n = 0; n < 4; n++) await recorder.append(noted(`before ${n}`));
      const segments = segmentFiles(folder).length;
      disk.failSyncs = 'EIO';
      let refused = 0;
      let granted = 4;
      // In `written` mode the sync comes with the next segment.
      for (let n = 0; n < 4; n++) {
        await recorder.append(noted(`during ${n}`)).then(
          () => granted++,
          (fault: unknown) => {
            assert.ok(fault instanceof RecordFault && fault.code === 'store-unwritable');
            refused += 1;
          },
        );
      }
      assert.ok(refused >= 2);
      disk.failSyncs = undefined;
      disk.calls.length = 0;
      await recorder.append(noted('after'));
      assert.ok(disk.calls.indexOf('write') < disk.calls.indexOf('sync'), 'rewrites before it syncs');
      assert.ok(segmentFiles(folder).length > segments);
      await recorder.close();
      assert.equal(await proven(folder), granted + 2);
      assert.match(details(folder).at(-2) ?? '', new RegExp(`EIO.*${refused} records were refused`));
    });
  }

  it('that cannot take a new segment goes on in it later', async (t) => {
    const disk = new TestDisk();
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'durable', disk, segmentBytes: 100 });
    await recorder.append(noted('one'));
    disk.failOpens = 'ENOSPC';
    await assertUnwritable(recorder.append(noted('two')));
    await assertUnwritable(recorder.append(noted('two')));
    disk.failOpens = undefined;
    await recorder.append(noted('three'));
    await recorder.close();
    assert.equal(await proven(folder), 3);
    assert.equal(segmentFiles(folder).length, 2);
  });

  it('keeps notes up to a bound, and refuses one request for what it gave up', async (t) => {
    const disk = new TestDisk();
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'written', disk });
    disk.failWrites = 'ENOSPC';
    for (let n = 0; n < 10_050; n++) recorder.note(noted(`${n}`));
    for (let failed = false; !failed; ) {
      failed = await recorder.append(noted('refused')).then(
        () => false,
        () => true,
      );
    }
    while (disk.calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
    disk.failWrites = undefined;
    let granted: Permit | undefined;
    while (granted === undefined) granted = await recorder.append(noted('after')).catch(() => undefined);
    await recorder.close();
    assert.match(details(folder)[0] ?? '', /50 were lost/);
    assert.equal(details(folder)[10_000], '9999');
  });

  it('makes close say what it could not take', async (t) => {
    const disk = new TestDisk();
    const recorder = await openRecorder(tempFolder(t), { durability: 'written', disk });
    disk.failWrites = 'EROFS';
    recorder.note(noted('kept'));
    await assert.rejects(recorder.close(), /last 2 records/);
  });

  it('notices a segment that was removed under it', async (t) => {
    const folder = tempFolder(t);
    let moment = 0;
    t.mock.method(performance, 'now', () => moment);
    const recorder = await openRecorder(folder, { durability: 'written' });
    await recorder.append(noted('one'));
    rmSync(segmentFiles(folder)[0] ?? '');
    moment = 1001;
    await assert.rejects(recorder.append(noted('two')), { code: 'store-unwritable' });
    await assert.rejects(recorder.append(noted('three')), { code: 'store-unwritable' });
    await assert.rejects(recorder.close());
  });

  it('notices a segment that someone else appended to', async (t) => {
    const folder = tempFolder(t);
    let moment = 0;
    t.mock.method(performance, 'now', () => moment);
    const recorder = await openRecorder(folder, { durability: 'written' });
    await recorder.append(noted('one'));
    writeFileSync(segmentFiles(folder)[0] ?? '', 'intruder', { flag: 'a' });
    moment = 1001;
    await assert.rejects(recorder.append(noted('two')), { code: 'store-corrupt' });
    await recorder.append(noted('three'));
    await recorder.close();
    assert.equal(await proven(folder), 3);
    assert.match(details(folder)[1] ?? '', /someone else changed the file/);
  });
});

describe('opening a store', () => {
  async function stored(
    t: TestContext,
  ): Promise<{ folder: string; last: string; start: number; size: number }> {
    const folder = tempFolder(t);
    await fill(folder, 13, 600);
    assert.equal(segmentFiles(folder).length, 4);
    const last = segmentFiles(folder).at(-1) ?? '';
    const bytes = readFileSync(last);
    return { folder, last, start: bytes.lastIndexOf(10, bytes.length - 2) + 1, size: bytes.length };
  }

  it('cuts off a last line that is torn at any byte, keeps it, and says so', async (t) => {
    const { folder, last, start, size } = await stored(t);
    const original = readFileSync(last);
    for (let cut = start; cut < size; cut++) {
      writeFileSync(last, original.subarray(0, cut));
      rmSync(join(folder, 'torn'), { recursive: true, force: true });
      const recorder = await openRecorder(folder, { durability: 'written' });
      const torn = cut > start;
      assert.equal(recorder.lines, torn ? 13 : 12);
      await recorder.append(noted('goes on'));
      await recorder.close();
      const found = details(folder);
      assert.equal(found.length, torn ? 14 : 13);
      assert.equal(found.at(-1), 'goes on');
      if (!torn) continue;
      const names = readdirSync(join(folder, 'torn'));
      const name = names[0] ?? '';
      assert.equal(names.length, 1);
      assert.deepEqual(readFileSync(join(folder, 'torn', name)), original.subarray(start, cut));
      assert.equal(statSync(join(folder, 'torn', name)).mode & 0o777, 0o600);
      assert.ok(
        found.at(-2)?.startsWith(`Cut ${cut - start} bytes after record 12 `) && found.at(-2)?.includes(name),
      );
      await proven(folder);
    }
  });

  for (const [what, tail] of [
    ['noughts', Buffer.alloc(5000)],
    ['half a character', Buffer.from([0x7b, 0xe2, 0x82])],
    [
      'a line of another store',
      Buffer.from(
        `{"prev":"${'0'.repeat(64)}","seq":14,"at":"2026-01-01T00:00:00.000Z","kind":"daemon.started","detail":""}\n`,
      ),
    ],
    ['an empty line', Buffer.from('\n')],
  ] as const) {
    it(`cuts ${what} off its end`, async (t) => {
      const { folder, last } = await stored(t);
      writeFileSync(last, tail, { flag: 'a' });
      const recorder = await openRecorder(folder, { durability: 'durable' });
      assert.equal(recorder.lines, 14);
      await recorder.close();
      const [name = ''] = readdirSync(join(folder, 'torn'));
      assert.deepEqual(readFileSync(join(folder, 'torn', name)), tail);
      assert.equal(await proven(folder), 14);
    });
  }

  async function refusal(folder: string): Promise<string> {
    let message = '';
    await assert.rejects(openRecorder(folder, { durability: 'written' }), (fault) => {
      assert.ok(fault instanceof RecordFault);
      assert.equal(fault.code, 'store-corrupt');
      message = fault.message;
      return true;
    });
    return message;
  }

  it('refuses damage before the last line, and names the place', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 15, 600);
    const last = segmentFiles(folder).at(-1) ?? '';
    const lines = readFileSync(last, 'utf8').split('\n');
    writeFileSync(last, [lines[0]?.replace('record', 'Record'), ...lines.slice(1)].join('\n'));
    assert.match(await refusal(folder), /segment 00000004\.ndjson, line 2/);
  });

  it('refuses a missing or shortened earlier segment, changing nothing', async (t) => {
    const { folder } = await stored(t);
    const [first = '', second = ''] = segmentFiles(folder);
    const kept = readFileSync(second);
    truncateSync(second, kept.length - 10);
    assert.match(await refusal(folder), /segment 00000002\.ndjson, last line/);
    assert.equal(statSync(second).size, kept.length - 10);
    truncateSync(second, kept.lastIndexOf(10, kept.length - 2) + 1);
    assert.match(await refusal(folder), /segment 00000003\.ndjson, line 1/);
    writeFileSync(second, kept);
    rmSync(first);
    assert.match(await refusal(folder), /segment 00000001\.ndjson.*missing/);
  });

  it('goes on in an empty last segment, and past an empty earlier one', async (t) => {
    const { folder } = await stored(t);
    writeFileSync(join(folder, 'segments', '00000005.ndjson'), '');
    writeFileSync(join(folder, 'segments', '00000006.ndjson'), '');
    const recorder: Recorder = await openRecorder(folder, { durability: 'durable' });
    assert.equal((await recorder.append(noted('goes on'))).seq, 14);
    await recorder.close();
    assert.equal(await proven(folder), 14);
    await (await openRecorder(folder, { durability: 'durable' })).close();
  });
});
