import type {
  Alias,
  JoinExpr,
  JsonTable,
  Node,
  RangeFunction,
  RangeSubselect,
  RangeTableFunc,
  RangeVar,
} from 'libpg-query';
import { nameOf, relationName, strings, Unsupported, unwrap } from './ast.ts';
import { readJoinColumn } from './columns.ts';
import { closed, type Derived, open, type Scope, type Source } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';

/** What is read once the whole of FROM is known, since it may speak of other entries. */
type Later = () => void;

/** Read the entries of FROM or USING into a scope. Its parent is what those see that are not lateral. */
export function readFrom(items: readonly Node[] | undefined, reader: StatementReader, scope: Scope): void {
  const later: Later[] = [];
  for (const item of items ?? []) readItem(item, reader, scope, later);
  for (const read of later) read();
}

/** The sources that an item adds, those inside of a join included. */
function readItem(item: Node, reader: StatementReader, scope: Scope, later: Later[]): readonly Source[] {
  if ('RangeVar' in item) return [readTable(item.RangeVar, reader, scope)];
  if ('JoinExpr' in item) return readJoin(item.JoinExpr, reader, scope, later);
  if ('RangeSubselect' in item) return [readSubselect(item.RangeSubselect, reader, scope, later)];
  if ('RangeFunction' in item) return [readFunction(item.RangeFunction, reader, scope, later)];
  if ('RangeTableFunc' in item) return [readTableFunction(item.RangeTableFunc, reader, scope, later)];
  if ('JsonTable' in item) return [readJsonTable(item.JsonTable, reader, scope, later)];
  if ('RangeTableSample' in item) {
    const { relation, method, args, repeatable } = item.RangeTableSample;
    if (relation === undefined) throw new Unsupported('TABLESAMPLE of nothing');
    const name = strings(method);
    reader.call({ function: nameOf(name), form: 'function' });
    later.push(() => reader.expression([args, repeatable], scope));
    return readItem(relation, reader, scope, later);
  }
  throw new Unsupported(`${unwrap(item)[0]} in FROM`);
}

function add(scope: Scope, source: Source): Source {
  scope.sources.push(source);
  return source;
}

/** The names of an alias list. */
function renamedBy(alias: Alias | undefined): readonly string[] | undefined {
  const names = strings(alias?.colnames);
  return names.length === 0 ? undefined : names;
}

function readTable(range: RangeVar, reader: StatementReader, scope: Scope): Source {
  const relation = relationName(range);
  const renamed = renamedBy(range.alias);
  const alias = range.alias?.aliasname;
  const shown = alias === undefined ? { alias: relation.name, relation } : { alias };
  const cte = relation.schema === undefined ? scope.cte(relation.name) : undefined;
  if (cte !== undefined) {
    const derived = renamed === undefined ? withoutLocks(cte) : open(renamed);
    return add(scope, { ...shown, uses: [], derived });
  }
  const use = reader.relation('select', range, { columns: [] });
  return add(scope, { ...shown, uses: [use], ...(renamed === undefined ? {} : { renamed }) });
}

/** A row lock does not reach into WITH. The names stay shared: a recursive query learns them late. */
function withoutLocks(cte: Derived): Derived {
  return {
    names: cte.names,
    get open() {
      return cte.open;
    },
    locks: [],
  };
}

function readSubselect(item: RangeSubselect, reader: StatementReader, scope: Scope, later: Later[]): Source {
  const { subquery, alias, lateral } = item;
  if (subquery === undefined) throw new Unsupported('an empty subquery');
  const renamed = renamedBy(alias);
  const derived: Derived = open(renamed);
  const take = (within: Scope) => {
    const given = reader.query(subquery, within);
    derived.locks = given.locks;
    if (renamed !== undefined) return;
    for (const name of given.names) derived.names.add(name);
    derived.open = given.open;
  };
  if (lateral) later.push(() => take(scope));
  else if (scope.parent !== undefined) take(scope.parent);
  return add(scope, { alias: alias?.aliasname, uses: [], derived });
}

function readFunction(item: RangeFunction, reader: StatementReader, scope: Scope, later: Later[]): Source {
  const names = [...strings(item.alias?.colnames), ...columnNames(item.coldeflist)];
  renamedBy(item.alias);
  later.push(() => reader.expression([item.functions, item.coldeflist], scope));
  return add(scope, { alias: item.alias?.aliasname, uses: [], derived: open(names), isFunction: true });
}

function columnNames(definitions: readonly Node[] | undefined): string[] {
  return (definitions ?? []).flatMap((node) => ('ColumnDef' in node ? (node.ColumnDef.colname ?? []) : []));
}

function readTableFunction(
  item: RangeTableFunc,
  reader: StatementReader,
  scope: Scope,
  later: Later[],
): Source {
  const { alias, lateral: _lateral, ...parts } = item;
  const own = (item.columns ?? []).flatMap((node) =>
    'RangeTableFuncCol' in node ? (node.RangeTableFuncCol.colname ?? []) : [],
  );
  const renamed = renamedBy(alias);
  later.push(() => reader.expression(parts, scope));
  return add(scope, { alias: alias?.aliasname, uses: [], derived: closed(renamed ?? own), isFunction: true });
}

function readJsonTable(item: JsonTable, reader: StatementReader, scope: Scope, later: Later[]): Source {
  const { alias, lateral: _lateral, ...parts } = item;
  const renamed = renamedBy(alias);
  later.push(() => reader.expression(parts, scope));
  return add(scope, { alias: alias?.aliasname, uses: [], derived: open(renamed), isFunction: true });
}

function readJoin(join: JoinExpr, reader: StatementReader, scope: Scope, later: Later[]): readonly Source[] {
  if (join.larg === undefined || join.rarg === undefined) throw new Unsupported('a join of one side');
  const sides = [...readItem(join.larg, reader, scope, later), ...readItem(join.rarg, reader, scope, later)];
  const uses = sides.flatMap((source) => source.uses);
  if (join.isNatural) {
    // All columns that both sides have are compared.
    reader.hasStar = true;
    for (const use of uses) reader.star(use);
  }
  const using = strings(join.usingClause);
  if (using.length > 0) {
    later.push(() => {
      for (const name of using) readJoinColumn(name, sides, reader);
    });
  }
  if (join.quals !== undefined) later.push(() => reader.expression([join.quals], scope));
  const renamed = renamedBy(join.alias);
  const groups: Source[] = [];
  for (const alias of [join.alias?.aliasname, join.join_using_alias?.aliasname]) {
    if (alias === undefined) continue;
    const group = { alias, uses, isGroup: true, ...(renamed === undefined ? {} : { renamed }) };
    groups.push(add(scope, group));
  }
  return [...sides, ...groups];
}
