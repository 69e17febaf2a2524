/**
 * Measures what an agent waits for its hook before a tool, beside the bare start of Node, and writes it down:
 * `node test-fixtures/bench/hook-latency.ts`. On a quiet machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder } from '../built.ts';
import { allowAll, startGate } from '../servers/gate.ts';

const rounds = 40;
const page = fileURLToPath(new URL('../../docs/benchmarks/hook.md', import.meta.url));
const hook = path.join(builtFolder(), 'hook.js');

const gate = await startGate({
  resources: [
    { name: 'shop-db', server: { host: '127.0.0.1', port: 1, user: 'u', password: 'p', database: 'd' } },
  ],
  policies: { all: allowAll },
});
const asked = JSON.stringify({
  session_id: 'bench',
  cwd: gate.folder,
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'psql -c "SELECT 1"' },
});

/** @returns milliseconds until it has ended, and what it said */
async function timed(args: readonly string[]): Promise<{ readonly took: number; readonly said: string }> {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, GATEHOUSE_STATE: gate.stateRoot },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.end(asked);
  await once(child, 'close');
  return { took: performance.now() - start, said };
}

const node: number[] = [];
const hooks: number[] = [];
try {
  // The first one compiles for those behind it.
  await timed([hook, 'claude-code']);
  for (let round = 0; round < rounds; round++) {
    node.push((await timed(['-e', '0'])).took);
    const { took, said } = await timed([hook, 'claude-code']);
    if (!said.includes('env-claude-code')) throw new Error(`The daemon did not answer: ${said}`);
    hooks.push(took);
  }
} finally {
  await gate.stop();
}

const at = (list: readonly number[], share: number): string =>
  (list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)] ?? 0).toFixed(0);
const row = (name: string, list: readonly number[]) =>
  `| ${name} | ${at(list, 0.5)} | ${at(list, 0.9)} | ${at(list, 1)} |`;
const text = `# What an agent waits for its hook

Milliseconds from the start of the process to its end, in turns, ${rounds} of each: Node with nothing to do, and the hook with a
command that the daemon leads through the gate. Written by \`node test-fixtures/bench/hook-latency.ts\` on
${os.availableParallelism()} cores, with a load of ${(os.loadavg()[0] ?? 0).toFixed(1)} at the end.

| | median | 90 % | most |
| --- | --- | --- | --- |
${row('Node alone', node)}
${row('the hook, answered by the daemon', hooks)}
`;
writeFileSync(page, text);
console.log(text);
