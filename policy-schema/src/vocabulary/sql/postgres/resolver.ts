import { qualify } from '../../../model/pattern.ts';
import type { Names, RelationName } from '../names.ts';
import { impliedBy } from '../shapes.ts';
import type { SqlActionKind } from '../vocabulary.ts';
import { ActionList } from './action-list.ts';
import type { FunctionAction, LooseColumn, PlainAction, RelationAction, StatementFacts } from './analysis.ts';
import { functionEffect } from './functions.ts';
import { isTemporarySchema } from './statement-reader.ts';

export interface UnresolvedName {
  readonly schema?: string;
  readonly name: string;
  readonly kind: 'relation' | 'function';
}

/** Columns that every table has, and that no catalog lists among its own. */
const systemColumns: ReadonlySet<string> = new Set([
  'ctid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
  'tableoid',
  'oid',
]);

/** Actions whose reach goes through a view to its tables and through a parent to its partitions. */
const reachingKinds: ReadonlySet<SqlActionKind> = new Set(Object.values(impliedBy).flat());

/** Gives every name of a request's statements its schema, and gathers the actions. */
export class Resolver {
  readonly actions = new ActionList();
  readonly functions = new Set<string>();
  readonly unresolved: UnresolvedName[] = [];
  wholeRow = false;
  readonly #names: Names;
  readonly #temporary: ReadonlySet<string>;
  /** What earlier statements of the same text have made. */
  readonly #created = new Map<string, RelationName>();

  constructor(names: Names, temporary: ReadonlySet<string>) {
    this.#names = names;
    this.#temporary = temporary;
  }

  get defaultSchema(): string {
    return this.#names.defaultSchema ?? 'public';
  }

  /** @returns Whether the statement is one that computes values from constants and harmless functions only. */
  statement(facts: StatementFacts): boolean {
    const { actions } = facts;
    const before = this.actions.size;
    const targets = actions.map((action) => (action.of === 'relation' ? this.#targets(action) : []));
    const columns = actions.map((action) =>
      action.of === 'relation' && action.columns !== undefined ? new Set(action.columns) : undefined,
    );
    for (const loose of facts.loose) placeLoose(loose, targets, columns, () => this.#foundRow());
    const calls = actions.map((action) =>
      action.of === 'function' ? this.#calls(action, targets, columns) : undefined,
    );
    let values = false;
    for (const [index, action] of actions.entries()) {
      if (action.of === 'relation') this.#relation(action, targets[index] ?? [], columns[index]);
      else if (action.of === 'function') {
        for (const call of calls[index] ?? []) this.actions.add('call', call);
      } else if (action.kind === 'values') values = true;
      else this.#plain(action);
    }
    if (
      values &&
      this.actions.size === before &&
      !calls.some((each) => each !== undefined && each.length > 0)
    ) {
      this.actions.add('values', {});
      return true;
    }
    return false;
  }

  #foundRow(): void {
    this.wholeRow = true;
  }

  #relation(
    action: RelationAction,
    targets: readonly RelationName[],
    columns: Set<string> | undefined,
  ): void {
    if (action.onlyIfRead && columns?.size === 0) return;
    const { kind, object, name } = action;
    for (const target of targets) {
      if (action.existence === 'created') this.#created.set(keyOf(target), target);
      this.actions.add(kind, { object, table: qualify(target.schema, target.name), name }, columns);
    }
    if (!reachingKinds.has(kind)) return;
    const effect = kind === 'refresh' ? 'select' : kind;
    for (const target of targets) this.#implied(effect, target, columns, new Set());
  }

  /** What the server does on its own account. Each relation once, so that circles end. */
  #implied(
    kind: SqlActionKind,
    target: RelationName,
    columns: ReadonlySet<string> | undefined,
    seen: Set<string>,
  ): void {
    for (const read of target.reads ?? []) {
      if (seen.has(keyOf(read))) continue;
      seen.add(keyOf(read));
      const own = columns !== undefined && read.columns === 'same' ? columns : ['*'];
      const facts = { table: qualify(read.schema, read.name) };
      this.actions.add(kind, facts, own, true);
      const next = this.#names.relation(read.schema, read.name);
      if (next !== undefined) this.#implied(kind, next, new Set(own), seen);
    }
  }

