/** Where policies say more than what happens needs. */
import type { Decision, DecisionInput } from '../evaluate/decision.ts';
import { compilePattern } from '../model/pattern.ts';
import type { Effect, Location, Policy, PolicySet, Rule } from '../model/policy.ts';
import { vocabularies } from '../vocabulary/registry.ts';

interface About {
  readonly policy: string;
  /** Absent where it is of the whole policy. */
  readonly rule?: string;
  readonly location: Location;
}

export type Drift = About &
  (
    | { readonly kind: 'unused'; readonly effect: Effect }
    /** Entries that no request needed, and what they would be with what was used alone. */
    | {
        readonly kind: 'wider';
        readonly key: string;
        readonly needless: readonly string[];
        readonly narrower: readonly string[];
      }
    /** Entries that name nothing which the database has. */
    | { readonly kind: 'vanished'; readonly key: string; readonly entries: readonly string[] }
  );

/** A `*` that stands for more names than this is taken for meant. */
const fewNames = 12;

/** What was used of each rule, by the requests that were decided. */
export class UseCount {
  /** Values by rule and selector key. */
  readonly #used = new Map<string, Map<string, Set<string>>>();
  /** Agents by policy. */
  readonly #agents = new Map<string, Set<string>>();

  add({ actions }: Decision, { principal }: DecisionInput): void {
    for (const { action, rules } of actions) {
      const { selectors } = vocabularies[action.vocabulary];
      for (const { policy, rule } of rules) {
        setIn(this.#agents, policy).add(principal.agent);
        const name = `${policy}/${rule}`;
        const used = this.#used.get(name) ?? new Map<string, Set<string>>();
        this.#used.set(name, used);
        setIn(used, 'actions').add(action.kind);
        for (const [key, { fact }] of Object.entries(selectors)) {
          const value = Object.hasOwn(action.facts, fact) ? action.facts[fact] : undefined;
          if (value === undefined) continue;
          for (const each of typeof value === 'string' ? [value] : value) setIn(used, key).add(each);
        }
      }
    }
  }

  /** In the order of places. */
  driftOf({ policies }: PolicySet): readonly Drift[] {
    return policies.flatMap((policy) => [
      ...this.#ofPolicy(policy),
      ...policy.rules.flatMap((rule) => this.#ofRule(policy, rule)),
    ]);
  }

  #ofPolicy({ name, applies, location }: Policy): readonly Drift[] {
    const agents = this.#agents.get(name);
    // What nobody used is told of its rules.
    // All agents is what a policy is for that says nothing of them.
    if (agents === undefined || applies.agents.includes('*')) return [];
    const found = widerThan(applies.agents, agents);
    return found === undefined ? [] : [{ kind: 'wider', policy: name, location, key: 'agents', ...found }];
  }

  #ofRule(policy: Policy, { name, effect, selector, location }: Rule): readonly Drift[] {
    const about = { policy: policy.name, rule: name, location };
    const used = this.#used.get(`${policy.name}/${name}`);
    if (used === undefined) return [{ ...about, kind: 'unused', effect }];
    // What is denied should be wider than what was tried.
    if (effect === 'deny') return [];
    return Object.entries(selector).flatMap(([key, entries]): Drift[] => {
      const values = used.get(key);
      const found = values && widerThan(entries, values);
      return found === undefined ? [] : [{ ...about, kind: 'wider', key, ...found }];
    });
  }
}

function setIn(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set<string>();
  map.set(key, known);
  return known;
}

/** Undefined: each entry was needed, and none stands for a few names that could be written. */
function widerThan(
  entries: readonly string[],
  used: ReadonlySet<string>,
): Pick<Extract<Drift, { kind: 'wider' }>, 'needless' | 'narrower'> | undefined {
  const names = [...used].sort();
  const matching = entries.map((entry) => ({ entry, names: names.filter(compilePattern(entry)) }));
  const needless = matching.filter((each) => each.names.length === 0).map(({ entry }) => entry);
  const needed = matching.filter((each) => each.names.length > 0);
  const narrower = needed.flatMap(({ entry, names: own }) =>
    entry.includes('*') && own.length <= fewNames && !own.includes('*') ? own : [entry],
  );
  const isSame = needless.length === 0 && narrower.every((each) => entries.includes(each));
  return isSame ? undefined : { needless, narrower: [...new Set(narrower)] };
}

/** Names that a database has. Functions are not known. */
export interface Catalog {
  /** `schema.table` to its columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
}

/** What rules and masks name that no database has which they apply to. @param catalogs of resources by name; one that is not known is taken for having all */
export function vanished(
  set: PolicySet,
  catalogsOf: (policy: Policy) => readonly Catalog[] | undefined,
): readonly Drift[] {
  return set.policies.flatMap((policy): readonly Drift[] => {
    const catalogs = catalogsOf(policy);
    if (catalogs === undefined || catalogs.length === 0) return [];
    const tables = catalogs.flatMap((catalog) => [...catalog.tables.keys()]);
    const columns = catalogs.flatMap((catalog) =>
      [...catalog.tables].flatMap(([table, own]) => own.map((column) => `${table}.${column}`)),
    );
    const gone = (entries: readonly string[], names: readonly string[]) =>
      entries.filter((entry) => entry !== '*' && !isBuiltIn(entry) && !names.some(compilePattern(entry)));
    const ofRules = policy.rules.flatMap(({ name, selector, location }): Drift[] => {
      const entries = gone(selector.tables ?? [], tables);
      return entries.length === 0
        ? []
        : [{ kind: 'vanished', policy: policy.name, rule: name, location, key: 'tables', entries }];
    });
    const ofMasks = policy.masks.flatMap(({ columns: own, location }): Drift[] => {
      const entries = gone(own, columns);
      return entries.length === 0
        ? []
        : [{ kind: 'vanished', policy: policy.name, location, key: 'columns', entries }];
    });
    return [...ofRules, ...ofMasks];
  });
}

/** The catalog tells of what people made. */
function isBuiltIn(entry: string): boolean {
  return /^(pg_catalog|information_schema|pg_temp)/.test(entry);
}
