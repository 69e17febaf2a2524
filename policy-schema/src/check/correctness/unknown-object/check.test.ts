import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'unknown-object';
const deny = (objects: string) => ruleOf(`name: x\neffect: deny\nsql: { objects: [${objects}] }`);

test('a kind that does not exist is found, with the one that is near', () => {
  finds(code, deny('«tabel», index'), [/Did you mean `table`/]);
  finds(code, deny('«materialized-view»'), [/`materialized view`/]);
  finds(code, deny('«widget»'), [/as in commands/]);
});

test('upper case is another text', () => {
  const [found] = finds(code, deny('«TABLE»'), [/`table`/]);
  if (found?.fixes?.[0]?.safety !== 'safe') throw new Error('the fix is surely what was meant');
});

test('kinds of PostgreSQL, files, programs and patterns are fine', () => {
  silent(code, deny('table, materialized view, event trigger, file, program'));
  silent(code, deny('"*", "text search *"'));
});

test('the kind that is near can be written', () => {
  mends(code, deny('tabel'), deny('table'), { safety: 'unsafe' });
});
