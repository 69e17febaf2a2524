import type { CommonTableExpr, SelectStmt, WithClause } from 'libpg-query';
import { strings } from '../ast.ts';
import { constant, type Field, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { type CommonTable, type Output, Scope, unknownOutput } from './scope.ts';

/**
 * Read a WITH list and return the scope of what follows it. Without RECURSIVE each query sees those before it; with
 * it, all of them, itself included.
 */
export function readWith(clause: WithClause | undefined, scope: Scope, reader: LineageReader): Scope {
  if (clause === undefined) return scope;
  const tables = new Map<string, CommonTable>();
  const within = new Scope(scope, [], tables);
  const all = (clause.ctes ?? []).flatMap((node): readonly CommonTable[] =>
    'CommonTableExpr' in node
      ? [{ expression: node.CommonTableExpr, scope: within, state: { kind: 'waiting' } }]
      : [],
  );
  const nameOf = ({ expression }: CommonTable) => expression.ctename ?? '';
  if (clause.recursive === true) for (const table of all) tables.set(nameOf(table), table);
  for (const table of all) {
    readCommonTable(table, reader);
    tables.set(nameOf(table), table);
  }
  return within;
}

/** What a mention of the query gives; inside of itself, what the recursion has found so far. */
export function readCommonTable(table: CommonTable, reader: LineageReader): Output {
  const { state } = table;
  if (state.kind === 'read') return state.output;
  if (state.kind === 'open') {
    state.isMeant = true;
    return state.known ?? unknownOutput;
  }
  const output = readQuery(table, reader);
  table.state = { kind: 'read', output };
  return output;
}

function readQuery(table: CommonTable, reader: LineageReader): Output {
  const { expression, scope } = table;
  const { ctequery: query } = expression;
  if (query === undefined) return unknownOutput;
  const take = (output: Output) => named(expression, output, reader);
  const select = 'SelectStmt' in query ? query.SelectStmt : undefined;
  const open = { kind: 'open' as const, known: undefined as Output | undefined, isMeant: false };
  table.state = open;
  if (select !== undefined && isRecursion(select) && mentions(select.rarg, expression.ctename ?? '')) {
    const first: SelectStmt = select.larg;
    let known = reader.quietly(() => take(reader.query({ SelectStmt: first }, scope)));
    // Each round may carry values on into further columns. What grows no more is all there is.
    for (let size = -1; size !== sizeOf(known); ) {
      size = sizeOf(known);
      open.known = known;
      const next = reader.quietly(() => take(reader.query(query, scope)));
      known = joined(known, grown(next), reader);
    }
    open.known = known;
  }
  return take(reader.query(query, scope));
}

type Recursion = SelectStmt & Required<Pick<SelectStmt, 'larg' | 'rarg'>>;

function isRecursion(select: SelectStmt): select is Recursion {
  return select.op === 'SETOP_UNION' && select.larg !== undefined && select.rarg !== undefined;
}

/** Whether the name stands anywhere as that of a table. */
function mentions(value: unknown, name: string): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ((next as { relname?: unknown }).relname === name) return true;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return false;
}

/** A round may string as much together as it likes. */
function grown({ columns, rest }: Output): Output {
  const own = columns.map(({ name, value }): Field => {
    const isCopy = value.origins.every(({ how }) => how === 'copy');
    return isCopy ? { name, value } : { name, value: { ...value, growth: Number.POSITIVE_INFINITY } };
  });
  return rest === undefined ? { columns: own } : { columns: own, rest };
}

function joined(one: Output, other: Output, reader: LineageReader): Output {
  const columns = one.columns.map(({ name, value }, index): Field => {
    const next = other.columns[index]?.value ?? other.rest;
    return { name, value: next === undefined ? value : reader.flows.either([value, next]) };
  });
  const rest = one.rest ?? other.rest;
  return rest === undefined ? { columns } : { columns, rest };
}

/** Grows with everything that a value may come to depend on, so that it stands still only when nothing is new. */
function sizeOf({ columns, rest }: Output): number {
  let size = rest === undefined ? 0 : 1;
  for (const { value } of columns) {
    size += value.anything ? 1 : 0;
    for (const { how } of value.origins) size += how === 'computed' ? 3 : 2;
  }
  return size;
}

/** The columns by the names that the list gives them, with those of SEARCH and CYCLE. */
function named(expression: CommonTableExpr, output: Output, reader: LineageReader): Output {
  const names = strings(expression.aliascolnames);
  const columns = output.columns.map(
    ({ name, value }, index): Field => ({
      name: names[index] ?? name,
      value,
    }),
  );
  const { search_clause: search, cycle_clause: cycle } = expression;
  const of = (list: readonly string[]): Value =>
    reader.flows.made(columns.flatMap(({ name, value }) => (list.includes(name) ? value : [])));
  const more: Field[] = [];
  if (search?.search_seq_column !== undefined) {
    more.push({ name: search.search_seq_column, value: of(strings(search.search_col_list)) });
  }
  if (cycle !== undefined) {
    const value = of(strings(cycle.cycle_col_list));
    // Where a row was before, its branch ends.
    reader.used('condition', 'set operation', value);
    for (const name of [cycle.cycle_mark_column, cycle.cycle_path_column]) {
      if (name !== undefined)
        more.push({ name, value: name === cycle.cycle_path_column ? value : { ...constant, ...value } });
    }
  }
  return { ...output, columns: [...columns, ...more] };
}
