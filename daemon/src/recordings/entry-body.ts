import { RecordFault } from '../core/faults.ts';
import { MAX_LINE_BYTES } from './chain.ts';
import type { RecordEntry } from './entry.ts';

/** What the recorder puts before an entry: brackets, names, a hash, two numbers. */
const HEADER_BYTES = 200;

/**
 * An entry as JSON without its opening brace, `kind` first. Newlines and lone surrogates come out escaped, so a body
 * is one line of valid UTF-8. A fault says nothing of what the entry holds.
 */
export function bodyOf(entry: RecordEntry): string | RecordFault {
  if ('prev' in entry || 'seq' in entry || 'at' in entry) {
    return unfit('it sets prev, seq or at, which are the recorder’s');
  }
  const text = jsonOf(entry);
  if (text === undefined) return unfit('it cannot be written as JSON');
  const body = text.startsWith('{"kind":') ? text : jsonOf({ ...{ kind: entry.kind }, ...entry });
  if (body === undefined || !body.startsWith('{"kind":')) return unfit('it has no kind');
  // A UTF-16 unit is at most three bytes of UTF-8; only what may be too long is counted.
  if (
    body.length * 3 + HEADER_BYTES > MAX_LINE_BYTES &&
    Buffer.byteLength(body) + HEADER_BYTES > MAX_LINE_BYTES
  ) {
    return unfit(`it is longer than ${MAX_LINE_BYTES} bytes`);
  }
  return body.slice(1);
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A replacer makes the common case several times slower, so it is for the second try.
  }
  try {
    return JSON.stringify(value, (_key, each: unknown) =>
      typeof each === 'bigint' ? each.toString() : each,
    );
  } catch {
    return undefined;
  }
}

function unfit(why: string): RecordFault {
  return new RecordFault(
    'store-unwritable',
    `A record cannot be kept: ${why}. What it stands for is denied.`,
  );
}
