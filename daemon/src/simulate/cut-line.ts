/**
 * Finds, in a line of a request, what deciding it again depends on, without parsing the rest. The line is read as bytes
 * (one character a byte), from the front, string by string, so nothing that a client wrote into a text is taken for a
 * field. Fields stand as the recorder writes them; of a line in another order it says so.
 */

/** Offsets into the chunk; `end`s are exclusive. */
export interface Cut {
  kind: 'request' | 'opened' | 'other' | 'strange';
  seq: number;
  /** Of the 24 characters of `at`. */
  at: number;
  session: number;
  sessionEnd: number;
  /** Between the quotes, escapes as they stand. */
  text: number;
  textEnd: number;
  /** The text is ASCII without escapes: it stands as it was asked. */
  isPlain: boolean;
  /** From the effect to the end of the reason. */
  answer: number;
  answerEnd: number;
  isDenied: boolean;
  isPrepare: boolean;
  /** A JSON object, or an empty range. */
  plan: number;
  planEnd: number;
  /** Between the quotes, or an empty range. */
  undecidable: number;
  undecidableEnd: number;
  hasApproval: boolean;
  /** Actions, masks and limits; up to the end of the line. */
  ruling: number;
}

export function emptyCut(): Cut {
  return {
    ...{ kind: 'other', seq: 0, at: 0, session: 0, sessionEnd: 0, text: 0, textEnd: 0, isPlain: false },
    ...{ answer: 0, answerEnd: 0, isDenied: false, isPrepare: false, plan: 0, planEnd: 0 },
    ...{ undecidable: 0, undecidableEnd: 0, hasApproval: false, ruling: 0 },
  };
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const hashLength = 64;
const timeLength = 24;

const beforeSeq = '{"prev":"'.length + hashLength;
const seqKey = '","seq":';
const atKey = ',"at":"';
const kindKey = '","kind":"';
const decidedKind = 'request.decided","session":"';
const openedKind = 'session.opened","session":"';
const requestKey = '","request":"';
const textKey = '","text":"';
const digestKey = '","digest":"';
const effectKey = '","effect":"';
const observedKey = '","observed":"';
const reasonKey = '","reason":"';
const policyKey = '","policyDigest":"';
const timeKey = '","decideMs":';

/** Cut the line at `start` up to `end` (without its newline). Fills `cut`, which is used again for the next line. */
export function cutLine(chunk: string, start: number, end: number, cut: Cut): void {
  cut.kind = 'strange';
  let at = start + beforeSeq;
  if (!chunk.startsWith(seqKey, at)) return;
  at += seqKey.length;
  let seq = 0;
  for (let code = chunk.charCodeAt(at); code >= 0x30 && code <= 0x39; code = chunk.charCodeAt(++at))
    seq = seq * 10 + code - 0x30;
  cut.seq = seq;
  if (!chunk.startsWith(atKey, at)) return;
  cut.at = at + atKey.length;
  at = cut.at + timeLength;
  if (!chunk.startsWith(kindKey, at)) return;
  at += kindKey.length;
  if (!chunk.startsWith(decidedKind, at)) {
    const isOpened = chunk.startsWith(openedKind, at);
    cut.kind = isOpened ? 'opened' : chunk.startsWith('request.decided"', at) ? 'strange' : 'other';
    return;
  }
  cut.session = at + decidedKind.length;
  cut.sessionEnd = stringEnd(chunk, cut.session, end);
  if (!chunk.startsWith(requestKey, cut.sessionEnd)) return;
  at = stringEnd(chunk, cut.sessionEnd + requestKey.length, end);
  if (!chunk.startsWith(textKey, at)) return;
  cut.text = at + textKey.length;
  cutText(chunk, end, cut);
  if (!chunk.startsWith(digestKey, cut.textEnd)) return;
  at = digestEnd(chunk, cut.textEnd + digestKey.length, end);
  if (!chunk.startsWith(effectKey, at)) return;
  cut.answer = at + effectKey.length;
  cut.isDenied = chunk.startsWith('deny"', cut.answer);
  at = stringEnd(chunk, cut.answer, end);
  if (!chunk.startsWith(observedKey, at)) return;
  at = stringEnd(chunk, at + observedKey.length, end);
  if (!chunk.startsWith(reasonKey, at)) return;
  cut.answerEnd = stringEnd(chunk, at + reasonKey.length, end);
  if (!chunk.startsWith(policyKey, cut.answerEnd)) return;
  at = digestEnd(chunk, cut.answerEnd + policyKey.length, end);
  if (!chunk.startsWith(timeKey, at)) return;
  at += timeKey.length;
  while (at < end && chunk.charCodeAt(at) !== comma) at++;
  cutRest(chunk, at, end, cut);
}

/** The fields that a request may have or not, in the order in which they are written, and the ruling. */
function cutRest(chunk: string, from: number, end: number, cut: Cut): void {
  let at = from;
  cut.isPrepare = chunk.startsWith(',"stage":"prepare"', at);
  if (cut.isPrepare) at += ',"stage":"prepare"'.length;
  if (chunk.startsWith(',"parameters":[', at)) at = listEnd(chunk, at + ',"parameters":['.length, end);
  if (chunk.startsWith(',"hint":"', at)) at = stringEnd(chunk, at + ',"hint":"'.length, end) + 1;
  cut.plan = at;
  cut.planEnd = at;
  if (chunk.startsWith(',"plan":{', at)) {
    // Two numbers, so no brace but its own.
    at = chunk.indexOf('}', at) + 1;
    cut.planEnd = at;
  }
  cut.undecidable = at;
  cut.undecidableEnd = at;
  if (chunk.startsWith(',"undecidable":"', at)) {
    at = stringEnd(chunk, at + ',"undecidable":"'.length, end) + 1;
    cut.undecidableEnd = at;
  }
  cut.hasApproval = chunk.startsWith(',"approval":"', at);
  if (cut.hasApproval) at = stringEnd(chunk, at + ',"approval":"'.length, end) + 1;
  if (at >= end || !chunk.startsWith(',"actions":[', at)) return;
  cut.ruling = at;
  cut.kind = 'request';
}

/** Where the string that begins at `from` ends: at its closing quote, or at `end`. */
function stringEnd(chunk: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const code = chunk.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return end;
}

/** {@link stringEnd} of a hash: where it is one, its length is known. */
function digestEnd(chunk: string, from: number, end: number): number {
  for (let at = from; at < from + hashLength; at += 16)
    if (!isHex(chunk.charCodeAt(at))) return stringEnd(chunk, from, end);
  return chunk.charCodeAt(from + hashLength) === quote ? from + hashLength : stringEnd(chunk, from, end);
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

/** {@link stringEnd} of the text, and what it is made of. */
function cutText(chunk: string, end: number, cut: Cut): void {
  let all = 0;
  let isEscaped = false;
  let at = cut.text;
  for (; at < end; at++) {
    const code = chunk.charCodeAt(at);
    if (code === quote) break;
    if (code === backslash) {
      isEscaped = true;
      at++;
    }
    all |= code;
  }
  cut.textEnd = Math.min(at, end);
  cut.isPlain = !isEscaped && all < 0x80;
}

/** Behind the bracket that ends a list of strings and nulls. */
function listEnd(chunk: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = chunk.charCodeAt(at);
    if (code === quote) at = stringEnd(chunk, at + 1, end);
    else if (code === 0x5d) return at + 1;
    at++;
  }
  return end;
}
