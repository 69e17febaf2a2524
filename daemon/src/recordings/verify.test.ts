import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { hashLine } from './chain.ts';
import { readRecords } from './read-segments.ts';
import { openRecorder } from './recorder.ts';
import { fill, rawLines, segmentFiles, tempFolder } from './test-store.ts';
import { type BadRecord, verify } from './verify.ts';

/** A store of 60 records in several segments, changed by `tamper`, which gets the lines of each segment. */
async function tampered(t: TestContext, tamper: (segments: string[][]) => void): Promise<string> {
  const folder = tempFolder(t);
  await fill(folder, 60);
  const files = segmentFiles(folder);
  const segments = files.map((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1));
  assert.ok(segments.length >= 5 && segments.slice(0, -1).every((lines) => lines.length >= 5));
  tamper(segments);
  for (const [index, lines] of segments.entries()) {
    writeFileSync(files[index] ?? '', lines.map((line) => `${line}\n`).join(''));
  }
  return folder;
}

function lineOf(segments: string[][], segment: number, line: number): string {
  const found = segments[segment - 1]?.[line - 1];
  assert.ok(found !== undefined);
  return found;
}

function setLine(segments: string[][], segment: number, line: number, text: string): void {
  const lines = segments[segment - 1];
  assert.ok(lines !== undefined);
  lines[line - 1] = text;
}

async function badIn(folder: string): Promise<BadRecord | undefined> {
  return (await verify(folder)).firstBad;
}

