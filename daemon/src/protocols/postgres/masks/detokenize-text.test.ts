import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TypeOid } from '../type-oids.ts';
import { detokenizeText } from './detokenize-text.ts';
import type { MetOperand } from './met-operands.ts';
import { Tokens } from './tokens.ts';

const tokens = new Tokens(Buffer.alloc(32, 3));
const tokenOf = (value: string, type: number = TypeOid.text): string =>
  tokens.tokenize(type, 0, Buffer.from(value))?.toString() ?? '';

type Marks = readonly { readonly value: string; readonly type?: number; readonly array?: true }[];

/** The text without its «marks», and an operand for each of them. */
function statement(
  source: string,
  marks: Marks,
  how: MetOperand['how'] = 'compared',
  kind: MetOperand['mask']['with'] = 'tokenize',
): readonly [string, MetOperand[]] {
  const pieces = source.split(/[«»]/);
  let text = '';
  const operands: MetOperand[] = [];
  pieces.forEach((piece, index) => {
    const start = Buffer.byteLength(text);
    text += piece;
    if (index % 2 === 0) return;
    const { value, type = TypeOid.text, array } = marks[(index - 1) / 2] ?? { value: '' };
    operands.push({
      how,
      operand: { kind: array ? 'array-literal' : 'literal', start, end: Buffer.byteLength(text), value },
      mask: { with: kind },
      type,
      name: 'public.people.email',
    });
  });
  return [text, operands];
}

function turned(...given: Parameters<typeof statement>): string {
  const [text, operands] = statement(...given);
  const outcome = detokenizeText(text, operands, tokens);
  assert.ok(outcome.kind === 'turned', JSON.stringify(outcome));
  return outcome.text;
}
function refused(...given: Parameters<typeof statement>): string {
  const [text, operands] = statement(...given);
  const outcome = detokenizeText(text, operands, tokens);
  assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
  assert.ok(outcome.message.startsWith('Gatehouse: public.people.email is masked ('));
  for (const { value } of given[1]) {
    if (value.length > 3)
      assert.ok(!`${outcome.message}${outcome.hint}`.includes(value), 'no value is quoted');
  }
  return `${outcome.message}. ${outcome.hint}`;
}

test('values stand for tokens in every way to write a constant', () => {
  const value = "O'Hara\\ \u{1f600}é";
  const token = tokenOf(value);
  const quoted = `'${value.replaceAll("'", "''")}'`;
  for (const written of [`'${token}'`, `E'${token}'`, `n'${token}'`, `$$${token}$$`, `$x$${token}$x$`]) {
    assert.equal(
      turned(`SELECT 'é', * FROM people WHERE email = «${written}»::text AND true`, [{ value: token }]),
      `SELECT 'é', * FROM people WHERE email = ${quoted}::text AND true`,
      written,
    );
  }
  const id = tokenOf('42', TypeOid.int4);
  assert.equal(
    turned(`SELECT 1 WHERE id IN («${id}», «'${id}'»)`, [
      { value: id, type: TypeOid.int4 },
      { value: id, type: TypeOid.int4 },
    ]),
    "SELECT 1 WHERE id IN (42, '42')",
  );
  const owed = tokenOf('-7.50', TypeOid.numeric);
  assert.equal(
    turned(`x = ANY (ARRAY[«${owed}»])`, [{ value: owed, type: TypeOid.numeric }]),
    'x = ANY (ARRAY[(-7.50)])',
  );
  const real = tokenOf('0.1', TypeOid.float4);
  const plain = Number(real).toFixed(60);
  assert.equal(turned(`x = «${plain}»`, [{ value: plain, type: TypeOid.float4 }]), "x = '0.1'");
  const bytes = tokenOf('\\x00ff', TypeOid.bytea);
  for (const written of [`'${bytes}'`, `E'${bytes.replace('\\', '\\\\')}'`]) {
    assert.equal(turned(`b = «${written}»`, [{ value: bytes, type: TypeOid.bytea }]), "b = '\\x00ff'");
  }
  const json = tokenOf('{"a": "it\'s"}', TypeOid.jsonb);
  assert.equal(
    turned(`j = «'${json}'»::jsonb`, [{ value: json, type: TypeOid.jsonb }]),
    `j = '{"a": "it''s"}'::jsonb`,
  );
});

test('a value becomes no part of its neighbours', () => {
  const token = tokenOf('a');
  const id = tokenOf('7', TypeOid.int2);
  assert.equal(turned(`x=«'${token}'»OR y`, [{ value: token }]), "x='a' OR y");
  assert.equal(turned(`U&«${id}»=x`, [{ value: id, type: TypeOid.int2 }]), 'U& 7=x');
  assert.equal(turned(`é«'${token}'»é`, [{ value: token }]), "é 'a' é");
  assert.equal(turned(`x=«$$${token}$$»\n'b'`, [{ value: token }]), "x='a'\n'b'");
});

test('arrays of tokens, with NULL among them', () => {
  const [a, b] = [tokenOf('a,"b"\\'), tokenOf("it's")];
  const list = `{${a},NULL,"${b}"}`;
  assert.equal(
    turned(`x = ANY («'${list}'»::text[])`, [{ value: list, array: true }]),
    `x = ANY ('{"a,\\"b\\"\\\\",NULL,it''s}'::text[])`,
  );
  const whole = tokenOf('{1,2}', 1007);
  assert.equal(turned(`x = «'${whole}'»`, [{ value: whole, type: 1007 }]), "x = '{1,2}'");
});

