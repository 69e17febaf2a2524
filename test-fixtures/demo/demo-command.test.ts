import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { builtFolder } from '../built.ts';
import { oldestNode } from '../editor/install.ts';
import { gatehouse } from './processes.ts';

/** Be a person at `gatehouse demo`: type a line each time that the words before it have appeared. */
async function play(
  node: string,
  steps: readonly (readonly [words: RegExp, typed: string])[],
): Promise<string> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gh-'));
  try {
    const child = spawn(node, [gatehouse, 'demo', path.join(home, 'shop')], {
      env: { PATH: process.env.PATH, GATEHOUSE_STATE: path.join(home, 'state'), TMPDIR: home, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const kill = setTimeout(() => child.kill('SIGKILL'), 60_000);
    let said = '';
    let from = 0;
    const left = [...steps];
    const take = (text: string): void => {
      said += text;
      const next = left[0];
      if (next === undefined || !next[0].test(said.slice(from))) return;
      left.shift();
      from = said.length;
      child.stdin.write(`${next[1]}\n`);
      if (left.length === 0) child.stdin.end();
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const ended = once(child, 'close');
    const stop = setInterval(() => {
      if (left.length > 0 || !/shipped │ sent again/.test(said.slice(from))) return;
      clearInterval(stop);
      child.kill('SIGTERM');
    }, 50);
    const [status] = await ended;
    clearInterval(stop);
    clearTimeout(kill);
    assert.equal(status, 0, said);
    return said;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const steps = [
  [/q or Ctrl-C ends the demo/, '1'],
  [/tok_.*\n.*\n.*\n.*\n.*┘/, '3'],
  [/this agent may/, '6'],
  [/Held/, 'a'],
  [/UPDATE 1/, '7'],
] as const;

describe('gatehouse demo', () => {
  before(() => builtFolder());

  for (const [name, node] of [
    ['this Node', () => process.execPath],
    ['the oldest Node that editors come with', oldestNode],
  ] as const)
    test(`shows rows with masks, a denial and an approval, on ${name}`, { timeout: 120_000 }, async () => {
      const said = await play(node(), steps);
      assert.match(said, /no-schema-changes \(\.gatehouse\/policies\/shop\.policy\.yaml:\d+\)/);
      assert.match(said, /shipped.*sent again/);
      assert.doesNotMatch(said, /@example\.com|ExperimentalWarning/);
    });
});
