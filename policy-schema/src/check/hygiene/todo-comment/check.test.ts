import { test } from 'node:test';
import { finds, policyOf, silent } from '../../check.fixture.ts';

const code = 'todo-comment';
const rule = '  - { name: no-drops, effect: deny, message: Schema changes go through a migration. }\n';

test('a comment that leaves something to do is found from its word on', () => {
  finds(code, policyOf(`rules:\n  # «TODO: allow the view, too»\n${rule}`), [/not finished/]);
  finds(code, policyOf(`# old, «FIXME before May»\nrules:\n${rule.trimEnd()} # «XXX»\n`), [/Do it/, /Do it/]);
});

test('other comments are fine, and so are the words in small letters or inside of words', () => {
  silent(code, policyOf(`# A todo list is in the wiki. XXXL is a size.\nrules:\n${rule}`));
});

test('texts are no comments', () => {
  silent(
    code,
    policyOf('rules:\n  - { name: no-drops, effect: deny, message: "See # TODO in the wiki." }\n'),
  );
  silent(
    code,
    policyOf('rules:\n  - name: x\n    effect: deny\n    message: |\n      # TODO\n      is a heading\n'),
  );
});

test('white space behind it, and other line breaks, do not count', () => {
  finds(code, policyOf('# «TODO sort»   \nrules: []\n').replaceAll('\n', '\r\n'), [/not finished/]);
});
