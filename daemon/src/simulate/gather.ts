import type { WhatIsRead } from '@gatehouse/policy-schema/evaluate/what-is-read.ts';
import { RecordFault } from '../core/faults.ts';
import { parseLine } from '../recordings/chain.ts';
import type { RecordedOf } from '../recordings/session-page.ts';
import type { Asker } from '../review/recorded-input.ts';
import type { AskerClass, Askers } from './askers.ts';
import { cutLine, emptyCut, type Cut } from './cut-line.ts';
import type { Chunk } from './store-lines.ts';

export type DecidedLine = RecordedOf<'request.decided'>;

/** Of two that are the same here, one's groups serve the other. */
export function nameOfReads({ now, ...read }: WhatIsRead): string {
  return JSON.stringify([read, now?.name]);
}

/** Requests that differ in nothing that an answer depends on. */
export interface Group<Kept> {
  readonly kept: Kept;
  times: number;
}

export interface GatherOptions<Kept> {
  readonly read: WhatIsRead;
  readonly askers: Askers;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly since: string;
  /** The same for texts that a resource's protocol reads alike. */
  readonly alike: (text: string, resource: string) => string;
  /** What is kept of the first request of a group. */
  readonly keep: (line: DecidedLine, asker: Asker | undefined) => Kept;
  /** So many are kept at once; at most 100,000. */
  readonly maxGroups: number;
  /** Called with all groups when they are too many to be kept; they are forgotten then. */
  readonly full: (groups: Iterable<Group<Kept>>) => void;
}

/** Ids of one kind stay below this, so that three of them are one number that is exact. */
const maxIds = 1 << 17;
/** Characters of names that are kept. */
const maxCharacters = 24 * 1024 * 1024;

/**
 * Counts requests that get the same answer for sure. A request's answer depends on its actions, masks and limits as they
 * were recorded, on what its text says, on who asked, and on what the policy reads beside that ({@link WhatIsRead}); two
 * requests that have all this in common are one group, and only the first of them is ever parsed.
 */
export class Gatherer<Kept> {
  readonly #options: GatherOptions<Kept>;
  readonly #texts = new Ids();
  readonly #rulings = new Ids();
  readonly #rests = new Ids();
  /** Ids of pairs of a ruling and a rest. */
  readonly #pairs = new Map<number, number>();
  /** The last request of each text and asker: most are like it, and comparing costs less than looking up. */
  readonly #recent = new Map<number, Recent<Kept>>();
  readonly #groups = new Map<number, Group<Kept>>();
  readonly #cut: Cut = emptyCut();
  #lastSession = '';
  #lastAsker: AskerClass | undefined;
  /** Requests so far that the time and the filter leave in. */
  requests = 0;
  /** Lines so far. */
  lines = 0;

  constructor(options: GatherOptions<Kept>) {
    this.#options = options;
  }

  get groups(): Iterable<Group<Kept>> {
    return this.#groups.values();
  }

  /** @throws RecordFault `store-corrupt` at a line that is no record */
  take({ bytes, end }: Chunk): void {
    const cut = this.#cut;
    for (let start = 0; start < end; ) {
      const stop = bytes.indexOf('\n', start);
      cutLine(bytes, start, stop, cut);
      this.lines += 1;
      if (cut.kind === 'request') this.#request(bytes, start, stop);
      else if (cut.kind === 'opened') this.#options.askers.opened(lineOf(bytes, start, stop));
      else if (cut.kind === 'strange') this.#strange(bytes, start, stop);
      start = stop + 1;
    }
  }

  #request(bytes: string, start: number, stop: number): void {
    const cut = this.#cut;
    const { askers, since, alike } = this.#options;
    if (isBefore(bytes, cut.at, since)) return;
    // Each run of it has a record of its own.
    if (cut.isPrepare && !cut.isDenied) return;
    if (askers.size >= maxIds) this.#empty();
    const who = this.#whoAsked(bytes);
    if (!who.isWanted) return;
    this.requests += 1;
    const text = this.#texts.of(this.#textKey(bytes, who, alike)).id;
    const ruling = bytes.slice(cut.ruling, stop);
    const rest = this.#restKey(bytes);
    const asked = text * maxIds + who.id;
    const recent = this.#recent.get(asked);
    if (recent !== undefined && recent.ruling === ruling && recent.rest === rest) {
      recent.group.times += 1;
      return;
    }
    const known = { ruling: this.#rulings.of(ruling), rest: this.#rests.of(rest) };
    const pair = known.ruling.id * maxIds + known.rest.id;
    let both = this.#pairs.get(pair);
    if (both === undefined) {
      both = this.#pairs.size;
      this.#pairs.set(pair, both);
    }
    const key = asked * maxIds + both;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const line = parseLine(lineOf(bytes, start, stop));
      if (line?.kind !== 'request.decided') throw notARecord(cut.seq);
      group = { kept: this.#options.keep(line, who.asker), times: 0 };
      this.#groups.set(key, group);
    }
    group.times += 1;
    this.#recent.set(asked, { ruling: known.ruling.text, rest: known.rest.text, group });
    if (this.#isFull()) this.#empty();
  }

  /** Sessions ask many times in a row. */
  #whoAsked(bytes: string): AskerClass {
    const { session, sessionEnd } = this.#cut;
    const id = bytes.slice(session, sessionEnd);
    if (this.#lastSession !== id) {
      this.#lastSession = id;
      this.#lastAsker = this.#options.askers.of(id);
    }
    return this.#lastAsker ?? this.#options.askers.of(id);
  }