  #plain({ kind, object, parameter, name, named, everything }: PlainAction): void {
    const table = everything ? '*' : undefined;
    if (named === undefined) {
      this.actions.add(kind, { object, parameter, table, name });
      return;
    }
    for (const schema of this.#schemasOf(kind, object, named)) {
      this.actions.add(kind, { object, parameter, table, name: qualify(schema, named.name) });
    }
  }

  /** The schemas that an object which is no table may lie in. */
  #schemasOf(
    kind: SqlActionKind,
    object: string | undefined,
    named: NonNullable<PlainAction['named']>,
  ): string[] {
    if (named.schema !== undefined) return [named.schema];
    if (kind === 'create') return [this.defaultSchema];
    if (object === 'function' || object === 'procedure' || object === 'routine' || object === 'aggregate') {
      const found = this.#names.functions(undefined, named.name).map(({ schema }) => schema);
      if (found.length > 0) return [...new Set(found)];
    }
    if (object === 'index') {
      const found = this.#names.relation(undefined, named.name);
      if (found !== undefined) return [found.schema];
    }
    return [this.defaultSchema];
  }

  #targets(action: RelationAction): readonly RelationName[] {
    const { schema, name } = action.relation;
    if (action.temporary || isTemporarySchema(schema)) {
      const known = this.#names.relation(schema ?? 'pg_temp', name);
      return [{ ...known, schema: 'pg_temp', name }];
    }
    if (action.existence === 'created') {
      if (schema !== undefined) return [{ schema, name }];
      if (action.beside === undefined) return [{ schema: this.defaultSchema, name }];
      const beside = this.#lookUp(action.beside.schema, action.beside.name);
      return beside.map((found) => ({ schema: found.schema, name }));
    }
    const found = this.#lookUp(schema, name);
    if (found.length > 0) return found;
    if (action.existence === 'optional') return [{ schema: schema ?? this.defaultSchema, name }];
    this.unresolved.push({ ...action.relation, kind: 'relation' });
    return [];
  }

  /** Every relation that the server may take the name for. */
  #lookUp(schema: string | undefined, name: string): readonly RelationName[] {
    if (isTemporarySchema(schema)) return [{ schema: 'pg_temp', name }];
    const found = this.#names.relation(schema, name);
    const made =
      schema === undefined
        ? (this.#created.get(`pg_temp\0${name}`) ?? this.#created.get(`${this.defaultSchema}\0${name}`))
        : this.#created.get(`${schema}\0${name}`);
    const all = found === undefined ? [] : [found];
    if (made !== undefined && !all.some((each) => keyOf(each) === keyOf(made))) all.push(made);
    if (schema === undefined && this.#temporary.has(name) && !all.some((each) => each.schema === 'pg_temp')) {
      all.push({ schema: 'pg_temp', name });
    }
    return all;
  }

  /** The facts of the `call` actions that a function comes to. */
  #calls(
    action: FunctionAction,
    targets: readonly (readonly RelationName[])[],
    columns: readonly (Set<string> | undefined)[],
  ): readonly Record<string, string | undefined>[] {
    const { schema, name } = action.function;
    const of = action.unlessColumnOf ?? [];
    if (action.form === 'attribute') {
      const relations = of.flatMap((index) => targets[index] ?? []);
      if (systemColumns.has(name) && relations.length > 0) return [];
      if (relations.some((relation) => relation.columns?.includes(name))) return [];
      const candidates = this.#names.functions(undefined, name).filter(({ assumed }) => !assumed);
      const isCall = candidates.length > 0 && relations.every((relation) => relation.columns !== undefined);
      if (isCall && relations.length > 0) {
        // The function is given the whole row.
        for (const index of of) columns[index]?.add('*');
        this.wholeRow = true;
      }
      return candidates
        .filter((found) => functionEffect(found.schema, found.name) === 'call')
        .map((found) => ({ function: this.#noted(found.schema, found.name) }));
    }
    const candidates = this.#names.functions(schema, name);
    if (candidates.length === 0) this.unresolved.push({ ...action.function, kind: 'function' });
    const table = this.#sequence(action);
    return candidates.flatMap((found) => {
      const called = this.#noted(found.schema, found.name);
      const isCall =
        action.form === 'procedure' ||
        action.unknownParameter === true ||
        functionEffect(found.schema, found.name) === 'call';
      return isCall ? [{ function: called, table }] : [];
    });
  }

  #noted(schema: string, name: string): string {
    const canonical = qualify(schema, name);
    this.functions.add(canonical);
    return canonical;
  }

  #sequence({ sequence }: FunctionAction): string | undefined {
    if (sequence === undefined || sequence === '*') return sequence;
    const [found, more] = this.#lookUp(sequence.schema, sequence.name);
    return found === undefined || more !== undefined ? '*' : qualify(found.schema, found.name);
  }
}

function keyOf({ schema, name }: Pick<RelationName, 'schema' | 'name'>): string {
  return `${schema}\0${name}`;
}

/** Give a column to the relations of the innermost level that has it; to all that may have it while that is not sure. */
function placeLoose(
  { name, levels, rows }: LooseColumn,
  targets: readonly (readonly RelationName[])[],
  columns: readonly (Set<string> | undefined)[],
  foundRow: () => void,
): void {
  for (const { actions, stop } of levels) {
    const known: number[] = [];
    const unknown: number[] = [];
    for (const index of actions) {
      const relations = targets[index] ?? [];
      if (relations.some((relation) => relation.columns?.includes(name))) known.push(index);
      else if (relations.some((relation) => relation.columns === undefined)) unknown.push(index);
      else if (systemColumns.has(name)) unknown.push(index);
    }
    for (const index of known.length > 0 && unknown.length === 0 ? known : [...known, ...unknown]) {
      columns[index]?.add(name);
    }
    // A column goes before a row of the same name.
    if (known.length > 0) return;
    if (stop) break;
  }
  for (const index of rows ?? []) columns[index]?.add('*');
  if (rows !== undefined) foundRow();
}
