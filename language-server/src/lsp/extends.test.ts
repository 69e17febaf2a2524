import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { FullDocumentDiagnosticReport, WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { filesDigest } from '@gatehouse/policy-schema/model/extends.ts';
import { writeLock } from '@gatehouse/policy-schema/model/extends-lock.ts';
import { type Client, startClient } from '../client.fixture.ts';

const base = new Map([
  [
    'base.policy.yaml',
    'gatehouse: v1\nkind: Policy\nname: acme\nlists: { personal: [public.customers] }\napplies: { to: ["*"] }\nrules:\n  - { name: none, effect: deny, sql: { actions: [drop] } }\n',
  ],
]);
const workspace = `gatehouse: v1
kind: Workspace
extends: [{ name: acme, git: "https://git.example.com/acme.git", rev: v1 }]
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - { name: private, effect: deny, sql: { actions: [select], tables: [$personal] } }
`;

const state = mkdtempSync(path.join(os.tmpdir(), 'gh-ls-state-'));
let client: Client | undefined;
after(async () => {
  await client?.stop();
  rmSync(state, { recursive: true, force: true });
});

test('what another repository says counts, from the copy on this machine, and is no file of the workspace', async () => {
  const digest = filesDigest(base);
  mkdirSync(path.join(state, 'extends'));
  writeFileSync(
    path.join(state, 'extends', `${digest.slice('sha256:'.length)}.json`),
    JSON.stringify(Object.fromEntries(base)),
  );
  const entry = {
    name: 'acme',
    git: 'https://git.example.com/acme.git',
    rev: 'v1',
    path: '.gatehouse/policies',
  };
  const lock = writeLock([{ ...entry, commit: 'a'.repeat(40), digest }]);
  client = await startClient({
    files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy },
    env: { GATEHOUSE_STATE: state },
  });
  const errors = async () => {
    const { items }: FullDocumentDiagnosticReport = await (client as Client).connection.sendRequest(
      'textDocument/diagnostic',
      {
        textDocument: { uri: (client as Client).uri(policyFile) },
      },
    );
    return items.filter(({ severity }) => severity === 1).map(({ code }) => code);
  };
  assert.deepEqual(await errors(), ['unknown-list']);
  await client.write('.gatehouse/extends.lock.json', lock);
  assert.deepEqual(await errors(), []);
  const { items }: WorkspaceDiagnosticReport = await client.connection.sendRequest('workspace/diagnostic', {
    previousResultIds: [],
  });
  assert.ok(
    items.every(({ uri }) => !uri.includes('acme')),
    JSON.stringify(items.map(({ uri }) => uri)),
  );
});
