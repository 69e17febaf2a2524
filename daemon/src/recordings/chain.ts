import { hash } from 'node:crypto';
import type { RecordLine } from './entry.ts';

/** Where a chain has got to: the last line's sequence number and hash. An empty store is at {@link GENESIS}. */
export interface ChainHead {
  /** 0 before the first line. */
  readonly seq: number;
  /** SHA-256 (lower-case hex) of the line's bytes without its newline. */
  readonly hash: string;
}

export const GENESIS: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** No line is longer, so that readers can bound what they hold. The recorder refuses what would be. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The hash that the next line must carry as `prev`. Strings are hashed as UTF-8. */
export function hashLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** A line's text without its newline. `body` is a non-empty JSON object without its opening brace. */
export function lineText(prev: string, seq: number, at: string, body: string): string {
  return `{"prev":"${prev}","seq":${seq},"at":"${at}",${body}`;
}

/**
 * What is wrong with a line where it stands. `unlinked`: its `prev` is not the hash of the line before.
 * `misnumbered`: that is right, but the number is not the next.
 */
export type LineFault = 'malformed' | 'gap' | 'out-of-order' | 'unlinked' | 'misnumbered';

export type CheckedLine =
  | { readonly ok: true; readonly head: ChainHead; readonly line: RecordLine }
  | { readonly ok: false; readonly fault: LineFault; readonly message: string };

/** The first bytes of every line, spelt in one way only, so that no reader sees other fields than another. */
const OPENING =
  /^\{"prev":"([0-9a-f]{64})","seq":([1-9][0-9]{0,15}),"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","kind":"/;
const OPENING_BYTES = 160;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Check one line (without its newline) against the head of the chain before it. */
export function checkLine(bytes: Buffer, before: ChainHead): CheckedLine {
  const opening = OPENING.exec(bytes.toString('latin1', 0, OPENING_BYTES));
  if (opening === null) return bad('malformed', 'it does not begin as a record does');
  const seq = Number(opening[2]);
  const linked = opening[1] === before.hash;
  if (seq !== before.seq + 1) {
    const message = `record ${seq} stands where ${before.seq + 1} is expected`;
    if (linked) return bad('misnumbered', message);
    return seq > before.seq ? bad('gap', message) : bad('out-of-order', message);
  }
  const line = parseLine(bytes);
  if (line === undefined) return bad('malformed', 'it is not one JSON object in UTF-8');
  if (!linked) return bad('unlinked', 'its prev is not the hash of the record before it');
  return { ok: true, head: { seq, hash: hashLine(bytes) }, line };
}

/** The line as an object, or undefined when it is not one record. Checks no chain. */
export function parseLine(bytes: Buffer): RecordLine | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is RecordLine {
  if (typeof value !== 'object' || value === null) return false;
  const { prev, seq, at, kind } = value as Record<string, unknown>;
  return (
    typeof prev === 'string' && typeof seq === 'number' && typeof at === 'string' && typeof kind === 'string'
  );
}

function bad(fault: LineFault, message: string): CheckedLine {
  return { ok: false, fault, message };
}
