import type { ColumnDef, Constraint, IndexElem, Node, RangeVar } from 'libpg-query';
import { strings, Unsupported, unwrap } from '../ast.ts';
import { open, Scope } from '../scope.ts';
import type { StatementReader } from '../statement-reader.ts';
import { addTarget, readTarget } from '../writes.ts';

/** Where the expressions of a table's own definition stand: its columns are those of a table that is still to come. */
export function newTableScope(scope: Scope): Scope {
  const within = new Scope(scope);
  within.sources.push({ alias: undefined, uses: [], derived: open() });
  return within;
}

/** Where expressions over the rows of a table stand, which read those rows when they are evaluated. */
export function tableScope(range: RangeVar | undefined, reader: StatementReader, scope: Scope): Scope {
  const within = new Scope(scope);
  if (range !== undefined) addTarget(within, range, readTarget(range, reader));
  return within;
}

/** Read column definitions, constraints and LIKE clauses. */
export function readTableElements(
  elements: readonly Node[] | undefined,
  reader: StatementReader,
  scope: Scope,
): void {
  for (const node of elements ?? []) {
    if ('ColumnDef' in node) readColumnDefinition(node.ColumnDef, reader, scope);
    else if ('Constraint' in node) readConstraint(node.Constraint, reader, scope);
    else if ('TableLikeClause' in node) {
      reader.relation('select', node.TableLikeClause.relation, { columns: ['*'] });
    } else throw new Unsupported(`${unwrap(node)[0]} in a table`);
  }
}

export function readColumnDefinition(column: ColumnDef, reader: StatementReader, scope: Scope): void {
  if (column.colname !== undefined) reader.column(column.colname);
  reader.expression([column.raw_default], scope);
  reader.expression(column.typeName, scope);
  readTableElements(column.constraints, reader, scope);
}

export function readConstraint(constraint: Constraint, reader: StatementReader, scope: Scope): void {
  for (const list of [constraint.keys, constraint.including, constraint.fk_attrs]) {
    for (const name of strings(list)) reader.column(name);
  }
  reader.expression([constraint.raw_expr, constraint.where_clause], scope);
  for (const node of constraint.exclusions ?? []) {
    // Pairs of a column or expression and an operator.
    const [element] = 'List' in node ? (node.List.items ?? []) : [];
    if (element !== undefined && 'IndexElem' in element) readIndexElement(element.IndexElem, reader, scope);
  }
  if (constraint.pktable !== undefined) {
    // Whoever may point at a table can ask which keys are in it.
    const keys = strings(constraint.pk_attrs);
    for (const name of keys) reader.column(name);
    reader.relation('select', constraint.pktable, { columns: keys.length === 0 ? ['*'] : keys });
  }
}

/** Read a column or expression of an index, and tell the column. */
export function readIndexElement(
  element: IndexElem,
  reader: StatementReader,
  scope: Scope,
): string | undefined {
  if (element.name !== undefined) reader.column(element.name);
  reader.expression([element.expr], scope);
  return element.name;
}