  #textKey(bytes: string, who: AskerClass, alike: GatherOptions<Kept>['alike']): string {
    const cut = this.#cut;
    const raw = bytes.slice(cut.text, cut.textEnd);
    const text = cut.isPlain ? raw : unescaped(raw);
    return this.#options.read.text || who.asker === undefined ? `=${text}` : alike(text, who.asker.resource);
  }

  /** Everything else that counts: what was answered, and what the policy may read. */
  #restKey(bytes: string): string {
    const cut = this.#cut;
    const { read } = this.#options;
    let key = bytes.slice(cut.answer, cut.answerEnd);
    if (cut.undecidableEnd > cut.undecidable) key += `\n${bytes.slice(cut.undecidable, cut.undecidableEnd)}`;
    if (cut.hasApproval) key += '\na';
    if (cut.planEnd > cut.plan) {
      // What passed no bound of its time says by that what refused it.
      key += read.plan || cut.isDenied ? `\n${bytes.slice(cut.plan, cut.planEnd)}` : '\np';
    }
    if (read.now !== undefined) key += `\n${read.now.of(new Date(bytes.slice(cut.at, cut.at + 24)))}`;
    return key;
  }

  /** A line with its fields in another order: they are put in the usual one. */
  #strange(bytes: string, start: number, stop: number): void {
    const line = parseLine(lineOf(bytes, start, stop));
    if (line === undefined) throw notARecord(this.#cut.seq);
    if (line.kind === 'session.opened') this.#options.askers.opened(lineOf(bytes, start, stop));
    if (line.kind !== 'request.decided') return;
    const usual = Buffer.from(JSON.stringify(inOrder(line))).toString('latin1');
    cutLine(usual, 0, usual.length, this.#cut);
    if (this.#cut.kind !== 'request') throw notARecord(line.seq);
    this.#request(usual, 0, usual.length);
  }

  #isFull(): boolean {
    return (
      Math.max(this.#texts.size, this.#rulings.size, this.#rests.size, this.#pairs.size) >= maxIds - 1 ||
      this.#options.askers.size >= maxIds - 1 ||
      this.#groups.size >= this.#options.maxGroups ||
      this.#texts.characters + this.#rulings.characters + this.#rests.characters > maxCharacters
    );
  }

  #empty(): void {
    this.#options.full(this.#groups.values());
    this.#groups.clear();
    this.#recent.clear();
    this.#pairs.clear();
    this.#options.askers.forget();
    this.#lastAsker = undefined;
    this.#lastSession = '';
    for (const ids of [this.#texts, this.#rulings, this.#rests]) ids.clear();
  }
}

interface Recent<Kept> {
  readonly ruling: string;
  readonly rest: string;
  readonly group: Group<Kept>;
}

interface Known {
  readonly id: number;
  readonly text: string;
}

/** Numbers for texts, from 0. */
class Ids {
  readonly #ids = new Map<string, Known>();
  characters = 0;

  get size(): number {
    return this.#ids.size;
  }

  of(text: string): Known {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    // A slice would keep the whole chunk that it is cut from.
    const made = { id: this.#ids.size, text: Buffer.from(text, 'utf16le').toString('utf16le') };
    this.#ids.set(made.text, made);
    this.characters += text.length;
    return made;
  }

  clear(): void {
    this.#ids.clear();
    this.characters = 0;
  }
}

/** A text as it was asked, of its bytes in a JSON string. */
function unescaped(raw: string): string {
  try {
    const text: unknown = JSON.parse(`"${Buffer.from(raw, 'latin1').toString('utf8')}"`);
    return typeof text === 'string' ? text : raw;
  } catch {
    // Not JSON: the line does not parse either, which is told where its group is made.
    return raw;
  }
}

/** As the recorder writes it. */
function inOrder(line: DecidedLine): DecidedLine {
  const { prev, seq, at, kind, session, request, text, actions, masks, limits, ...more } = line;
  const { digest, effect, observed, reason, policyDigest, decideMs, ...maybe } = more;
  const { stage, parameters, hint, plan, undecidable, approval } = maybe;
  return {
    ...{ prev, seq, at, kind, session, request, text, digest },
    ...{ effect, observed, reason, policyDigest, decideMs },
    ...(stage && { stage }),
    ...(parameters && { parameters }),
    ...(hint !== undefined && { hint }),
    ...(plan && { plan }),
    ...(undecidable !== undefined && { undecidable }),
    ...(approval !== undefined && { approval }),
    ...{ actions, masks, limits },
  };
}

/** Of a time as lines tell it; both are of one length, and sort as texts. */
function isBefore(bytes: string, at: number, since: string): boolean {
  for (let offset = 0; offset < since.length; offset++) {
    const difference = bytes.charCodeAt(at + offset) - since.charCodeAt(offset);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function lineOf(bytes: string, start: number, stop: number): Buffer {
  return Buffer.from(bytes.slice(start, stop), 'latin1');
}

function notARecord(seq: number): RecordFault {
  return new RecordFault('store-corrupt', `Record ${seq} is not a record; look with \`gatehouse verify\`.`);
}
