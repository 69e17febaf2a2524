import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { AesSiv } from './aes-siv.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('the examples of RFC 5297, appendix A', () => {
  const one = new AesSiv(hex('fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff'), [
    hex('10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627'),
  ]);
  assert.equal(
    one.seal(hex('11223344 55667788 99aabbcc ddee')).toString('hex'),
    hex('85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c').toString('hex'),
  );
  const two = new AesSiv(hex('7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f'), [
    hex('00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544 33221100'),
    hex('10203040 50607080 90a0'),
    hex('09f91102 9d74e35b d84156c5 635688c0'),
  ]);
  assert.equal(
    two
      .seal(
        hex(
          '74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573 696e6720 5349562d 414553',
        ),
      )
      .toString('hex'),
    hex(
      '7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17 dba77ceb 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d',
    ).toString('hex'),
  );
});

test('what was sealed opens, in any order, and is the same each time', () => {
  const key = randomBytes(64);
  const siv = new AesSiv(key, [Buffer.from('text')]);
  const sizes = fc.oneof(fc.nat(70), fc.integer({ min: 1000, max: 1100 }), fc.constant(200_000));
  fc.assert(
    fc.property(fc.array(sizes, { minLength: 1, maxLength: 4 }), (lengths) => {
      const texts = lengths.map((length) => randomBytes(length));
      const sealed = texts.map((text) => siv.seal(text));
      sealed.forEach((each, index) => {
        const text = texts[index] as Buffer;
        assert.equal(each.length, text.length + 16);
        assert.deepEqual(siv.open(each), text);
        assert.deepEqual(siv.seal(text), each);
        assert.deepEqual(new AesSiv(key, [Buffer.from('text')]).seal(text), each);
        assert.equal(new AesSiv(key, [Buffer.from('json')]).open(each), undefined);
      });
    }),
    { numRuns: 60 },
  );
});

test('no changed byte passes', () => {
  const siv = new AesSiv(randomBytes(64), []);
  for (const length of [0, 1, 15, 16, 17, 40]) {
    const sealed = siv.seal(randomBytes(length));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      assert.equal(siv.open(changed), undefined);
    }
    for (let cut = 0; cut < sealed.length; cut++) assert.equal(siv.open(sealed.subarray(0, cut)), undefined);
    assert.ok(siv.open(sealed) !== undefined);
  }
});

test('many texts at once are sealed as each of them is', () => {
  for (const associated of [[], [Buffer.from('text')]]) {
    const siv = new AesSiv(randomBytes(64), associated);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }), (blocks) => {
        const texts = blocks.map((count) => randomBytes(16 * count));
        const all = Buffer.concat(texts);
        const words = new Int32Array(all.length / 4);
        Buffer.from(words.buffer).set(all);
        const sealed = siv.sealMany(words, Int32Array.from(blocks));
        assert.deepEqual(sealed, Buffer.concat(texts.map((text) => siv.seal(text))));
      }),
      { numRuns: 100 },
    );
  }
});
