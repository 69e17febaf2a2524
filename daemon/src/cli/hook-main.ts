/**
 * `dist/hook.js`: what `gatehouse hook` does, without the rest of the command, as an agent waits for it before each tool.
 *   node hook.js HARNESS   the harness's JSON on standard input, the answer on standard output
 */
import { readFileSync } from 'node:fs';
import { harnessNames } from '../agents/hook.ts';
import { runHook } from './run-hook.ts';

const [, , wanted = 'auto'] = process.argv;
const harness = harnessNames.find((name) => name === wanted) ?? 'auto';
process.stdout.write(await runHook({ harness, input: readFileSync(0, 'utf8'), env: process.env }));
