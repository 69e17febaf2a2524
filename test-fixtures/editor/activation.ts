/**
 * Measures how long VS Code takes to activate the extension, as `Developer: Show Running Extensions` tells it, and writes it
 * down: `node test-fixtures/editor/activation.ts`. On a quiet machine; the windows of one browser start one after the other.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { policyFile, shopPolicy, workspaceFile } from './shop-window.ts';
import { actions, startVscode } from './vscode.ts';

const rounds = 5;
const page = fileURLToPath(new URL('../../docs/benchmarks/activation.md', import.meta.url));
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: 127.0.0.1, port: 5432, database: shop, user: shop_app, password: { stdin: shop-db } }
`;

const vscode = await startVscode({ files: { [workspaceFile]: workspace, [policyFile]: shopPolicy } });
const times = new Map<string, number[]>();
try {
  for (let round = 0; round < rounds; round++) {
    const window = round === 0 ? vscode.page : await vscode.window();
    const row = window.locator('.runtime-extensions-editor .extension', { hasText: 'Gatehouse' });
    await window.locator('#gatehouse\\.gatehouse\\.gatehouse').waitFor();
    await actions(window).command('Developer: Show Running Extensions');
    await row.getByText(/Activation: \d+ms/).waitFor();
    for (const text of await window.locator('.runtime-extensions-editor .extension').allInnerTexts()) {
      const [, ms] = /Activation: (\d+)ms/.exec(text) ?? [];
      const name = text.split('\n')[0] ?? '';
      if (ms !== undefined) times.set(name, [...(times.get(name) ?? []), Number(ms)]);
    }
    if (round > 0) await window.close();
  }
} finally {
  await vscode.stop();
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
const rows = ['Gatehouse', 'Git', 'GitHub', 'Emmet', 'Merge Conflict'].flatMap((name) => {
  const list = times.get(name);
  return list === undefined
    ? []
    : [`| ${name} | ${median(list)} | ${Math.min(...list)} – ${Math.max(...list)} |`];
});
const text = `# Activation

How long VS Code takes to activate the extension, in milliseconds, as \`Developer: Show Running Extensions\` tells it: ${rounds} windows on
a folder with policies, beside extensions that come with VS Code. Written by \`node test-fixtures/editor/activation.ts\` on
${os.availableParallelism()} cores, with a load of ${(os.loadavg()[0] ?? 0).toFixed(1)} at the end.

| extension | median | least – most |
| --- | --- | --- |
${rows.join('\n')}
`;
writeFileSync(page, text);
console.log(text);