describe('verify', () => {
  it('proves an untouched store, and names its head', async (t) => {
    const folder = await tampered(t, () => {});
    const progress: number[] = [];
    const found = await verify(folder, { onProgress: (at) => progress.push(at.lines) });
    const lines = rawLines(folder);
    assert.deepEqual(found, {
      lines: 60,
      segments: segmentFiles(folder).length,
      head: { seq: 60, hash: hashLine(lines.at(-1) ?? '') },
    });
    assert.equal(progress.length, found.segments);
    assert.equal(progress.at(-1), 60);
  });

  it('is content with no store at all', async (t) => {
    assert.equal((await verify(tempFolder(t))).lines, 0);
  });

  const places = [
    ['the first record', 1, 1],
    ['a middle record', 3, 3],
    ['the first record of a segment', 2, 1],
  ] as const;
  for (const [what, segment, line] of places) {
    it(`names ${what} when it was altered`, async (t) => {
      const folder = await tampered(t, (segments) => {
        setLine(segments, segment, line, lineOf(segments, segment, line).replace('record', 'Record'));
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line, 'altered']);
    });

    it(`names ${what} when its prev was altered`, async (t) => {
      const folder = await tampered(t, (segments) => {
        setLine(
          segments,
          segment,
          line,
          lineOf(segments, segment, line).replace(/"prev":"...../, '"prev":"00001'),
        );
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line, 'altered']);
    });

    it(`names ${what} when its number was altered`, async (t) => {
      const folder = await tampered(t, (segments) => {
        setLine(segments, segment, line, lineOf(segments, segment, line).replace(/"seq":\d+/, '"seq":59'));
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line, 'altered']);
    });

    it(`names the place of ${what} when it was removed`, async (t) => {
      const folder = await tampered(t, (segments) => {
        segments[segment - 1]?.splice(line - 1, 1);
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line, 'gap']);
    });

    it(`names ${what} when it changed places with the next`, async (t) => {
      const folder = await tampered(t, (segments) => {
        const here = lineOf(segments, segment, line);
        setLine(segments, segment, line, lineOf(segments, segment, line + 1));
        setLine(segments, segment, line + 1, here);
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line, 'gap']);
    });

    it(`names what follows ${what} when that was repeated`, async (t) => {
      const folder = await tampered(t, (segments) => {
        segments[segment - 1]?.splice(line, 0, lineOf(segments, segment, line));
      });
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [segment, line + 1, 'out-of-order']);
    });
  }

  it('names a line that is no record', async (t) => {
    for (const text of ['', '{}', 'null', '[1]', '{"prev":"x"', '\0\0\0', '{"seq":3,"prev":"0"}']) {
      const folder = await tampered(t, (segments) => setLine(segments, 2, 4, text));
      const bad = await badIn(folder);
      assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [2, 4, 'malformed'], text);
    }
  });

  it('sees a record whose chain was forged for one line', async (t) => {
    const folder = await tampered(t, (segments) => {
      const forged = lineOf(segments, 2, 2).replace('record', 'Record');
      setLine(segments, 2, 2, forged);
      setLine(segments, 2, 3, lineOf(segments, 2, 3).replace(/[0-9a-f]{64}/, hashLine(forged)));
    });
    const bad = await badIn(folder);
    assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [2, 3, 'altered']);
  });

  it('names a segment that is missing, and one that changed places', async (t) => {
    const gone = await tampered(t, () => {});
    rmSync(segmentFiles(gone)[1] ?? '');
    assert.deepEqual([(await badIn(gone))?.segment, (await badIn(gone))?.reason], [2, 'missing-segment']);

    const swapped = await tampered(t, () => {});
    const [, second = '', third = ''] = segmentFiles(swapped);
    renameSync(second, `${second}.aside`);
    renameSync(third, second);
    renameSync(`${second}.aside`, third);
    const bad = await badIn(swapped);
    assert.deepEqual([bad?.segment, bad?.line, bad?.reason], [2, 1, 'gap']);

    const doubled = await tampered(t, () => {});
    const [one = '', two = ''] = segmentFiles(doubled);
    copyFileSync(one, two);
    const again = await badIn(doubled);
    assert.deepEqual([again?.segment, again?.line, again?.reason], [2, 1, 'out-of-order']);
  });

  it('names a segment that is cut short, at a line or within one', async (t) => {
    const within = await tampered(t, () => {});
    const file = segmentFiles(within)[1] ?? '';
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    truncateSync(file, readFileSync(file).length - 20);
    const torn = await badIn(within);
    assert.deepEqual([torn?.segment, torn?.line, torn?.reason], [2, lines, 'torn']);

    const between = await tampered(t, (segments) => {
      segments[1]?.pop();
    });
    const gap = await badIn(between);
    assert.deepEqual([gap?.segment, gap?.line, gap?.reason], [3, 1, 'gap']);
  });

  it('tells an unfinished last line from damage', async (t) => {
    const folder = await tampered(t, () => {});
    const last = segmentFiles(folder).at(-1) ?? '';
    const size = readFileSync(last).length;
    writeFileSync(last, '{"prev":"12', { flag: 'a' });
    const found = await verify(folder);
    assert.equal(found.firstBad, undefined);
    assert.equal(found.lines, 60);
    assert.deepEqual(found.unfinished, { segment: segmentFiles(folder).length, offset: size, bytes: 11 });
  });

  it('needs an anchor to see that the end was cut off or the last record altered, and with one it does', async (t) => {
    const cut = await tampered(t, () => {});
    const anchor = (await verify(cut)).head;
    const files = segmentFiles(cut);
    rmSync(files.at(-1) ?? '');
    assert.equal(await badIn(cut), undefined);
    const found = await verify(cut, { anchors: [anchor] });
    assert.equal(found.firstBad?.reason, 'cut-off');

    const altered = await tampered(t, (segments) => {
      const lines = segments.at(-1) ?? [];
      setLine(segments, segments.length, lines.length, lines.at(-1)?.replace('record', 'Record') ?? '');
    });
    const noted = await verify(altered);
    assert.equal(noted.firstBad, undefined);
    const seen = await verify(altered, {
      anchors: [
        { seq: 60, hash: anchor.hash },
        { seq: 3, hash: hashLine(rawLines(altered)[2] ?? '') },
      ],
    });
    assert.equal(seen.firstBad?.reason, 'altered');
    assert.equal(seen.lines, 59);
  });

  it('proves a store that is being written to', async (t) => {
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'written', segmentBytes: 5000 });
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        recorder.note({ kind: 'daemon.started', detail: `${n}` });
        await recorder.append({ kind: 'daemon.stopped', detail: `${n}` });
      }
    })();
    for (let round = 0; round < 20; round++) {
      const found = await verify(folder);
      assert.equal(found.firstBad, undefined);
    }
    writing = false;
    await writer;
    await recorder.close();
    assert.equal((await verify(folder)).lines, recorder.lines);
  });
});

describe('reading records', () => {
  it('gives any range, in order, from wherever it begins', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 60);
    const numbers = async (from: number, to: number): Promise<number[]> => {
      const seqs: number[] = [];
      for await (const { line } of readRecords(folder, { from, to })) seqs.push(line.seq);
      return seqs;
    };
    const range = (from: number, to: number): number[] =>
      Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
    for (const from of [1, 2, 13, 30, 59, 60, 61]) {
      for (const to of [from, from + 9, 60])
        assert.deepEqual(await numbers(from, to), range(from, Math.min(to, 60)));
    }
    const placed: { segment: number; offset: number; seq: number }[] = [];
    for await (const { segment, offset, line } of readRecords(folder))
      placed.push({ segment, offset, seq: line.seq });
    assert.deepEqual(
      placed.map((each) => each.seq),
      range(1, 60),
    );
    for (const { segment, offset, seq } of placed.filter((each) => each.seq % 7 === 0)) {
      const { value } = await readRecords(folder, { at: { segment, offset } }).next();
      assert.equal(value?.line.seq, seq);
    }
    const { value } = await readRecords(folder, { containing: '"record 33 ' }).next();
    assert.equal(value?.line.seq, 33);
  });
});
