import type { Node, RangeVar } from 'libpg-query';
import type {
  Existence,
  FunctionAction,
  LooseColumn,
  NameReference,
  PlainAction,
  RawAction,
  RelationAction,
  SessionEffect,
  StatementFacts,
} from './analysis.ts';
import { relationName, type StatementNodeName, Unsupported } from './ast.ts';
import type { Derived, Scope } from './scope.ts';
import type { SqlActionKind } from '../vocabulary.ts';

/** Columns without a qualifier times tables that they may be of: work that grows faster than the text. */
const maxCandidates = 50_000;

/** A relation's action while the statement is still being read. */
export interface RelationUse {
  readonly kind: SqlActionKind;
  readonly relation: NameReference;
  readonly existence: Existence;
  readonly beside?: NameReference;
  readonly temporary?: boolean;
  readonly object?: string;
  readonly name?: string;
  /** Absent where columns have no part in the action. */
  readonly columns?: Set<string>;
  /** Left out of the actions when no column is named: a table that is written need not be read. */
  readonly onlyIfRead?: true;
}

/** A function while the statement is still being read. */
interface FunctionUse extends Omit<FunctionAction, 'unlessColumnOf'> {
  readonly uses?: readonly RelationUse[];
}

interface Loose {
  readonly name: string;
  readonly levels: readonly { readonly uses: readonly RelationUse[]; readonly stop: boolean }[];
  readonly rows?: readonly RelationUse[];
}

/** How deep a query stands: `top` ones decide hasWhere and hasLimit. */
export type QueryPlace = 'top' | 'inner';

/** The parts of the reading, which call each other in circles. */
export interface Readers {
  /** Read an expression, or a list or a field structure of them. */
  expression(value: unknown, reader: StatementReader, scope: Scope): void;
  /** Read a query or a data-changing statement, and tell what it gives to the query around it. */
  query(node: Node, reader: StatementReader, scope: Scope, place: QueryPlace): Derived;
  /** Read a whole statement. */
  statement(node: Node, reader: StatementReader, scope: Scope): SqlActionKind;
}

type RelationFacts = Partial<Omit<RelationUse, 'kind' | 'relation' | 'columns'>> & {
  readonly columns?: Iterable<string>;
};

/** Gathers the facts of one statement. */
export class StatementReader {
  readonly readers: Readers;
  readonly #entries: (RelationUse | FunctionUse | PlainAction)[] = [];
  readonly #functions = new Set<string>();
  readonly #attributes = new Map<string, readonly (readonly RelationUse[])[]>();
  readonly #columnsNamed = new Set<string>();
  readonly #loose: Loose[] = [];
  #candidates = 0;
  readonly effects: SessionEffect[] = [];
  readonly writeWheres: boolean[] = [];
  readonly selectWheres: boolean[] = [];
  readonly limits: boolean[] = [];
  hasStar = false;
  /** Some fact was taken from a literal. */
  usesLiterals = false;
  /** CREATE SCHEMA's own schema, and what its elements have made in it. */
  creation: { readonly schema: string; readonly made: Set<string> } | undefined;

  constructor(readers: Readers) {
    this.readers = readers;
  }

  expression(value: unknown, scope: Scope): void {
    if (value !== undefined) this.readers.expression(value, this, scope);
  }

  query(node: Node, scope: Scope, place: QueryPlace = 'inner'): Derived {
    return this.readers.query(node, this, scope, place);
  }

  statement(node: Node, scope: Scope): SqlActionKind {
    return this.readers.statement(node, this, scope);
  }

  /** An action on a relation. */
  relation(
    kind: SqlActionKind,
    range: RangeVar | NameReference | undefined,
    facts: RelationFacts = {},
  ): RelationUse {
    let reference: NameReference = { name: '' };
    let temporary = facts.temporary ?? false;
    const existence = facts.existence ?? 'required';
    if (range !== undefined && 'name' in range) reference = range;
    else if (range !== undefined) {
      reference = relationName(range);
      if (existence === 'created' && range.relpersistence === 't') temporary = true;
    }
    if (this.creation !== undefined && reference.schema === undefined && !temporary) {
      const { schema, made } = this.creation;
      if (existence === 'created') made.add(reference.name);
      if (made.has(reference.name)) reference = { schema, name: reference.name };
    }
    if (existence === 'created' && (temporary || isTemporarySchema(reference.schema))) {
      this.effects.push({ kind: 'temp-table', name: reference.name });
    }
    const { columns, ...rest } = facts;
    const use: RelationUse = {
      ...rest,
      kind,
      relation: reference,
      existence,
      ...(temporary ? { temporary } : {}),
      ...(columns === undefined ? {} : { columns: new Set(columns) }),
    };
    this.#entries.push(use);
    return use;
  }

  plain(kind: SqlActionKind, facts: Omit<PlainAction, 'of' | 'kind'> = {}): void {
    this.#entries.push({ of: 'plain', kind, ...facts });
  }

