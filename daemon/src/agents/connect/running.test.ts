import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runningAgents } from './running.ts';

test('an agent that works in the folder is seen, and whether it goes through the gate', async (t) => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gh-running-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = path.join(folder, 'gh-test-agent');
  writeFileSync(script, 'console.log("up"); setInterval(() => {}, 1000);');
  const start = async (cwd: string, env: NodeJS.ProcessEnv) => {
    const child = spawn(process.execPath, [script], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
    t.after(() => child.kill());
    await once(child.stdout, 'data');
    return child.pid;
  };
  const led = await start(folder, { GATEHOUSE_SESSION: 'terminal 1' });
  const bare = await start(folder, {});
  await start(os.tmpdir(), {});
  const found = runningAgents(['gh-test-agent'], folder).toSorted((one, other) => one.pid - other.pid);
  const expected = [
    { pid: led, through: true },
    { pid: bare, through: false },
  ].toSorted((one, other) => (one.pid ?? 0) - (other.pid ?? 0));
  assert.deepEqual(found, process.platform === 'linux' ? expected : []);
});
