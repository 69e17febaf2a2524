/** What changed between two policy sets, part by part, for people: parts are the same by their names. */
import type { Location, Mask, Policy, PolicySet, Rule } from '../../model/policy.ts';
import { differences, wordsFor } from '../compare.ts';

export interface Change {
  readonly what: 'added' | 'removed' | 'changed';
  /** The policy's name. */
  readonly policy: string;
  /** The part: `allow rule read-shop`, `mask redact on *.ssn`, `limits`; absent: the whole policy. */
  readonly part?: string;
  /** In what it changed. */
  readonly words: string;
  readonly before?: Location;
  readonly after?: Location;
  /** The set before with this change alone. */
  readonly alone: PolicySet;
}

type Part = Omit<Change, 'policy' | 'alone'> & { readonly make: (policy: Policy) => Policy };

/** Every change of meaning, in the order of the policies and their parts. What only says the same otherwise is none. */
export function changesBetween(before: PolicySet, after: PolicySet): readonly Change[] {
  const were = new Map(before.policies.map((policy) => [policy.name, policy]));
  const are = new Map(after.policies.map((policy) => [policy.name, policy]));
  const changes: Change[] = [];
  for (const policy of before.policies) {
    const others = before.policies.filter((each) => each !== policy);
    const now = are.get(policy.name);
    if (now === undefined) {
      changes.push({
        what: 'removed',
        policy: policy.name,
        words: sizeWords(policy),
        before: policy.location,
        alone: { ...before, policies: others },
      });
    } else if (now !== policy) {
      for (const { make, ...part } of partsBetween(policy, now)) {
        const alone = { ...before, policies: [...others, make(policy)] };
        changes.push({ policy: policy.name, ...part, alone });
      }
    }
  }
  for (const policy of after.policies) {
    if (were.has(policy.name)) continue;
    changes.push({
      what: 'added',
      policy: policy.name,
      words: sizeWords(policy),
      after: policy.location,
      alone: { ...before, policies: [...before.policies, policy] },
    });
  }
  return changes;
}

function sizeWords({ rules, mode }: Policy): string {
  const count = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`;
  return mode === 'observe' ? `${count}, only observed` : count;
}

function* partsBetween(was: Policy, is: Policy): Generator<Part> {
  if (was.mode !== is.mode) {
    const words = `${was.mode} becomes ${is.mode}`;
    yield* field(was, is, 'mode', words, (policy) => ({ ...policy, mode: is.mode }));
  }
  if (JSON.stringify(was.applies) !== JSON.stringify(is.applies)) {
    const words = listWords(was.applies, is.applies);
    yield* field(was, is, 'applies', words, (policy) => ({ ...policy, applies: is.applies }));
  }
  yield* rulesBetween(was, is);
  yield* masksBetween(was, is);
  for (const key of ['limits', 'budgets'] as const) {
    if (JSON.stringify(was[key]) === JSON.stringify(is[key])) continue;
    const [from, to] = [flat(was[key]), flat(is[key])];
    const first = Object.keys({ ...to, ...from }).find((name) => from[name] !== to[name]) ?? '';
    const place = (policy: Policy) =>
      policy.boundPlaces?.[`${key}.${first.replace(' ', '.')}`] ?? policy.location;
    yield {
      what: 'changed',
      part: key,
      words: boundWords(from, to),
      before: place(was),
      after: place(is),
      make: (policy) => ({ ...policy, [key]: is[key] }),
    };
  }
}

function* field(
  was: Policy,
  is: Policy,
  part: string,
  words: string,
  make: (policy: Policy) => Policy,
): Generator<Part> {
  yield { what: 'changed', part, words, before: was.location, after: is.location, make };
}

function* rulesBetween(was: Policy, is: Policy): Generator<Part> {
  const are = new Map(is.rules.map((rule) => [rule.name, rule]));
  const were = new Set(was.rules.map(({ name }) => name));
  for (const rule of was.rules) {
    const now = are.get(rule.name);
    const others = (policy: Policy) => policy.rules.filter(({ name }) => name !== rule.name);
    const part = `${(now ?? rule).effect} rule ${rule.name}`;
    if (now === undefined) {
      const make = (policy: Policy) => ({ ...policy, rules: others(policy) });
      yield { what: 'removed', part, words: '', before: rule.location, make };
      continue;
    }
    // Where policies apply, and how, is a change of its own.
    const words = differences({ policy: was, rule }, { policy: was, rule: now });
    if (words === '') continue;
    const make = (policy: Policy) => ({ ...policy, rules: [...others(policy), now] });
    yield { what: 'changed', part, words, before: rule.location, after: now.location, make };
  }
  for (const rule of is.rules) {
    if (were.has(rule.name)) continue;
    const make = (policy: Policy): Policy => ({ ...policy, rules: [...policy.rules, rule] });
    yield { what: 'added', part: partOf(rule), words: '', after: rule.location, make };
  }
}

const partOf = (rule: Rule): string => `${rule.effect} rule ${rule.name}`;

const keyOf = ({ location: _, ...mask }: Mask) => JSON.stringify(mask);

/** Masks have no names: one on the same columns is the same one. */
function* masksBetween(was: Policy, is: Policy): Generator<Part> {
  const [before, after] = [new Set(was.masks.map(keyOf)), new Set(is.masks.map(keyOf))];
  const gone = was.masks.filter((mask) => !after.has(keyOf(mask)));
  const fresh = is.masks.filter((mask) => !before.has(keyOf(mask)));
  const without = (policy: Policy, mask: Mask) => policy.masks.filter((each) => keyOf(each) !== keyOf(mask));
  const twins = new Map<Mask, Mask>();
  for (const mask of gone) {
    const twin = fresh.find(
      (each) => !twins.has(each) && JSON.stringify(each.columns) === JSON.stringify(mask.columns),
    );
    if (twin !== undefined) twins.set(twin, mask);
    else {
      const make = (policy: Policy) => ({ ...policy, masks: without(policy, mask) });
      yield { what: 'removed', part: wordsFor(mask), words: '', before: mask.location, make };
    }
  }
  for (const mask of fresh) {
    const twin = twins.get(mask);
    if (twin === undefined) {
      const make = (policy: Policy) => ({ ...policy, masks: [...policy.masks, mask] });
      yield { what: 'added', part: wordsFor(mask), words: '', after: mask.location, make };
      continue;
    }
    const make = (policy: Policy) => ({ ...policy, masks: [...without(policy, twin), mask] });
    const words = `was ${
      wordsFor(twin)
        .replace(/^mask /, '')
        .split(' on ')[0]
    }`;
    yield { what: 'changed', part: wordsFor(mask), words, before: twin.location, after: mask.location, make };
  }
}

function flat(bounds: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(bounds).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, bound]: [string, unknown]) => [`${key} ${inner}`, bound])
        : [[key, value]],
    ),
  );
}

function boundWords(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>): string {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => was[key] !== is[key])
    .map((key) => `${key} ${shown(was[key])} → ${shown(is[key])}`)
    .join(', ');
}

const shown = (bound: unknown): string => (bound === undefined ? 'none' : String(bound));

function listWords(was: Policy['applies'], is: Policy['applies']): string {
  return (['to', 'agents', 'groups'] as const)
    .flatMap((key) => {
      const [from, to] = [was[key] ?? [], is[key] ?? []];
      const more = to.filter((each) => !from.includes(each)).map((each) => `+${each}`);
      const less = from.filter((each) => !to.includes(each)).map((each) => `-${each}`);
      return more.length + less.length === 0 ? [] : [`${key} ${[...more, ...less].join(' ')}`];
    })
    .join(', ');
}
