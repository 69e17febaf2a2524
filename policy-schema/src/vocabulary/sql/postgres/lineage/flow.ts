import type { BaseColumn, Dependence, Flow, Origin } from './lineage.ts';
import type { LineageColumn } from './lineage-catalog.ts';

/** One row of one mention of a table; two columns with the same one stand in the same row. */
export type Instance = object;

/** What an expression gives. */
export interface Value extends Flow {
  /** pg_type.oid where it is surely this one of PostgreSQL's own types; 705 (unknown) of a bare string constant. */
  readonly type: number | undefined;
  /** As LineageColumn says of the column that it is from. */
  readonly forms?: LineageColumn['forms'];
  /** Computing it can neither fail nor act. */
  readonly steady: boolean;
  /** How many texts were strung together for it, roughly; a text that outgrows 1 GB fails. */
  readonly growth: number;
  /** The parts of a row. Undefined: no row, or one of which nothing is known. */
  readonly fields?: () => readonly Field[];
  /** Of a copy: the row that it is from. */
  readonly instance?: Instance;
  /** It is NULL, written as such. */
  readonly isNull?: true;
}

export interface Field {
  readonly name: string;
  readonly value: Value;
}

/** More work than any honest statement takes. */
export class TooMuch extends Error {}

/** Steps for what stands behind names, and for each character of the text. */
const baseWork = 200_000;
const workOfCharacter = 60;
/** Lists of no more than this are searched from end to end. */
const few = 8;

const none: readonly Origin[] = [];
const unknownType = 705;

export const constant: Value = { origins: none, anything: false, type: undefined, steady: true, growth: 1 };
export const textConstant: Value = { ...constant, type: unknownType };
export const nullConstant: Value = { ...constant, type: unknownType, isNull: true };
/** A value that holds what nobody knows, got by code that nobody knows. */
export const anything: Value = { ...constant, anything: true, steady: false };
export const emptyFlow: Flow = { origins: none, anything: false };

export function depends({ origins, anything }: Flow): boolean {
  return anything || origins.length > 0;
}

export function flowOf({ origins, anything }: Flow): Flow {
  return { origins, anything };
}

/** The one column of which the flow is a copy. */
export function copyOf({ origins, anything }: Flow): Origin | undefined {
  const [first] = origins;
  return !anything && origins.length === 1 && first?.how === 'copy' ? first : undefined;
}

/** Makes origins and sets of them. Each origin is one object, so that sets go by identity; and so the work is counted. */
export class Flows {
  readonly #relations = new Map<number, Map<string, Origin>>();
  readonly #sets = new WeakMap<readonly Origin[], Set<Origin>>();
  #left: number;

  /** @param length of the text, in UTF-16 units: work grows with it, and no faster */
  constructor(length: number) {
    this.#left = baseWork + workOfCharacter * length;
  }

  /** @throws TooMuch */
  spend(amount = 1): void {
    this.#left -= amount;
    if (this.#left < 0) throw new TooMuch();
  }

  origin({ relation, attribute }: BaseColumn, dependence: Dependence): Origin {
    let columns = this.#relations.get(relation);
    if (columns === undefined) {
      columns = new Map();
      this.#relations.set(relation, columns);
    }
    const by = dependence.how === 'function' ? dependence.function : dependence.how;
    const key = `${attribute} ${by}`;
    let origin = columns.get(key);
    if (origin === undefined) {
      origin = { relation, attribute, ...dependence };
      columns.set(key, origin);
    }
    return origin;
  }

  copy(column: BaseColumn, type: number | undefined, instance: Instance | undefined): Value {
    return {
      origins: [this.origin(column, { how: 'copy' })],
      anything: false,
      type,
      steady: true,
      growth: 1,
      ...(instance === undefined ? {} : { instance }),
    };
  }

  /** The origins with every copy turned into something else. */
  #turned(origins: readonly Origin[], dependence: Dependence): readonly Origin[] {
    this.spend(origins.length);
    if (!origins.some(({ how }) => how === 'copy')) return origins;
    return [...new Set(origins.map((each) => (each.how === 'copy' ? this.origin(each, dependence) : each)))];
  }

