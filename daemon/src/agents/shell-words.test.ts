import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Dialect, simpleCommands } from './shell-words.ts';

/** Each command as its assignments, words and redirects in one line. */
function read(text: string, dialect: Dialect = 'sh'): readonly string[] {
  return simpleCommands(text, dialect).map(({ assignments, words, redirects }) =>
    [
      ...assignments.map(({ name, value }) => `${name}=<${value.text}>`),
      ...words.map((word) => (word.exact ? word.text : `~${word.text}`)),
      ...redirects.map(({ operator, target }) => `${operator}[${target.text}]`),
    ].join(' | '),
  );
}

describe('the words of a shell text', () => {
  it('are told apart by blanks, quotes and escapes', () => {
    assert.deepEqual(read(`psql -c 'select 1' "a b" c\\ d e""f ''`), [
      'psql | -c | select 1 | a b | c d | ef | ',
    ]);
    assert.deepEqual(read(`cu""rl $'a\\x41\\n' "q\\"\\n$x"`), ['curl | aA\n | ~q"\\n$x']);
  });

  it('belong to commands, which operators and reserved words part', () => {
    assert.deepEqual(read('a; b && c || d | e & f\ng'), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    assert.deepEqual(read('if a; then b; fi; (c; d) && ! e'), ['a', 'b', 'fi', 'c', 'd', 'e']);
    assert.deepEqual(read('a # b; c\nd#e'), ['a', 'd#e']);
  });

  it('keep expansions as they are written and show what runs in substitutions', () => {
    assert.deepEqual(read('cat $HOME/.pgpass $X *.env'), ['cat | ~$HOME/.pgpass | ~$X | ~*.env']);
    assert.deepEqual(read('echo "$(psql -c "select (1)")" `id -u` <(sort x)'), [
      'psql | -c | select (1)',
      'id | -u',
      'sort | x',
      'echo | ~ | ~ | ~',
    ]);
  });

  it('have assignments before them and redirects among them', () => {
    assert.deepEqual(read('PGHOST=db A= psql x=y >out 2>&1 < in'), [
      'PGHOST=<db> | A=<> | psql | x=y | >[out] | >&[1] | <[in]',
    ]);
    assert.deepEqual(
      read("psql <<'EOF' | cat\nselect 1;\n'\nEOF\nls"),
      ["psql | <<[select 1;\n'] ", 'cat', 'ls'].map((line) => line.trim()),
    );
    assert.deepEqual(read('cat <<< word'), ['cat | <<<[word]']);
  });

  it('follow PowerShell where that is the shell', () => {
    assert.deepEqual(read("$env:PGHOST = 'it''s'; psql `$x \"a`\"b\"", 'powershell'), [
      "PGHOST=<it's>",
      'psql | $x | a"b',
    ]);
    assert.deepEqual(read("$env:PGHOST='db'; & psql", 'powershell'), ['PGHOST=<db>', 'psql']);
  });

  it('are read from any text without an error, and without looping', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '\\',
      '$(',
      ')',
      '`',
      '<<X',
      '\n',
      ' ',
      'a',
      '$',
      '{',
      '}',
      '>',
      '&',
      '#',
      "$'",
      ';',
      '=',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }),
        fc.constantFrom<Dialect>('sh', 'powershell'),
        (parts, dialect) => {
          assert.ok(Array.isArray(simpleCommands(parts.join(''), dialect)));
        },
      ),
    );
    assert.ok(simpleCommands('$('.repeat(5000)).length < 100);
  });
});
