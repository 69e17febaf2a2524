import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { vocabularies } from '../vocabulary/registry.ts';
import { schemaFiles } from './schema-files.ts';

const folder = new URL('../../../docs/schema/v1/', import.meta.url);

test('the schemas in docs/schema/v1 are current', () => {
  for (const [name, text] of schemaFiles()) {
    const written = readFileSync(new URL(name, folder), 'utf8');
    assert.equal(written, text, `${name} is out of date: run node policy-schema/schema/write.ts`);
  }
});

test('the schemas are valid JSON Schema 2020-12', () => {
  for (const [name, text] of schemaFiles()) {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    assert.equal(ajv.validateSchema(JSON.parse(text)), true, name);
  }
});

test('every action and selector of every vocabulary can be written', () => {
  const policy = JSON.parse(schemaFiles().get('policy.schema.json') ?? '');
  for (const { name, actions, selectors } of Object.values(vocabularies)) {
    const block = policy.properties.rules.items.properties[name].properties;
    assert.deepEqual(block.actions.items.enum, ['*', ...Object.keys(actions)]);
    assert.deepEqual(Object.keys(block), ['actions', ...Object.keys(selectors)]);
  }
});
