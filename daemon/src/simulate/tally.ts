import type { RuleRow } from '../recordings/index-rows.ts';
import { type PolicyNow, redecide } from '../review/decide-again.ts';
import type { Redecided } from '../review/questions.ts';
import type { Asker } from '../review/recorded-input.ts';
import { Causes, flipOf, spokeIn } from './causes.ts';
import type { DecidedLine } from './gather.ts';
import {
  type Cause,
  type Example,
  type Flip,
  flips,
  type Outcome,
  type RuleHits,
  type Simulation,
  type SimulationFilter,
} from './simulation.ts';

/** What became of one group: all that is kept of it once it was decided. */
export interface Judged {
  readonly outcome: Outcome;
  readonly causes: readonly Cause[];
  /** The rules behind the answer now, and behind both where it changes. */
  readonly hits: readonly RuleRow[];
  readonly changes: readonly RuleRow[];
  /** Absent for what stays the same. */
  readonly example?: Omit<Example, 'times'>;
  readonly isWanted: boolean;
}

const longestText = 2000;

/** Decides recorded requests by one policy. */
export class Judge {
  readonly #now: PolicyNow;
  readonly #causes: Causes;
  readonly #rule: string | undefined;

  constructor(now: PolicyNow, { rule }: SimulationFilter = {}) {
    this.#now = now;
    this.#causes = new Causes(now.compiled.set);
    this.#rule = rule;
  }

