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
/** Comparing with bytes in a loop of our own is several times as fast as `startsWith`. */
const key = (text: string): Buffer => Buffer.from(text, 'latin1');
const seqKey = key('","seq":');
const atKey = key(',"at":"');
const kindKey = key('","kind":"');
const decidedKind = key('request.decided","session":"');
const otherOrder = key('request.decided"');
const openedKind = key('session.opened","session":"');
const requestKey = key('","request":"');
const textKey = key('","text":"');
const digestKey = key('","digest":"');
const effectKey = key('","effect":"');
const denied = key('deny"');
const observedKey = key('","observed":"');
const reasonKey = key('","reason":"');
const policyKey = key('","policyDigest":"');
const timeKey = key('","decideMs":');
const prepareField = key(',"stage":"prepare"');
const parametersKey = key(',"parameters":[');
const hintKey = key(',"hint":"');
const planKey = key(',"plan":{');
const undecidableKey = key(',"undecidable":"');
const approvalKey = key(',"approval":"');
const actionsKey = key(',"actions":[');

function has(chunk: string, at: number, wanted: Buffer): boolean {
  const { length } = wanted;
  for (let offset = 0; offset < length; offset++)
    if (chunk.charCodeAt(at + offset) !== wanted[offset]) return false;
  return true;
}

/** Cut the line at `start` up to `end` (without its newline). Fills `cut`, which is used again for the next line. */
export function cutLine(chunk: string, start: number, end: number, cut: Cut): void {
  cut.kind = 'strange';
  let at = start + beforeSeq;
  if (!has(chunk, at, seqKey)) return;
  at += seqKey.length;
  let seq = 0;
  for (let code = chunk.charCodeAt(at); code >= 0x30 && code <= 0x39; code = chunk.charCodeAt(++at))
    seq = seq * 10 + code - 0x30;
  cut.seq = seq;
  if (!has(chunk, at, atKey)) return;
  cut.at = at + atKey.length;
  at = cut.at + timeLength;
  if (!has(chunk, at, kindKey)) return;
  at += kindKey.length;
  if (!has(chunk, at, decidedKind)) {
    const isOpened = has(chunk, at, openedKind);
    cut.kind = isOpened ? 'opened' : has(chunk, at, otherOrder) ? 'strange' : 'other';
    return;
  }
  cut.session = at + decidedKind.length;
  cut.sessionEnd = stringEnd(chunk, cut.session, end);
  if (!has(chunk, cut.sessionEnd, requestKey)) return;
  at = stringEnd(chunk, cut.sessionEnd + requestKey.length, end);
  if (!has(chunk, at, textKey)) return;
  cut.text = at + textKey.length;
  cutText(chunk, end, cut);
  if (!has(chunk, cut.textEnd, digestKey)) return;
  at = digestEnd(chunk, cut.textEnd + digestKey.length, end);
  if (!has(chunk, at, effectKey)) return;
  cut.answer = at + effectKey.length;
  cut.isDenied = has(chunk, cut.answer, denied);
  at = stringEnd(chunk, cut.answer, end);
  if (!has(chunk, at, observedKey)) return;
  at = stringEnd(chunk, at + observedKey.length, end);
  if (!has(chunk, at, reasonKey)) return;
  cut.answerEnd = stringEnd(chunk, at + reasonKey.length, end);
  if (!has(chunk, cut.answerEnd, policyKey)) return;
  at = digestEnd(chunk, cut.answerEnd + policyKey.length, end);
  if (!has(chunk, at, timeKey)) return;
  at += timeKey.length;
  while (at < end && chunk.charCodeAt(at) !== comma) at++;
  cutRest(chunk, at, end, cut);
}

/** The fields that a request may have or not, in the order in which they are written, and the ruling. */
function cutRest(chunk: string, from: number, end: number, cut: Cut): void {
  let at = from;
  cut.isPrepare = has(chunk, at, prepareField);
  if (cut.isPrepare) at += prepareField.length;
  if (has(chunk, at, parametersKey)) at = listEnd(chunk, at + parametersKey.length, end);
  if (has(chunk, at, hintKey)) at = stringEnd(chunk, at + hintKey.length, end) + 1;
  cut.plan = at;
  cut.planEnd = at;
  if (has(chunk, at, planKey)) {
    // Two numbers, so no brace but its own.
    at = chunk.indexOf('}', at) + 1;
    cut.planEnd = at;
  }
  cut.undecidable = at;
  cut.undecidableEnd = at;
  if (has(chunk, at, undecidableKey)) {
    at = stringEnd(chunk, at + undecidableKey.length, end) + 1;
    cut.undecidableEnd = at;
  }
  cut.hasApproval = has(chunk, at, approvalKey);
  if (cut.hasApproval) at = stringEnd(chunk, at + approvalKey.length, end) + 1;
  if (at >= end || !has(chunk, at, actionsKey)) return;
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
