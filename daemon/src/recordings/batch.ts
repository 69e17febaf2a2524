import type { RecordFault } from '../core/faults.ts';
import { type ChainHead, hashLine, lineText } from './chain.ts';
import type { RecordEntry, RecordLine } from './entry.ts';
import { HEADER_BYTES } from './entry-body.ts';
import type { Permit } from './permit.ts';

const NEWLINE = 0x0a;

/** An entry on its way into the store. */
export interface Item {
  readonly at: string;
  /** The entry's JSON without its opening brace. */
  readonly body: string;
  /** For subscribers. */
  readonly entry: () => RecordEntry;
  /** Absent for notes. */
  readonly waiter?: {
    readonly resolve: (permit: Permit) => void;
    readonly reject: (fault: RecordFault) => void;
  };
}

/** Lines that are written together. */
export interface Batch {
  /** Good until the next batch is made. */
  readonly bytes: Buffer;
  readonly head: ChainHead;
  /** Where in the bytes the last line begins. */
  readonly lastLineAt: number;
  lines(): RecordLine[];
}

/** Batches are made in one room, as each is written before the next is made. */
const usualRoom = Buffer.allocUnsafeSlow(256 * 1024);

/** Put entries into lines, chained behind the head. */
export function chainOf(items: readonly Item[], before: ChainHead): Batch {
  const prevs: string[] = [];
  const room = roomFor(items);
  let length = 0;
  let lastLineAt = 0;
  let { seq, hash } = before;
  for (const item of items) {
    seq += 1;
    prevs.push(hash);
    const line = lineText(hash, seq, item.at, item.body);
    hash = hashLine(line);
    lastLineAt = length;
    length += room.write(line, length);
    length = room.writeUInt8(NEWLINE, length);
  }
  return {
    bytes: room.subarray(0, length),
    head: { seq, hash },
    lastLineAt,
    lines: () =>
      items.map((item, index) => ({
        prev: prevs[index] ?? '',
        seq: before.seq + index + 1,
        at: item.at,
        ...item.entry(),
      })),
  };
}

function roomFor(items: readonly Item[]): Buffer {
  let most = 0;
  for (const { body } of items) most += HEADER_BYTES + body.length * 3;
  if (most <= usualRoom.length) return usualRoom;
  let bytes = 0;
  for (const { body } of items) bytes += HEADER_BYTES + Buffer.byteLength(body);
  return Buffer.allocUnsafe(bytes);
}