  call(action: Omit<FunctionAction, 'of'>): void {
    const key = JSON.stringify(action);
    if (this.#functions.has(key)) return;
    this.#functions.add(key);
    this.#entries.push({ of: 'function', ...action });
  }

  /** `x.name`, which calls name(x) when the relations have no column of that name. */
  attribute(name: string, uses: readonly RelationUse[]): void {
    const same = this.#attributes.get(name) ?? [];
    if (same.some((known) => known.length === uses.length && uses.every((use) => known.includes(use))))
      return;
    this.#attributes.set(name, [...same, uses]);
    this.#entries.push({ of: 'function', function: { name }, form: 'attribute', uses });
  }

  /** A function that is named, not called with arguments, and that will run because of the statement. */
  namedFunction(parts: readonly string[]): void {
    const name = parts.at(-1);
    const schema = parts.at(-2);
    if (name === undefined) return;
    this.call({ function: schema === undefined ? { name } : { schema, name }, form: 'function' });
  }

  column(name: string): void {
    this.#columnsNamed.add(name);
  }

  /** @throws Unsupported when there are so many tables to choose from that no one could mean it */
  loose(column: Loose): void {
    for (const { uses } of column.levels) this.#candidates += uses.length;
    if (this.#candidates > maxCandidates)
      throw new Unsupported('columns without a table, of too many tables');
    this.#loose.push(column);
  }

  star(use: RelationUse): void {
    use.columns?.add('*');
  }

  effect(effect: SessionEffect): void {
    this.effects.push(effect);
  }

  /** The catalog may be another once the statement has run. */
  ddl(): void {
    if (!this.effects.some(({ kind }) => kind === 'ddl')) this.effects.push({ kind: 'ddl' });
  }

  finish(node: StatementNodeName, kind: SqlActionKind): StatementFacts {
    const merged = new Map<string, number>();
    const indexes = new Map<RelationUse, number>();
    const actions: RawAction[] = [];
    const sets: (Set<string> | undefined)[] = [];
    const loosely = new Set(
      this.#loose.flatMap(({ levels, rows }) => [...levels.flatMap((l) => l.uses), ...(rows ?? [])]),
    );
    for (const entry of this.#entries) {
      if ('of' in entry) {
        actions.push(entry.of === 'function' ? settleFunction(entry, indexes) : entry);
        sets.push(undefined);
        continue;
      }
      const { columns, ...facts } = entry;
      if (facts.onlyIfRead && columns?.size === 0 && !loosely.has(entry)) continue;
      const key = JSON.stringify([facts, columns !== undefined]);
      let index = merged.get(key);
      if (index === undefined) {
        index = actions.length;
        merged.set(key, index);
        actions.push({ of: 'relation', ...facts });
        sets.push(columns === undefined ? undefined : new Set(columns));
      } else for (const column of columns ?? []) sets[index]?.add(column);
      indexes.set(entry, index);
    }
    const statementKind = kind === 'select' && merged.size === 0 ? 'values' : kind;
    if (statementKind === 'values' && !actions.some(({ of }) => of === 'plain')) {
      actions.push({ of: 'plain', kind: 'values' });
    }
    return {
      node,
      kind: statementKind,
      actions: actions.map((action, index) => {
        const columns = sets[index];
        return columns === undefined ? action : { ...(action as RelationAction), columns: [...columns] };
      }),
      loose: this.#loose.map((column) => settle(column, indexes)),
      columnsNamed: [...this.#columnsNamed],
      hasStar: this.hasStar,
      writesRows: this.writeWheres.length > 0,
      hasWhere: every(this.writeWheres) ?? every(this.selectWheres),
      hasLimit: every(this.limits),
      session: this.effects,
    };
  }
}

function every(flags: readonly boolean[]): boolean | undefined {
  return flags.length === 0 ? undefined : flags.every(Boolean);
}

function settleFunction(
  { uses, ...action }: FunctionUse,
  indexes: ReadonlyMap<RelationUse, number>,
): FunctionAction {
  if (uses === undefined) return action;
  return { ...action, unlessColumnOf: uses.flatMap((use) => indexes.get(use) ?? []) };
}

function settle({ name, levels, rows }: Loose, indexes: ReadonlyMap<RelationUse, number>): LooseColumn {
  const indexed = (uses: readonly RelationUse[]) => [
    ...new Set(uses.flatMap((use) => indexes.get(use) ?? [])),
  ];
  return {
    name,
    levels: levels.map(({ uses, stop }) => ({ actions: indexed(uses), stop })),
    ...(rows === undefined ? {} : { rows: indexed(rows) }),
  };
}

/** A session's own temporary schema goes by pg_temp, and by a number that other sessions can see. */
export function isTemporarySchema(schema: string | undefined): boolean {
  return schema !== undefined && /^pg_temp(_\d+)?$/.test(schema);
}
