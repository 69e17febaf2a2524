import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { RecordLine } from './entry.ts';
import { openRecorder } from './recorder.ts';
import { fill, noted, rawLines, segmentFiles, tempFolder } from './test-store.ts';
import { verify } from './verify.ts';

const child = join(import.meta.dirname, 'test-child.ts');

/** Run test-child.ts and follow what it says. */
function start(t: TestContext, args: readonly string[]): { process: ChildProcess; said: () => string } {
  const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  t.after(() => running.kill('SIGKILL'));
  return { process: running, said: () => said };
}

async function until(running: { process: ChildProcess }, condition: () => boolean): Promise<void> {
  while (!condition()) {
    assert.equal(running.process.exitCode, null, 'the child ended too early');
    await once(running.process.stdout ?? assert.fail(), 'data');
  }
}

describe('the recorder, across processes', () => {
  for (const durability of ['written', 'durable'] as const) {
    it(`loses nothing that it acknowledged when it is killed, 25 times (${durability})`, async (t) => {
      const folder = tempFolder(t);
      const safe = new Map<number, string>();
      for (let round = 0; round < 25; round++) {
        const running = start(t, ['append', folder, durability]);
        const enough = Math.floor(Math.random() * 200);
        const closed = once(running.process, 'close');
        await until(running, () => running.said().split('\n').length > enough);
        running.process.kill('SIGKILL');
        await closed;
        for (const line of running.said().split('\n').slice(0, -1)) {
          const [, seq, detail] = /^(\d+) (.*)$/.exec(line) ?? assert.fail(line);
          assert.ok(!safe.has(Number(seq)));
          safe.set(Number(seq), String(detail));
        }
        const before = await verify(folder);
        assert.equal(before.firstBad, undefined);
      }
      await (await openRecorder(folder, { durability })).close();
      const found = await verify(folder);
      assert.deepEqual([found.firstBad, found.unfinished], [undefined, undefined]);
      const lines = rawLines(folder).map((line) => JSON.parse(line) as RecordLine);
      assert.equal(lines.length, found.lines);
      assert.ok(safe.size > 25);
      for (const [seq, detail] of safe) {
        const line = lines[seq - 1];
        assert.ok(line?.kind === 'daemon.started');
        assert.deepEqual([line.seq, line.detail], [seq, detail]);
      }
    });
  }

  it('is kept out by one that writes, and not by one that was killed', async (t) => {
    const folder = tempFolder(t);
    const holder = start(t, ['hold', folder]);
    await until(holder, () => holder.said() === 'held\n');
    await assert.rejects(openRecorder(folder, { durability: 'written' }), {
      code: 'store-locked',
      message: new RegExp(`process ${holder.process.pid},`),
    });
    const closed = once(holder.process, 'close');
    holder.process.kill('SIGKILL');
    await closed;
    const recorder = await openRecorder(folder, { durability: 'written' });
    await recorder.append(noted('mine'));
    await recorder.close();
  });

  it('refuses on a full disk, loses nothing, and goes on when there is space', (t) => {
    const folder = tempFolder(t);
    // A disk of its own, 256 KiB, in a mount namespace that ends with the process.
    const script = `mount -t tmpfs -o size=256k none "$1" && dd if=/dev/zero of="$1/filler" bs=1k count=64 status=none && "$2" "$3" fill-up "$1" durable && cat "$1"/segments/*`;
    const args = ['sh', '-c', script, 'sh', folder, process.execPath, child];
    const tries = [['-rm'], ['-m']].map((flags) =>
      spawnSync('unshare', [...flags, ...args], { encoding: 'utf8' }),
    );
    const run = tries.find((each) => each.stdout?.includes('granted'));
    if (run === undefined) return t.skip(`no mount namespace here: ${tries[0]?.stderr ?? 'no unshare'}`);
    assert.equal(run.status, 0, run.stderr);
    const [granted, refused, again, then, ...segments] = run.stdout.split('\n');
    assert.equal(refused, 'refused: store-unwritable ENOSPC');
    assert.equal(again, 'refused again: store-unwritable ENOSPC');
    // The record of the outage comes between.
    assert.equal(then, 'then: 2');
    const count = Number(granted?.split(' ')[1]);
    assert.ok(count > 50);
    const details = segments.slice(0, -1).map((line) => (JSON.parse(line) as { detail: string }).detail);
    assert.equal(details.length, count + 2);
    assert.match(details[count] ?? '', /ENOSPC.*2 records were refused/);
  });

  it('refuses where a file may not grow, and cuts off what was torn', async (t) => {
    const folder = tempFolder(t);
    const script = 'ulimit -f 100 && exec "$1" "$2" hit-limit "$3"';
    const run = spawnSync('sh', ['-c', script, 'sh', process.execPath, child, folder], { encoding: 'utf8' });
    assert.match(run.stdout, /^granted \d+\nrefused: store-unwritable EFBIG\nclose: store-unwritable/);
    const granted = Number(/\d+/.exec(run.stdout)?.[0]);
    assert.ok(granted > 20);
    const found = await verify(folder);
    assert.deepEqual([found.firstBad, found.unfinished, found.lines], [undefined, undefined, granted]);
    assert.ok(statSync(segmentFiles(folder)[0] ?? '').size < 100 * 1024);
  });

  it('says so when it may not write', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 3);
    for (const each of [join(folder, 'segments'), folder]) chmodSync(each, 0o555);
    for (const each of [...segmentFiles(folder), join(folder, 'lock')]) chmodSync(each, 0o444);
    try {
      const run = spawnSync(process.execPath, [child, 'open-foreign', folder], { encoding: 'utf8' });
      assert.equal(run.stdout, 'store-unwritable EACCES\n', run.stderr);
      assert.equal((await verify(folder)).lines, 3);
    } finally {
      for (const each of [folder, join(folder, 'segments')]) chmodSync(each, 0o700);
    }
  });
});
