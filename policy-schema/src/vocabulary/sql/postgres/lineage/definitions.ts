import type { AlterTableCmd, ColumnDef, Constraint, IndexElem, Node, RangeVar } from 'libpg-query';
import { relationName, strings } from '../ast.ts';
import { anything, constant, depends, type Field, type Value } from './flow.ts';
import { joined, namedColumn } from './given-names.ts';
import { type LineageReader, type StatementResult, valueOperand } from './reader.ts';
import { columnOf, type Scope, type Source, variant } from './scope.ts';
import type { LineageHandlers } from './statements.ts';
import { castValue } from './casts.ts';
import { castTarget } from './types.ts';
import { readTarget, targetOf } from './writes.ts';

const nothing: StatementResult = { form: 'none', output: { columns: [] } };

/**
 * Definitions whose expressions are run over rows that are there, so that failing tells of them. What they define is
 * kept as text.
 */
export const definitionStatements: LineageHandlers<
  | 'CreateStmt'
  | 'CreateForeignTableStmt'
  | 'CreateSchemaStmt'
  | 'AlterTableStmt'
  | 'IndexStmt'
  | 'CreateStatsStmt'
  | 'CreateTrigStmt'
  | 'RuleStmt'
  | 'CreatePolicyStmt'
  | 'AlterPolicyStmt'
  | 'CreateFunctionStmt'
  | 'CreateDomainStmt'
  | 'AlterDomainStmt'
  | 'CreatePublicationStmt'
  | 'AlterPublicationStmt'
  | 'ClusterStmt'
> = {
  CreateStmt: ({ relation, inhRelations, tableElts, constraints, partbound }, scope, reader) => {
    reader.keepsText = true;
    const elements = [...(tableElts ?? []), ...(constraints ?? [])];
    const own = newTable(relation, elements, scope);
    for (const element of elements) readElement(element, relation, own, own.sources[0], reader);
    // A partition takes rows away from the default one, and fails where some are there.
    if (partbound !== undefined) for (const parent of inhRelations ?? []) wholeRows(parent, scope, reader);
    return nothing;
  },
  CreateForeignTableStmt: ({ base }, scope, reader) => {
    reader.keepsText = true;
    if (base !== undefined) definitionStatements.CreateStmt(base, scope, reader);
    return nothing;
  },
  CreateSchemaStmt: ({ schemaElts }, scope, reader) => {
    for (const element of schemaElts ?? []) reader.statement(element, scope);
    return nothing;
  },
  AlterTableStmt: ({ relation, cmds, objtype }, scope, reader) => {
    reader.keepsText = true;
    if (relation === undefined || objtype === 'OBJECT_TYPE') return nothing;
    const target = readTarget(relation, scope, reader);
    const within = scope.beside([target]);
    for (const node of cmds ?? []) {
      if ('AlterTableCmd' in node) readCommand(node.AlterTableCmd, relation, target, within, reader);
    }
    return nothing;
  },
  IndexStmt: ({ relation, indexParams, whereClause, unique }, scope, reader) => {
    reader.keepsText = true;
    if (relation === undefined) return nothing;
    const within = scope.beside([readTarget(relation, scope, reader)]);
    for (const node of indexParams ?? []) {
      if ('IndexElem' in node) readIndexElement(node.IndexElem, unique === true, within, reader);
    }
    reader.condition(whereClause, 'WHERE', within);
    return nothing;
  },
  CreateStatsStmt: ({ relations, exprs }, scope, reader) => {
    reader.keepsText = true;
    for (const relation of relations ?? []) {
      if (!('RangeVar' in relation)) continue;
      const within = scope.beside([readTarget(relation.RangeVar, scope, reader)]);
      for (const each of (exprs ?? []) as unknown as readonly Node[]) {
        const expression = 'StatsElem' in each ? each.StatsElem.expr : undefined;
        if (expression !== undefined) reader.used('condition', 'function', reader.value(expression, within));
      }
    }
    return nothing;
  },
  CreateTrigStmt: ({ relation, whenClause }, scope, reader) => {
    reader.keepsText = true;
    if (relation !== undefined) reader.condition(whenClause, 'WHERE', rowScope(relation, scope, reader));
    return nothing;
  },
  RuleStmt: ({ relation, whereClause, actions }, scope, reader) => {
    reader.keepsText = true;
    if (relation === undefined) return nothing;
    const within = rowScope(relation, scope, reader);
    reader.condition(whereClause, 'WHERE', within);
    for (const action of actions ?? []) reader.statement(action, within);
    return nothing;
  },
  CreatePolicyStmt: (statement, scope, reader) => readPolicy(statement, scope, reader),
  AlterPolicyStmt: (statement, scope, reader) => readPolicy(statement, scope, reader),
  CreateFunctionStmt: (_statement, _scope, reader) => {
    // Nothing of its body runs, and a call of it is read by what the catalog then tells.
    reader.keepsText = true;
    return nothing;
  },
  CreateDomainStmt: (_statement, _scope, reader) => {
    reader.keepsText = true;
    return nothing;
  },
  AlterDomainStmt: ({ subtype }, _scope, reader) => {
    reader.keepsText = true;
    // C adds a constraint, V checks one, O sets NOT NULL: over all columns that are of this domain.
    if (subtype === 'C' || subtype === 'V' || subtype === 'O') reader.used('condition', 'WHERE', anything);
    return nothing;
  },
  CreatePublicationStmt: ({ pubobjects }, scope, reader) => readPublished(pubobjects, scope, reader),
  AlterPublicationStmt: ({ pubobjects }, scope, reader) => readPublished(pubobjects, scope, reader),
  // Rows lie in the order of an index from then on, and come in it.
  ClusterStmt: ({ relation }, scope, reader) => {
    const rows = relation === undefined ? anything : readTarget(relation, scope, reader).row();
    reader.used('condition', 'ORDER BY', rows);
    return nothing;
  },
};

