import type { CommonTableExpr } from 'libpg-query';
import type { Field, Flows, Value } from './flow.ts';
import { anything } from './flow.ts';
import type { LineageCatalog } from './lineage-catalog.ts';

/** What a query gives. */
export interface Output {
  readonly columns: readonly Field[];
  /** There are further columns, nobody knows how many. */
  readonly rest?: Value;
}

/** One thing that columns come from: an entry of FROM, the target of a write, the columns of a join. */
export interface Source extends Output {
  /** What it goes by. */
  readonly name: string | undefined;
  /** The table's own name, where no alias hides it. Schema undefined: nobody knows which. */
  readonly table?: { readonly schema: string | undefined; readonly name: string } | undefined;
  /** Of what is written: its own name, whatever its alias. */
  readonly written?: Source['table'];
  /** Of a table: its OID, for system columns. */
  readonly oid?: number;
  /** Finds a column without making all of them; where it is absent `columns` is searched. */
  readonly find?: ((name: string) => Value | undefined) | undefined;
  /** The row as a whole; of a function that gives plain values, the value. */
  readonly row: () => Value;
  /** Its columns go by bare names, and are part of `*`. */
  readonly shown: boolean;
}

/** System columns by their attribute numbers (sysattr.h). */
export const systemColumns: ReadonlyMap<string, number> = new Map([
  ['ctid', -1],
  ['xmin', -2],
  ['cmin', -3],
  ['xmax', -4],
  ['cmax', -5],
  ['tableoid', -6],
]);

export interface CommonTable {
  readonly expression: CommonTableExpr;
  /** Where its query stands. */
  readonly scope: Scope;
  state:
    | { readonly kind: 'waiting' }
    /** Being read; `known` is what the recursion has found so far. */
    | { readonly kind: 'open'; readonly known: Output | undefined; isMeant: boolean }
    | { readonly kind: 'read'; readonly output: Output };
}

/** Where a text stands: the statement itself, or the body of a view or function. */
export interface Root {
  readonly catalog: LineageCatalog;
  /** Constants have places in the text that the caller gave. */
  readonly isOwnText: boolean;
  /** $number in the body of a function. */
  parameter?(number: number): Value;
  /** A name that is no column: an argument or a variable of a function. */
  variable?(names: readonly string[]): Value | undefined;
}

/** What names mean at one place of a statement; outer queries and WITH lists are the parents. */
export class Scope {
  readonly root: Root;
  readonly parent: Scope | undefined;
  readonly sources: Source[];
  readonly commonTables: Map<string, CommonTable> | undefined;

  constructor(above: Scope | Root, sources: readonly Source[] = [], commonTables?: Map<string, CommonTable>) {
    this.parent = above instanceof Scope ? above : undefined;
    this.root = above instanceof Scope ? above.root : above;
    this.sources = [...sources];
    this.commonTables = commonTables;
  }

  /** A scope of its own sources, in which names that they have not mean what they mean here. */
  beside(sources: readonly Source[]): Scope {
    return new Scope(this, sources);
  }

  commonTable(name: string): CommonTable | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.commonTables?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The source that a qualifier means: of the innermost query that has one. Several of a name are an error. */
  qualified(schema: string | undefined, name: string, flows: Flows): Source | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      flows.spend(scope.sources.length);
      const found = scope.sources.find((source) => {
        if (schema === undefined) return source.name === name;
        const { table } = source;
        return table?.name === name && (table.schema === undefined || table.schema === schema);
      });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A column without a qualifier: of the innermost query that has one of that name. */
  column(name: string, flows: Flows): Value | undefined {
    const maybe: Value[] = [];
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found: Value[] = [];
      flows.spend(scope.sources.length + 1);
      for (const source of scope.sources) {
        if (!source.shown) continue;
        const value = columnOf(source, name, flows, 'known');
        if (value !== undefined) found.push(value);
        else if (source.rest !== undefined) maybe.push(source.rest);
      }
      const [value, other] = found;
      if (value === undefined) continue;
      if (other === undefined && maybe.length === 0) return value;
      // The server refuses an ambiguous name.
      maybe.push(...found);
      break;
    }
    if (maybe.length === 0) return undefined;
    return maybe.length === 1 ? maybe[0] : flows.made(maybe);
  }
}

const names = new WeakMap<readonly Field[], Map<string, Value>>();

/** A column by its name, where several have it the first: the server refuses such a name. */
export function fieldOf(fields: readonly Field[], name: string, flows: Flows): Value | undefined {
  if (fields.length < 8) return fields.find((field) => field.name === name)?.value;
  let known = names.get(fields);
  if (known === undefined) {
    flows.spend(fields.length);
    known = new Map();
    for (const field of fields) if (!known.has(field.name)) known.set(field.name, field.value);
    names.set(fields, known);
  }
  return known.get(name);
}

/** @param wanted `known`: leave out what only may be there */
export function columnOf(
  source: Source,
  name: string,
  flows: Flows,
  wanted: 'known' | 'any' = 'any',
): Value | undefined {
  const value = source.find === undefined ? fieldOf(source.columns, name, flows) : source.find(name);
  if (value !== undefined) return value;
  const system = source.oid === undefined ? undefined : systemColumns.get(name);
  if (system !== undefined && source.oid !== undefined) {
    return flows.copy({ relation: source.oid, attribute: system }, undefined, undefined);
  }
  return wanted === 'any' ? source.rest : undefined;
}

/** The source with other facts. What it makes on demand is still made on demand. */
export function variant(source: Source, facts: Partial<Source>): Source {
  return Object.create(source, Object.getOwnPropertyDescriptors(facts)) as Source;
}

/** A source made of values. */
export function derivedSource(name: string | undefined, output: Output, flows: Flows): Source {
  return { ...output, name, shown: true, row: () => rowOf(output, flows) };
}

/** A row of values, as one value. */
export function rowOf({ columns, rest }: Output, flows: Flows): Value {
  const parts = columns.map(({ value }) => value);
  const made = flows.made(rest === undefined ? parts : [...parts, rest], { steady: true });
  return rest === undefined ? { ...made, fields: () => columns } : made;
}

export const unknownOutput: Output = { columns: [], rest: anything };
