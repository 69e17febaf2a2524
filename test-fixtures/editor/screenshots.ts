/**
 * `npm run screenshots`: the pictures of docs/screenshots, made by the end-to-end tests as they go, in a light and in a dark
 * theme. Arguments: test files, instead of all of this folder.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const kept = path.join(repository, 'docs/screenshots');
const themes = ['Default Light Modern', 'Default Dark Modern'];

/** One of each view; the tests make more for whoever looks into a change. */
const views = [
  'agent-mode',
  'agents',
  'approvals',
  'agents-connect',
  'demo-rows',
  'doctor',
  'live',
  'live-trace',
  'make-a-rule',
  'mcp-tools',
  'meaning',
  'policy-change',
  'replay',
  'replay-compared',
  'restricted',
  'rule-hits',
  'tests-coverage',
  'tests-failed',
  'walkthrough',
];

const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : globSync('test-fixtures/editor/*.test.ts', { cwd: repository });
mkdirSync(kept, { recursive: true });
for (const theme of themes) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-pictures-'));
  try {
    execFileSync(process.execPath, [path.join(repository, 'test-fixtures/run-tests.ts'), ...files], {
      cwd: repository,
      stdio: 'inherit',
      env: { ...process.env, PICTURES: folder, THEME: theme },
    });
  } finally {
    const suffix = theme.includes('Dark') ? '-dark' : '';
    for (const view of views) {
      const picture = path.join(folder, `${view}${suffix}.png`);
      if (existsSync(picture)) copyFileSync(picture, path.join(kept, path.basename(picture)));
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
