/** What recorder.process.test.ts runs in processes of its own: `node test-child.ts WHAT FOLDER [DURABILITY]`. */
import { rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RecordFault } from '../core/faults.ts';
import { openRecorder, type Recorder } from './recorder.ts';
import { noted } from './test-store.ts';

const [what = '', folder = '', durability] = process.argv.slice(2);
const options = {
  durability: durability === 'durable' ? 'durable' : 'written',
  segmentBytes: 20_000,
} as const;

/** In one write(2), so that what the parent reads was truly said. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function codeOf(error: unknown): string {
  return error instanceof RecordFault
    ? `${error.code} ${/\(([A-Z]+)\)/.exec(error.message)?.[1] ?? ''}`.trim()
    : String(error);
}

/** Append until killed; say what is safe. */
async function append(): Promise<void> {
  const recorder = await openRecorder(folder, options);
  const appender = async (name: string): Promise<void> => {
    for (let n = 0; ; n++) {
      recorder.note(noted(`note ${'x'.repeat(n % 700)}`));
      const detail = `${process.pid} ${name} ${n}`;
      const permit = await recorder.append(noted(detail));
      say(`${permit.seq} ${detail}`);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(appender));
}

async function hold(): Promise<void> {
  await openRecorder(folder, options);
  say('held');
  setInterval(() => {}, 60_000);
}

/** Append until refused; then remove what fills the disk, and append again. */
async function fillUp(): Promise<void> {
  const recorder = await openRecorder(folder, options);
  const granted = await appendUntilRefused(recorder);
  say(`refused again: ${await recorder.append(noted('x'.repeat(5000))).then(() => 'no', codeOf)}`);
  rmSync(join(folder, 'filler'), { force: true });
  say(`then: ${await recorder.append(noted('after')).then((permit) => permit.seq - granted, codeOf)}`);
  await recorder.close();
}

/** With a limit on file sizes: refused, and nothing of what was granted is gone. */
async function hitLimit(): Promise<void> {
  // Its default is to end the process.
  process.on('SIGXFSZ', () => {});
  const recorder = await openRecorder(folder, { ...options, segmentBytes: 1e9 });
  await appendUntilRefused(recorder);
  await recorder.close().catch((error: unknown) => say(`close: ${codeOf(error)}`));
}

async function appendUntilRefused(recorder: Recorder): Promise<number> {
  for (let granted = 0; ; ) {
    try {
      granted = (await recorder.append(noted(`${granted} ${'x'.repeat(1000)}`))).seq;
    } catch (error) {
      say(`granted ${granted}`);
      say(`refused: ${codeOf(error)}`);
      return granted;
    }
  }
}

/** As a user who may not write there. */
async function openForeign(): Promise<void> {
  if (process.geteuid?.() === 0) {
    process.setegid?.(65534);
    process.seteuid?.(65534);
  }
  say(await openRecorder(folder, options).then(() => 'opened', codeOf));
}

const actions: Readonly<Record<string, () => Promise<void>>> = {
  append,
  hold,
  'fill-up': fillUp,
  'hit-limit': hitLimit,
  'open-foreign': openForeign,
};
await actions[what]?.();
