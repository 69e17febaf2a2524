import type { CommonTableExpr, IntoClause, Node, WithClause } from 'libpg-query';
import { strings, Unsupported, unwrap } from './ast.ts';
import { closed, type Derived, open, Scope } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';

/**
 * Read a WITH list and return the scope of what follows it. Without RECURSIVE each query sees those before it; with
 * it, all of them, itself included.
 */
export function readWith(clause: WithClause | undefined, reader: StatementReader, scope: Scope): Scope {
  if (clause === undefined) return scope;
  const expressions = (clause.ctes ?? []).map((node) => {
    if ('CommonTableExpr' in node) return node.CommonTableExpr;
    throw new Unsupported(`${unwrap(node)[0]} in WITH`);
  });
  if (clause.recursive) {
    const named = new Map(expressions.map((cte) => [cte.ctename ?? '', open(strings(cte.aliascolnames))]));
    const within = new Scope(scope, named);
    for (const cte of expressions) {
      const given = readCte(cte, reader, within);
      const derived = named.get(cte.ctename ?? '');
      if (derived === undefined) continue;
      for (const name of given.names) derived.names.add(name);
      derived.open = given.open;
    }
    return within;
  }
  let within = scope;
  for (const cte of expressions) {
    within = new Scope(within, new Map([[cte.ctename ?? '', readCte(cte, reader, within)]]));
  }
  return within;
}

function readCte(cte: CommonTableExpr, reader: StatementReader, scope: Scope): Derived {
  if (cte.ctequery === undefined) throw new Unsupported('a WITH query that is missing');
  const given = reader.query(cte.ctequery, scope);
  const derived: Derived = { names: new Set(given.names), open: given.open, locks: [] };
  const renamed = strings(cte.aliascolnames);
  if (renamed.length > 0) {
    // The first columns go by other names now, and which those are is not kept.
    derived.names.clear();
    derived.open = true;
    for (const name of renamed) derived.names.add(name);
  }
  const { search_clause: search, cycle_clause: cycle } = cte;
  for (const name of [...strings(search?.search_col_list), ...strings(cycle?.cycle_col_list)])
    reader.column(name);
  for (const name of [search?.search_seq_column, cycle?.cycle_mark_column, cycle?.cycle_path_column]) {
    if (name !== undefined) derived.names.add(name);
  }
  reader.expression([cycle?.cycle_mark_value, cycle?.cycle_mark_default], scope);
  return derived;
}

/** SELECT INTO and CREATE TABLE AS. */
export function readInto(into: IntoClause, reader: StatementReader, object: string): void {
  reader.relation('create', into.rel, { existence: 'created', object });
  reader.ddl();
}

/** Read a select list or a RETURNING list and tell the names that it gives. */
export function readTargets(
  targets: readonly Node[] | undefined,
  reader: StatementReader,
  scope: Scope,
): Derived {
  const derived = closed();
  for (const target of targets ?? []) {
    if (!('ResTarget' in target)) throw new Unsupported(`${unwrap(target)[0]} in a select list`);
    const { name, val } = target.ResTarget;
    reader.expression([val], scope);
    const given = name ?? givenName(val);
    if (given === undefined) derived.open = true;
    else derived.names.add(given);
  }
  return derived;
}

/** The name that a column gets from its expression, where that is plain to see (FigureColname). */
function givenName(value: Node | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ('ColumnRef' in value) {
    const last = value.ColumnRef.fields?.at(-1);
    return last !== undefined && 'String' in last ? last.String.sval : undefined;
  }
  if ('FuncCall' in value) return strings(value.FuncCall.funcname).at(-1);
  if ('A_Const' in value || 'ParamRef' in value || 'A_Expr' in value) return '?column?';
  return undefined;
}
