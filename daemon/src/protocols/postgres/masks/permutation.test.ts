import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { permutationOf } from './permutation.ts';

const key = Buffer.alloc(32, 'key of the test ');

test('every number of a small domain is reached once, and leads back', () => {
  for (const size of [1n, 2n, 3n, 10n, 97n, 1000n, 65_536n]) {
    const permutation = permutationOf(key, size);
    const seen = new Set<bigint>();
    for (let value = 0n; value < size; value++) {
      const to = permutation.forward(value);
      assert.ok(to >= 0n && to < size);
      assert.equal(permutation.backward(to), value);
      seen.add(to);
    }
    assert.equal(BigInt(seen.size), size);
  }
});

test('samples of large domains stay inside and lead back', () => {
  const sizes = [
    3_652_059n,
    2n ** 32n,
    2n ** 32n + 12_345n,
    2n * (2n ** 31n - 2n ** 23n) - 1n,
    86_400_000_000n,
    2n ** 53n,
    2n ** 64n - 2n ** 53n,
    18n * 10n ** 104n,
  ];
  const tweak = fc.constantFrom(0, 1, 2, 0xffffffff);
  for (const size of sizes) {
    const permutation = permutationOf(key, size);
    const tweaks = size > 2n ** 33n ? tweak : fc.constant(0);
    const anyValue = fc.oneof(fc.bigInt(0n, size - 1n), fc.constantFrom(0n, 1n, size - 1n, size - 2n));
    fc.assert(
      fc.property(anyValue, tweaks, (value, with_) => {
        const to = permutation.forward(value, with_);
        assert.ok(to >= 0n && to < size);
        assert.equal(permutation.backward(to, with_), value);
      }),
      { numRuns: 200 },
    );
  }
});

test('keys and tweaks give other permutations', () => {
  for (const size of [65_536n, 2n ** 32n, 2n ** 53n]) {
    const images = (of: Buffer, tweak: number) => {
      const permutation = permutationOf(of, size);
      return Array.from({ length: 64 }, (_, value) => permutation.forward(BigInt(value), tweak));
    };
    const own = images(key, 0);
    assert.deepEqual(images(Buffer.from(key), 0), own);
    const other = images(Buffer.alloc(32, 1), 0);
    assert.ok(own.filter((value, index) => value === other[index]).length < 4);
    if (size < 2n ** 33n) continue;
    const tweaked = images(key, 7);
    assert.ok(own.filter((value, index) => value === tweaked[index]).length < 4);
  }
});

test('neighbours go anywhere: each bit of the result is set about as often as not', () => {
  for (const bits of [16, 32, 53, 80]) {
    const permutation = permutationOf(key, 1n << BigInt(bits));
    const counts = Array.from({ length: bits }, () => 0);
    const samples = 2000;
    for (let value = 0; value < samples; value++) {
      let to = permutation.forward(BigInt(value));
      for (let bit = 0; bit < bits; bit++, to >>= 1n) counts[bit] = (counts[bit] as number) + Number(to & 1n);
    }
    // Six standard deviations.
    for (const count of counts) assert.ok(Math.abs(count - samples / 2) < 6 * Math.sqrt(samples / 4));
  }
});
