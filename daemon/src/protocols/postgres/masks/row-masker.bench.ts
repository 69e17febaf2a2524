/** Time of a masked row of six columns: `node daemon/src/protocols/postgres/masks/row-masker.bench.ts [rows]`. */
import { RowMasker } from './row-masker.ts';
import { valueMasker } from './value-masker.ts';
import { TypeOid } from '../type-oids.ts';
import { encodeDataRow } from '../wire/backend-messages.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const key = Buffer.alloc(32, 7);
const chunkRows = 300;

const chunk = Buffer.concat(
  Array.from({ length: chunkRows }, (_, n) =>
    encodeDataRow(
      [
        String(1000 + n),
        `customer${n}@mail.example`,
        '2026-03-14 15:09:26.535897+00',
        '129.95',
        'shipped',
        `A note of some length, as it stands in an order of a shop: number ${n}, and a little more of that.`,
      ].map((text) => Buffer.from(text)),
    ),
  ),
);

const kinds = ['none', 'null', 'redact', 'partial', 'hash', 'tokenize'] as const;
for (let round = 0; round < 3; round++) {
  for (const kind of kinds) {
    const mask =
      kind === 'none'
        ? undefined
        : valueMasker({ with: kind, keep: { first: 2, last: 2 } }, TypeOid.text, 0, key);
    const masker = new RowMasker([undefined, mask, undefined, undefined, undefined, undefined]);
    let bytes = 0;
    const begin = process.hrtime.bigint();
    for (let done = 0; done < rows; done += chunkRows) {
      for (let at = 0; at < chunk.length; ) {
        const end = at + 1 + chunk.readInt32BE(at + 1);
        const row = masker.mask(chunk, at, end);
        bytes += row.end - row.start;
        at = end;
      }
    }
    const perRow = Number(process.hrtime.bigint() - begin) / rows;
    console.log(
      `${kind.padEnd(8)} ${perRow.toFixed(0).padStart(5)} ns/row  ${(bytes / rows).toFixed(0)} bytes/row`,
    );
  }
}
