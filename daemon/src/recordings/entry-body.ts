import { RecordFault } from '../core/faults.ts';
import { MAX_LINE_BYTES } from './chain.ts';
import type { RecordEntry, RuledRequest, Ruling } from './entry.ts';

/** What the recorder puts around an entry, at most: brackets, names, a hash, two numbers, a newline. */
export const HEADER_BYTES = 200;

/**
 * An entry as JSON without its opening brace, `kind` first. Newlines and lone surrogates come out escaped, so a body
 * is one line of valid UTF-8. A fault says nothing of what the entry holds.
 */
export function bodyOf(entry: RecordEntry | RuledRequest): string | RecordFault {
  if ('prev' in entry || 'seq' in entry || 'at' in entry) {
    return unfit('it sets prev, seq or at, which are the recorder’s');
  }
  const text = jsonOf(entry);
  if (text === undefined) return unjson();
  const body = text.startsWith('{"kind":') ? text : jsonOf({ ...{ kind: entry.kind }, ...entry });
  if (body === undefined || !body.startsWith('{"kind":')) return unfit('it has no kind');
  return fits(body) ? body.slice(1) : tooLong();
}

/** {@link bodyOf} of a decided request and its ruling, the JSON of whose parts is kept. */
export function bodyOfDecided(request: RuledRequest, ruling: Ruling): string | RecordFault {
  // Named twice, a field would say one thing to one reader and another to the next.
  if ('actions' in request || 'masks' in request || 'limits' in request) {
    return unfit('it sets what its ruling says');
  }
  const own = bodyOf(request);
  if (own instanceof RecordFault) return own;
  const actions = keptJsonOf(ruling.actions);
  const masks = keptJsonOf(ruling.masks);
  const limits = keptJsonOf(ruling.limits);
  if (actions === undefined || masks === undefined || limits === undefined) return unjson();
  const body = `${own.slice(0, -1)},"actions":${actions},"masks":${masks},"limits":${limits}}`;
  return fits(body) ? body : tooLong();
}

const kept = new WeakMap<object, string>();

function keptJsonOf(value: object): string | undefined {
  let text = kept.get(value);
  if (text === undefined) {
    text = jsonOf(value);
    if (text !== undefined) kept.set(value, text);
  }
  return text;
}

/** A UTF-16 unit is at most three bytes of UTF-8; only what may be too long is counted. */
function fits(body: string): boolean {
  return (
    body.length * 3 + HEADER_BYTES <= MAX_LINE_BYTES ||
    Buffer.byteLength(body) + HEADER_BYTES <= MAX_LINE_BYTES
  );
}

function tooLong(): RecordFault {
  return unfit(`it is longer than ${MAX_LINE_BYTES} bytes`);
}

function unjson(): RecordFault {
  return unfit('it cannot be written as JSON');
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
