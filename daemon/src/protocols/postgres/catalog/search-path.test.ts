import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectivePath, schemaList } from './search-path.ts';

test('a setting is split as the server splits it', () => {
  assert.deepEqual(schemaList('"$user", public'), ['$user', 'public']);
  assert.deepEqual(schemaList('App, "Odd, ""name""",pg_temp'), ['app', 'Odd, "name"', 'pg_temp']);
  assert.deepEqual(schemaList(''), []);
  assert.deepEqual(schemaList('""'), ['']);
});

test('pg_catalog and the temporary schema come first unless they are named', () => {
  assert.deepEqual(effectivePath(['$user', 'app'], 'ada', undefined), ['pg_catalog', 'ada', 'app']);
  assert.deepEqual(effectivePath(['app'], 'ada', 'pg_temp_3'), ['pg_temp_3', 'pg_catalog', 'app']);
  assert.deepEqual(effectivePath(['app', 'pg_catalog', 'pg_temp'], 'ada', 'pg_temp_3'), [
    'app',
    'pg_catalog',
    'pg_temp_3',
  ]);
});