  #union(one: readonly Origin[], other: readonly Origin[]): readonly Origin[] {
    if (one === other || other.length === 0) return one;
    if (one.length === 0) return other;
    const [large, small] = one.length < other.length ? [other, one] : [one, other];
    if (large.length <= few) {
      this.spend();
      const missing = small.filter((origin) => !large.includes(origin));
      return missing.length === 0 ? large : [...large, ...missing];
    }
    let known = this.#sets.get(large);
    if (known === undefined) {
      this.spend(large.length);
      known = new Set(large);
      this.#sets.set(large, known);
    }
    this.spend(small.length);
    const missing = small.filter((origin) => !known.has(origin));
    if (missing.length === 0) return large;
    this.spend(large.length);
    const all = [...large, ...missing];
    // The set goes over to the larger list, so that a chain of unions does not copy it each time.
    this.#sets.delete(large);
    for (const origin of missing) known.add(origin);
    this.#sets.set(all, known);
    return all;
  }

  #unionOfAll(lists: readonly (readonly Origin[])[]): readonly Origin[] {
    const given = lists.filter((list) => list.length > 0);
    const [first = none, second, third] = given;
    if (second === undefined) return first;
    if (third === undefined) return this.#union(first, second);
    const all = new Set(first);
    this.spend(first.length);
    for (const list of given.slice(1)) {
      if (list === first) continue;
      this.spend(list.length);
      for (const origin of list) all.add(origin);
    }
    return all.size === first.length ? first : [...all];
  }

  /** All of the flows as they are. */
  together(flows: readonly Flow[]): Flow {
    const origins = this.#unionOfAll(flows.map((flow) => flow.origins));
    return { origins, anything: flows.some(({ anything }) => anything) };
  }

  /** What is computed from the flows in a way that shows anything of them. */
  computed(flows: readonly Flow[]): Flow {
    const origins = this.#unionOfAll(flows.map((flow) => this.#turned(flow.origins, { how: 'computed' })));
    return { origins, anything: flows.some(({ anything }) => anything) };
  }

  /** What tells only whether the value is NULL; of a row, whether each of its fields is. */
  nullTest(value: Flow & Partial<Pick<Value, 'fields'>>): Flow {
    const { origins, anything, fields } = value;
    const [whole] = origins;
    if (fields === undefined || anything)
      return { origins: this.#turned(origins, { how: 'null-test' }), anything };
    if (origins.length === 1 && whole?.attribute === 0) {
      return { origins: [this.origin(whole, { how: 'null-test' })], anything };
    }
    return this.together(fields().map((field) => this.nullTest(field.value)));
  }

  /** What a function (`schema.name`) gives for this one value. */
  byFunction(flow: Flow, name: string): Flow {
    const isCopy = copyOf(flow) !== undefined;
    const how: Dependence = isCopy ? { how: 'function', function: name } : { how: 'computed' };
    return { origins: this.#turned(flow.origins, how), anything: flow.anything };
  }

  /**
   * What may be any one of the values: rows of a set operation, both sides of a FULL JOIN. Copies stay copies where
   * nothing else is mixed in; NULL is nothing that anybody could compare with.
   */
  either(values: readonly Value[]): Value {
    const given = values.filter(({ isNull }) => isNull !== true);
    const [first] = given;
    if (first === undefined) return nullConstant;
    const onlyCopies = given.every(
      ({ origins, anything }) =>
        !anything && origins.length > 0 && origins.every(({ how }) => how === 'copy'),
    );
    const types = new Set(given.map(({ type }) => type));
    const fields = this.#eitherFields(given);
    return {
      ...(onlyCopies ? this.together(given) : this.computed(given)),
      type: types.size === 1 ? first.type : undefined,
      steady: given.every(({ steady }) => steady),
      growth: Math.max(...given.slice(0, 1000).map(({ growth }) => growth), given.length > 1000 ? 1e6 : 1),
      ...(fields === undefined ? {} : { fields }),
    };
  }

  #eitherFields(values: readonly Value[]): (() => readonly Field[]) | undefined {
    const lists = values.map(({ fields }) => fields);
    if (lists.some((fields) => fields === undefined)) return undefined;
    return () => {
      const [first = [], ...others] = lists.map((fields) => fields?.() ?? []);
      return first.map(({ name, value }, index) => ({
        name,
        value: this.either([value, ...others.map((list) => list[index]?.value ?? anything)]),
      }));
    };
  }

  /** A value computed from others. */
  made(parts: readonly Value[], facts: Partial<Pick<Value, 'type' | 'steady' | 'growth'>> = {}): Value {
    return {
      ...this.computed(parts),
      type: facts.type,
      steady: facts.steady ?? false,
      growth: facts.growth ?? parts.reduce((most, { growth }) => Math.max(most, growth), 1),
    };
  }
}