test('what is no token is refused where it is compared, and where it looks like one', () => {
  const token = tokenOf('a');
  const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  const other = new Tokens(Buffer.alloc(32, 4)).tokenize(TypeOid.text, 0, Buffer.from('a'))?.toString() ?? '';
  assert.match(refused("x = «'ada@x'»", [{ value: 'ada@x' }]), /would be a guess.*SELECT/);
  for (const value of [forged, other, `${token}x`, tokenOf('"a"', TypeOid.json).slice(1, -1)]) {
    for (const how of ['compared', 'written'] as const) {
      assert.match(refused(`x = «'${value}'»`, [{ value }], how), /no token of it.*neither cut nor changed/);
    }
  }
  const hidden = `see ${token}`;
  assert.match(refused(`x = «'${hidden}'»`, [{ value: hidden }], 'written'), /no token of it/);
  assert.match(refused("x = «'{a}'»", [{ value: '{a}', array: true }]), /guess/);
  assert.match(refused("x = «'a'»", [{ value: 'a', type: TypeOid.int4 }]), /guess/);
  assert.match(
    refused("x = «'t'»", [{ value: 't', type: TypeOid.bool }]),
    /no tokens that could be compared/,
  );
});

test('placeholders are not written, whatever the mask, and other values where nothing can be compared', () => {
  const hash = 'aB3-_wXyZ0123456789abc';
  for (const value of ['[redacted]', '"[redacted]"', 'ad***e', '***', hash]) {
    for (const kind of ['redact', 'partial', 'hash', 'tokenize', 'null'] as const) {
      assert.match(refused(`«'${value}'»`, [{ value }], 'written', kind), /shows in the place of a value/);
    }
  }
  for (const value of ['ada@mail.example', 'redacted', '**', hash.toLowerCase()]) {
    assert.match(refused(`«'${value}'»`, [{ value }], 'written'), /a value of your own could be compared/);
    assert.equal(turned(`«'${value}'»`, [{ value }], 'written', 'redact'), `'${value}'`);
  }
  assert.equal(turned("«'t'»", [{ value: 't', type: TypeOid.bool }], 'written'), "'t'");
});

test('a constant that is not where it should be, or written in a way that is not read, stays where it is', () => {
  const token = tokenOf('a');
  const value = token;
  for (const written of [
    `'${token}`,
    `'${token}' `,
    `('${token}')`,
    `U&'${token}'`,
    `'${token.slice(0, 9)}'\n'${token.slice(9)}'`,
    `E'\\x74${token.slice(1)}'`,
    `'${token}''x'`,
    `$a$${token}$b$`,
    'x',
    '',
  ]) {
    assert.match(refused(`x = «${written}»`, [{ value }]), /cannot be replaced.*single quotes/, written);
  }
});

test('one constant that meets two columns must be the same token for both', () => {
  const [text, [operand]] = statement(`x = «'${tokenOf('1', TypeOid.int4)}'»`, [
    { value: tokenOf('1', TypeOid.int4), type: TypeOid.int4 },
  ]);
  assert.ok(operand);
  assert.equal(detokenizeText(text, [operand, operand], tokens).kind, 'turned');
  const other = detokenizeText(text, [operand, { ...operand, type: TypeOid.int8 }], tokens);
  assert.equal(other.kind, 'refused');
});

test('places in the new text are places in the old one', () => {
  const [long, short] = [tokenOf('\u{1f600}'), tokenOf('a value of some length'.repeat(9))];
  const [text, operands] = statement(`é «'${long}'» \u{1f600} «'${short}'» WHERE oops`, [
    { value: long },
    { value: short },
  ]);
  const outcome = detokenizeText(text, operands, tokens);
  assert.ok(outcome.kind === 'turned');
  const [client, made] = [[...text], [...outcome.text]];
  const kept = (of: readonly string[], from: number) => of.slice(from).join('');
  for (const word of ['é', "\u{1f600} 'a", 'WHERE', 'oops']) {
    const at = made.findIndex((_, index) => kept(made, index).startsWith(word)) + 1;
    const before = outcome.clientPosition(at);
    assert.equal(client[before - 1], word[Symbol.iterator]().next().value, word);
  }
  assert.equal(outcome.clientPosition(made.length), client.length);
  assert.equal(outcome.clientPosition(made.length + 1), client.length + 1);
  assert.equal(outcome.clientPosition(4), 3, 'inside of a value: where its token begins');
  assert.equal(outcome.clientPosition(1), 1);
  const same = detokenizeText('SELECT 1', [], tokens);
  assert.ok(same.kind === 'turned');
  assert.deepEqual([same.text, same.clientPosition(7)], ['SELECT 1', 7]);
});

test('any texts as values, among any text', () => {
  const plain = fc.string({ unit: 'grapheme', maxLength: 9 }).map((text) => text.replace(/[\0«»]/g, ''));
  const value = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/\0/g, ''));
  fc.assert(
    fc.property(fc.array(fc.tuple(plain, value), { maxLength: 5 }), plain, (parts, rest) => {
      const source = parts.map(([before, of]) => `${before} «'${tokenOf(of)}'» `).join('') + rest;
      const expected =
        parts.map(([before, of]) => `${before} '${of.replaceAll("'", "''")}' `).join('') + rest;
      assert.equal(
        turned(
          source,
          parts.map(([, of]) => ({ value: tokenOf(of) })),
        ),
        expected,
      );
    }),
    { numRuns: 200 },
  );
});

test('a constant that is to stay in one place and be turned back in another is refused, in any order', () => {
  const token = tokenOf('7', TypeOid.int4);
  const [text, [met]] = statement(`«${token}»`, [{ value: token, type: TypeOid.int4 }]);
  assert.ok(met !== undefined);
  const stays: MetOperand = { ...met, how: 'written', mask: { with: 'tokenize', writable: true } };
  for (const operands of [
    [met, stays],
    [stays, met],
  ])
    assert.equal(detokenizeText(text, operands, tokens).kind, 'refused');
});