function readPolicy(
  { table, qual, with_check: check }: { table?: RangeVar; qual?: Node; with_check?: Node },
  scope: Scope,
  reader: LineageReader,
): StatementResult {
  reader.keepsText = true;
  if (table === undefined) return nothing;
  const within = scope.beside([readTarget(table, scope, reader)]);
  for (const node of [qual, check]) reader.condition(node, 'WHERE', within);
  return nothing;
}

function readPublished(
  objects: readonly Node[] | undefined,
  scope: Scope,
  reader: LineageReader,
): StatementResult {
  reader.keepsText = true;
  for (const node of objects ?? []) {
    const table = 'PublicationObjSpec' in node ? node.PublicationObjSpec.pubtable : undefined;
    if (table?.relation === undefined || table.whereClause === undefined) continue;
    reader.condition(table.whereClause, 'WHERE', scope.beside([readTarget(table.relation, scope, reader)]));
  }
  return nothing;
}

/** `old` and `new` of triggers and rules. */
function rowScope(relation: RangeVar, scope: Scope, reader: LineageReader): Scope {
  const target = readTarget(relation, scope, reader);
  return scope.beside(['old', 'new'].map((name) => variant(target, { table: undefined, name })));
}

/** The columns of a table that is made: they hold nothing yet. */
function newTable(relation: RangeVar | undefined, elements: readonly Node[], scope: Scope): Scope {
  const columns = elements.flatMap((node): readonly Field[] =>
    'ColumnDef' in node ? [{ name: node.ColumnDef.colname ?? '', value: constant }] : [],
  );
  const name = relation === undefined ? undefined : relationName(relation).name;
  const row = (): Value => constant;
  // LIKE, INHERITS and OF bring further columns, as empty as these.
  const source: Source = { name, columns, rest: constant, shown: true, row };
  return scope.beside([source]);
}

function wholeRows(node: Node | undefined, scope: Scope, reader: LineageReader): void {
  if (node === undefined || !('RangeVar' in node)) return;
  const target = readTarget(node.RangeVar, scope, reader);
  reader.used('condition', 'WHERE', target.row());
}

