/**
 * `dist/hook.js`: what `gatehouse hook` does, without the rest of the command, as an agent waits for it before each tool.
 *   node hook.js HARNESS           the harness's JSON on standard input, the answer on standard output
 *   node hook.js --write-launcher  make the program that agents are told to run, and print where it is
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { harnessNames } from '../agents/hook.ts';
import { writeLauncher } from '../agents/launcher.ts';
import { stateRoot } from '../workspace/state.ts';
import { runHook } from './run-hook.ts';

const [, script = '', wanted = 'auto'] = process.argv;
if (wanted === '--write-launcher') {
  process.stdout.write(`${writeLauncher(stateRoot(), path.dirname(script))}\n`);
} else {
  const harness = harnessNames.find((name) => name === wanted) ?? 'auto';
  process.stdout.write(await runHook({ harness, input: readFileSync(0, 'utf8'), env: process.env }));
}
