/** Appends a second, each waited for, by one recorder: `node daemon/src/recordings/recorder.bench.ts [seconds]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleDecided } from './entry-samples.ts';
import { openRecorder } from './recorder.ts';

const seconds = Number(process.argv[2] ?? 1);
const entry = sampleDecided('bench-session', 'bench-request');

for (const durability of ['written', 'durable'] as const) {
  for (const appenders of [1, 8, 32]) {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    const recorder = await openRecorder(folder, { durability });
    const waits: number[] = [];
    const end = performance.now() + seconds * 1000;
    const cpu = process.cpuUsage();
    const loop = async (): Promise<void> => {
      for (let at = performance.now(); at < end; ) {
        await recorder.append(entry);
        // As in the daemon, where the answer comes by the network, the next append is in a later turn.
        const safe = performance.now();
        waits.push(safe - at);
        await new Promise((resolve) => setImmediate(resolve));
        at = performance.now();
      }
    };
    await Promise.all(Array.from({ length: appenders }, loop));
    const used = process.cpuUsage(cpu);
    waits.sort((a, b) => a - b);
    const quantile = (q: number): string => ((waits[Math.floor(waits.length * q)] ?? 0) * 1000).toFixed(0);
    console.log(
      `${durability} ${String(appenders).padStart(2)} appenders: ${String(Math.round(waits.length / seconds)).padStart(7)} appends/s, ` +
        `wait p50 ${quantile(0.5)} us, p99 ${quantile(0.99)} us, CPU ${((used.user + used.system) / waits.length).toFixed(1)} us an append`,
    );
    await recorder.close();
    rmSync(folder, { recursive: true });
  }
}