function readIndexElement(
  { name, expr }: IndexElem,
  isUnique: boolean,
  scope: Scope,
  reader: LineageReader,
): void {
  if (expr !== undefined) reader.used('condition', 'function', reader.value(expr, scope));
  if (name === undefined || !isUnique) return;
  // It fails where a value stands twice.
  const value = scope.column(name, reader.flows);
  if (value !== undefined) reader.used('grouping', 'GROUP BY', value);
}

/** A column definition or a constraint, over rows that are there (or none, in a new table). */
function readElement(
  node: Node,
  made: RangeVar | undefined,
  scope: Scope,
  target: Source | undefined,
  reader: LineageReader,
): void {
  if ('ColumnDef' in node) readColumnDefinition(node.ColumnDef, made, scope, target, reader);
  else if ('Constraint' in node) readConstraint(node.Constraint, undefined, scope, target, reader);
}

function readColumnDefinition(
  column: ColumnDef,
  relation: RangeVar | undefined,
  scope: Scope,
  target: Source | undefined,
  reader: LineageReader,
): void {
  const write = (node: Node | undefined, isDefault: boolean) => {
    if (node === undefined) return;
    const value = reader.value(node, scope);
    // What is generated from open columns is masked with them.
    if (relation === undefined || isNull(node) || !(isDefault || depends(value))) return;
    reader.write({
      target: undefined,
      made: namedColumn(relation, column.colname ?? ''),
      value: valueOperand(value),
    });
  };
  write(column.raw_default, true);
  for (const node of column.constraints ?? []) {
    if (!('Constraint' in node)) continue;
    const { contype, raw_expr: expression } = node.Constraint;
    if (contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED')
      write(expression, contype === 'CONSTR_DEFAULT');
    else readConstraint(node.Constraint, column.colname, scope, target, reader);
  }
}

function isNull(node: Node): boolean {
  return 'A_Const' in node && node.A_Const.isnull === true;
}

function readConstraint(
  constraint: Constraint,
  column: string | undefined,
  scope: Scope,
  target: Source | undefined,
  reader: LineageReader,
): void {
  const { contype, raw_expr: expression, where_clause: where, pktable, exclusions } = constraint;
  const columnValue = (name: string): Value =>
    (target === undefined ? undefined : columnOf(target, name, reader.flows)) ?? constant;
  if (contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED') {
    if (expression !== undefined) reader.value(expression, scope);
    return;
  }
  reader.condition(expression, 'WHERE', scope);
  reader.condition(where, 'WHERE', scope);
  const own = column === undefined ? [] : [column];
  if (contype === 'CONSTR_NOTNULL') {
    for (const name of [...own, ...strings(constraint.keys)]) {
      reader.used('condition', 'WHERE', reader.flows.nullTest(columnValue(name)));
    }
  } else if (contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE') {
    for (const name of [...own, ...strings(constraint.keys)])
      reader.used('grouping', 'GROUP BY', columnValue(name));
    // The columns of an index that is there already are not named.
    if (constraint.indexname !== undefined && target !== undefined)
      reader.used('condition', 'WHERE', target.row());
  }
  for (const node of exclusions ?? []) {
    const [element] = 'List' in node ? (node.List.items ?? []) : [];
    if (element === undefined || !('IndexElem' in element)) continue;
    const { name, expr } = element.IndexElem;
    if (name !== undefined) reader.used('condition', 'WHERE', columnValue(name));
    if (expr !== undefined) reader.used('condition', 'WHERE', reader.value(expr, scope));
  }
  if (pktable === undefined) return;
  // Whoever may point at a table can ask which keys are in it.
  const other = readTarget(pktable, scope, reader);
  const keys = strings(constraint.pk_attrs);
  const pointed = keys.map((name) => columnOf(other, name, reader.flows) ?? anything);
  for (const value of pointed.length === 0 ? [other.row()] : pointed) reader.used('condition', 'JOIN', value);
  for (const name of [...own, ...strings(constraint.fk_attrs)])
    reader.used('condition', 'JOIN', columnValue(name));
}

/** Commands that look at no row, or whose rows tell nothing by it. Any other is taken to look at all of them. */
const blind: ReadonlySet<string> = new Set<NonNullable<AlterTableCmd['subtype']>>([
  'AT_ColumnDefault',
  'AT_CookedColumnDefault',
  'AT_DropNotNull',
  'AT_DropExpression',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_DropColumn',
  'AT_AlterConstraint',
  'AT_DropConstraint',
  'AT_AlterColumnGenericOptions',
  'AT_ChangeOwner',
  'AT_DropCluster',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetAccessMethod',
  'AT_SetTableSpace',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_ReplaceRelOptions',
  'AT_EnableTrig',
  'AT_EnableAlwaysTrig',
  'AT_EnableReplicaTrig',
  'AT_DisableTrig',
  'AT_EnableTrigAll',
  'AT_DisableTrigAll',
  'AT_EnableTrigUser',
  'AT_DisableTrigUser',
  'AT_EnableRule',
  'AT_EnableAlwaysRule',
  'AT_EnableReplicaRule',
  'AT_DisableRule',
  'AT_DropInherit',
  'AT_DropOf',
  'AT_ReplicaIdentity',
  'AT_EnableRowSecurity',
  'AT_DisableRowSecurity',
  'AT_ForceRowSecurity',
  'AT_NoForceRowSecurity',
  'AT_GenericOptions',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
  'AT_AddInherit',
  'AT_AddOf',
]);

function readCommand(
  { subtype, name, def }: AlterTableCmd,
  relation: RangeVar,
  target: Source,
  scope: Scope,
  reader: LineageReader,
): void {
  const column = def !== undefined && 'ColumnDef' in def ? def.ColumnDef : undefined;
  if (subtype === 'AT_AddColumn' && column !== undefined) {
    readColumnDefinition(column, relation, scope, target, reader);
  } else if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) {
    readConstraint(def.Constraint, undefined, scope, target, reader);
  } else if (subtype === 'AT_SetNotNull') {
    const value = columnOf(target, name ?? '', reader.flows) ?? anything;
    reader.used('condition', 'WHERE', reader.flows.nullTest(value));
  } else if (subtype === 'AT_AlterColumnType' && column !== undefined) {
    retype(column, name ?? '', target, scope, reader);
  } else if (subtype === 'AT_SetExpression' && def !== undefined) {
    const value = reader.value(def, scope);
    reader.put(targetOf(target, name, reader), valueOperand(value));
  } else if (subtype === undefined || !blind.has(subtype)) {
    reader.used('condition', 'WHERE', target.row());
    const partition = def !== undefined && 'PartitionCmd' in def ? def.PartitionCmd.name : undefined;
    if (partition !== undefined) {
      wholeRows({ RangeVar: partition }, scope, reader);
      joined(partition, relation, scope, reader);
    }
  } else if (def !== undefined && subtype === 'AT_ColumnDefault') {
    const value = reader.value(def, scope);
    if (!isNull(def)) reader.put(targetOf(target, name, reader), valueOperand(value));
  } else if (def !== undefined && subtype === 'AT_AddInherit' && 'RangeVar' in def) {
    joined(relation, def.RangeVar, scope, reader);
  }
}

/** ALTER COLUMN … TYPE turns each value, by USING or by a cast. */
function retype(column: ColumnDef, name: string, target: Source, scope: Scope, reader: LineageReader): void {
  const before = columnOf(target, name, reader.flows) ?? anything;
  const given = column.raw_default === undefined ? before : reader.value(column.raw_default, scope);
  // Under another collation other values are equal.
  if (column.collClause !== undefined) reader.used('condition', 'operator', given);
  const value = castValue(given, castTarget(column.typeName), scope, reader);
  reader.put(targetOf(target, name, reader), valueOperand(value));
}
