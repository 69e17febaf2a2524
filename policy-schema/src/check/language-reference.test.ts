import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadWorkspace } from '../model/load-workspace.ts';
import { checkWorkspace } from './check-workspace.ts';
import { languageReference, withReference } from './language-reference.ts';

const page = readFileSync(new URL('../../../docs/policy-language.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');

test('the reference in docs/policy-language.md is current', () => {
  assert.ok(page.includes(languageReference()), 'run node policy-schema/schema/write.ts');
  assert.equal(withReference(page), page);
});

test('every example of docs/policy-language.md is without mistakes, all of them together', () => {
  const workspaces = examples.filter((text) => text.includes('kind: Workspace'));
  const policies = examples.filter((text) => text.includes('kind: Policy'));
  assert.deepEqual([workspaces.length, policies.length, examples.length], [2, 12, 14]);
  const [whole = '', extending = ''] = workspaces;
  assert.deepEqual(loadWorkspace('gatehouse.yaml', extending).diagnostics, []);
  const { diagnostics, set } = checkWorkspace({
    workspace: { file: 'gatehouse.yaml', text: whole },
    policies: new Map(policies.map((text, index) => [`${index}.policy.yaml`, text])),
  });
  assert.deepEqual(diagnostics, []);
  assert.equal(set?.policies.length, policies.length);
});