  judge(line: DecidedLine, asker: Asker | undefined): Judged {
    const { told, decision } = this.#redecided(line, asker);
    const after = told.kind === 'open' ? undefined : told.after;
    const hits = (after?.rules ?? []).map((rule) => ({ ...rule, ...this.#causes.placeOf(rule) }));
    const changes = told.kind === 'changed' ? [...told.before.rules, ...told.after.rules] : [];
    const outcome = told.kind === 'changed' ? flipOf(told) : told.kind;
    const named = [...told.before.rules, ...hits];
    return {
      outcome,
      causes:
        told.kind === 'changed'
          ? this.#causes.of(told, { before: spokeIn(line.actions), after: spokeIn(decision?.actions ?? []) })
          : [],
      hits,
      changes: changes.map((rule) => ({ ...rule, ...this.#causes.placeOf(rule) })),
      ...(told.kind !== 'same' && { example: exampleOf(line, asker, told) }),
      isWanted:
        this.#rule === undefined ||
        named.some(({ policy, rule }) => rule === this.#rule || `${policy}/${rule}` === this.#rule),
    };
  }

  #redecided(line: DecidedLine, asker: Asker | undefined): ReturnType<typeof redecide> {
    if (asker !== undefined) return redecide(line, asker, this.#now);
    const { seq, request } = line;
    return { told: { seq, request, before: nobody, kind: 'open', why: unknownSession } };
  }
}

const nobody = { effect: 'deny', reason: '', rules: [] } as const;
const unknownSession = 'The record does not tell of its session.';

function exampleOf(
  { seq, at, text }: DecidedLine,
  asker: Asker | undefined,
  told: Exclude<Redecided, { kind: 'same' }>,
): Omit<Example, 'times'> {
  return {
    seq,
    at,
    text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
    agent: asker?.agent ?? '',
    resource: asker?.resource ?? '',
    before: told.before.effect,
    ...(told.after && { after: told.after.effect }),
    reason: told.kind === 'open' ? told.why : told.after.reason,
  };
}

interface Kind {
  requests: number;
  examples: Example[];
}

/** Of one thing, so many are told, and so many are kept until all are there. */
const told = 3;
const kept = 60;
const maxKinds = 2000;

interface RuleTally extends RuleRow {
  readonly hits: number;
  readonly changes: Kind;
}

/** What threads send each other: plain data. */
export interface TallyData {
  readonly requests: number;
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly flips: ReadonlyMap<string, Kind & { readonly flip: Flip; readonly cause: Cause }>;
  readonly open: ReadonlyMap<string, Kind>;
  readonly rules: ReadonlyMap<string, RuleTally>;
}

/** Adds up what became of groups. Its size follows from the policy, not from how much was recorded. */
export class Tally implements TallyData {
  requests = 0;
  readonly totals: Record<Outcome, number> = { same: 0, allowed: 0, bounds: 0, held: 0, denied: 0, open: 0 };
  readonly flips = new Map<string, Kind & { readonly flip: Flip; readonly cause: Cause }>();
  readonly open = new Map<string, Kind>();
  readonly rules = new Map<string, RuleTally>();

  add({ outcome, causes, hits, changes, example, isWanted }: Judged, times: number): void {
    if (!isWanted) return;
    this.requests += times;
    this.totals[outcome] += times;
    const examples = example === undefined ? [] : [{ ...example, times }];
    for (const cause of causes) {
      if (outcome === 'same' || outcome === 'open') continue;
      this.#flip(outcome, cause, { requests: times, examples });
    }
    if (outcome === 'open') this.#open(example?.reason ?? '', { requests: times, examples });
    const changed = new Set(changes.map(nameOf));
    const hit = new Set(hits.map(nameOf));
    const parts = new Map([...changes, ...hits].map((rule) => [nameOf(rule), rule]));
    for (const [name, rule] of parts)
      this.#rule(rule, {
        hits: hit.has(name) ? times : 0,
        changes: changed.has(name) ? { requests: times, examples } : { requests: 0, examples: [] },
      });
  }

  merge(other: TallyData): void {
    this.requests += other.requests;
    for (const outcome of ['same', 'open', ...flips] as const) this.totals[outcome] += other.totals[outcome];
    for (const { flip, cause, ...kind } of other.flips.values()) this.#flip(flip, cause, kind);
    for (const [why, kind] of other.open) this.#open(why, kind);
    for (const rule of other.rules.values()) this.#rule(rule, rule);
  }

  /** Plain data, to be sent to another thread. */
  data(): TallyData {
    const { requests, totals, flips: own, open, rules } = this;
    return { requests, totals, flips: own, open, rules };
  }

  result(since: string): Simulation {
    const order = (flip: Flip) => flips.indexOf(flip);
    return {
      since,
      requests: this.requests,
      totals: this.totals,
      flips: [...this.flips.values()]
        .map((each) => ({ ...each, examples: toldOf(each.examples) }))
        .sort((a, b) => order(a.flip) - order(b.flip) || b.requests - a.requests || byName(a.cause, b.cause)),
      open: [...this.open]
        .map(([why, { requests, examples }]) => ({ why, requests, examples: toldOf(examples) }))
        .sort((a, b) => b.requests - a.requests || (a.why < b.why ? -1 : 1)),
      rules: [...this.rules.values()]
        .map(
          ({ changes, ...rule }): RuleHits => ({
            ...rule,
            changes: changes.requests,
            examples: toldOf(changes.examples),
          }),
        )
        .sort((a, b) => b.changes - a.changes || b.hits - a.hits || (nameOf(a) < nameOf(b) ? -1 : 1)),
    };
  }

  #flip(flip: Flip, cause: Cause, kind: Kind): void {
    const key = JSON.stringify([flip, cause.kind, cause.side, cause.policy, cause.name]);
    let found = this.flips.get(key);
    if (found === undefined) {
      // Reasons of faults could be any number; they are all of one kind then.
      const one = this.flips.size < maxKinds ? cause : { ...cause, name: 'others' };
      found = { flip, cause: one, requests: 0, examples: [] };
      this.flips.set(this.flips.size < maxKinds ? key : `${flip} others`, found);
    }
    addTo(found, kind);
  }

  #open(why: string, kind: Kind): void {
    const name = this.open.has(why) || this.open.size < maxKinds ? why : 'other reasons';
    const found = this.open.get(name) ?? { requests: 0, examples: [] };
    this.open.set(name, found);
    addTo(found, kind);
  }

  #rule({ policy, rule, effect, file, line }: RuleRow, part: Pick<RuleTally, 'hits' | 'changes'>): void {
    const name = nameOf({ policy, rule });
    const known = this.rules.get(name);
    if (known === undefined && this.rules.size >= maxKinds) return;
    const changes = known?.changes ?? { requests: 0, examples: [] };
    addTo(changes, part.changes);
    const about = known ?? { policy, rule, effect, file, line };
    this.rules.set(name, { ...about, hits: (known?.hits ?? 0) + part.hits, changes });
  }
}

function nameOf({ policy, rule }: Pick<RuleRow, 'policy' | 'rule'>): string {
  return `${policy}\n${rule}`;
}

function byName(a: Cause, b: Cause): number {
  const [one, other] = [`${a.policy}\n${a.name}`, `${b.policy}\n${b.name}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function addTo(found: Kind, { requests, examples }: Kind): void {
  found.requests += requests;
  // Two threads may have met the same requests; the first of them stands for all.
  for (const example of examples) {
    const known = found.examples.findIndex((each) => isLike(each, example));
    const old = found.examples[known];
    if (old === undefined) found.examples.push(example);
    else
      found.examples[known] = {
        ...(old.seq < example.seq ? old : example),
        times: old.times + example.times,
      };
  }
  if (found.examples.length > kept) found.examples = sorted(found.examples).slice(0, kept / 2);
}

/** Whether people would see the same twice. */
function isLike(one: Example, other: Example): boolean {
  return (
    one.agent === other.agent &&
    one.resource === other.resource &&
    one.before === other.before &&
    one.after === other.after &&
    skeleton(one.text) === skeleton(other.text)
  );
}

/** A text without numbers, strings and the lengths of spaces. */
function skeleton(text: string): string {
  return text
    .replace(/'[^']*'/g, "''")
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

function sorted(examples: readonly Example[]): Example[] {
  return [...examples].sort((a, b) => b.times - a.times || a.seq - b.seq);
}

/** The most frequent, other statements before the same one of other agents. */
function toldOf(examples: readonly Example[]): readonly Example[] {
  const all = sorted(examples);
  const seen = new Set<string>();
  const isFirst = ({ text }: Example) => seen.size < seen.add(skeleton(text)).size;
  const { first = [], again = [] } = Object.groupBy(all, (each) => (isFirst(each) ? 'first' : 'again'));
  return sorted([...first, ...again].slice(0, told));
}
