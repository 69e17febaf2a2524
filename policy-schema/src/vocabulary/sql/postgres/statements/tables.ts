import type { AlterTableCmd, AlterTableStmt, CreateStmt, Node } from 'libpg-query';
import { relationName, strings, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import { nameForms, objectKinds } from '../object-kinds.ts';
import { open, Scope } from '../scope.ts';
import type { RelationUse, StatementReader } from '../statement-reader.ts';
import { cascades, functionList } from './objects.ts';
import {
  newTableScope,
  readColumnDefinition,
  readConstraint,
  readIndexElement,
  readTableElements,
  tableScope,
} from './table-parts.ts';

export const tableStatements: Handlers<
  | 'CreateStmt'
  | 'CreateForeignTableStmt'
  | 'AlterTableStmt'
  | 'AlterTableMoveAllStmt'
  | 'IndexStmt'
  | 'CreateStatsStmt'
  | 'AlterStatsStmt'
  | 'CreateSeqStmt'
  | 'AlterSeqStmt'
  | 'CreateTrigStmt'
  | 'RuleStmt'
  | 'CreatePolicyStmt'
  | 'AlterPolicyStmt'
> = {
  CreateStmt: (statement, reader, scope) => {
    readCreateTable(statement, 'table', reader, scope);
    return 'create';
  },
  CreateForeignTableStmt: ({ base, servername = '' }, reader, scope) => {
    if (base !== undefined) readCreateTable(base, 'foreign table', reader, scope, servername);
    return 'create';
  },
  AlterTableStmt: (statement, reader, scope) => {
    readAlterTable(statement, reader, scope);
    return 'alter';
  },
  AlterTableMoveAllStmt: ({ objtype, orig_tablespacename: name = '' }, reader) => {
    reader.ddl();
    reader.plain('alter', { object: objectKinds[objtype ?? 'OBJECT_TABLE'], name, everything: true });
    return 'alter';
  },
  IndexStmt: (statement, reader, scope) => {
    reader.ddl();
    const name = statement.idxname;
    const created = reader.relation('create', statement.relation, {
      object: 'index',
      columns: [],
      ...(name === undefined ? {} : { name }),
    });
    const within = tableScope(statement.relation, reader, scope);
    for (const node of [...(statement.indexParams ?? []), ...(statement.indexIncludingParams ?? [])]) {
      if (!('IndexElem' in node)) throw new Unsupported(`${unwrap(node)[0]} in an index`);
      created.columns?.add(readIndexElement(node.IndexElem, reader, within) ?? '*');
    }
    reader.expression([statement.whereClause], within);
    return 'create';
  },
  CreateStatsStmt: ({ defnames, exprs, relations }, reader, scope) => {
    reader.ddl();
    const name = strings(defnames).at(-1);
    for (const node of relations ?? []) {
      if (!('RangeVar' in node)) throw new Unsupported(`${unwrap(node)[0]} in CREATE STATISTICS`);
      reader.relation('create', node.RangeVar, {
        object: 'statistics',
        ...(name === undefined ? {} : { name }),
      });
      const within = tableScope(node.RangeVar, reader, scope);
      for (const element of exprs ?? []) {
        if ('StatsElem' in (element as object)) reader.expression([element], within);
      }
    }
    return 'create';
  },
  AlterStatsStmt: ({ defnames }, reader) => {
    reader.ddl();
    const [name = '', schema] = strings(defnames).toReversed();
    reader.plain('alter', {
      object: 'statistics',
      named: schema === undefined ? { name } : { schema, name },
    });
    return 'alter';
  },
  CreateSeqStmt: ({ sequence }, reader) => {
    reader.ddl();
    reader.relation('create', sequence, { existence: 'created', object: 'sequence' });
    return 'create';
  },
  AlterSeqStmt: ({ sequence, missing_ok: optional }, reader) => {
    reader.ddl();
    reader.relation('alter', sequence, { existence: optional ? 'optional' : 'required', object: 'sequence' });
    return 'alter';
  },
  CreateTrigStmt: (statement, reader, scope) => {
    reader.ddl();
    const { relation, trigname: name = '', columns } = statement;
    reader.relation('create', relation, { object: 'trigger', name });
    for (const column of strings(columns)) reader.column(column);
    if (statement.constrrel !== undefined) reader.relation('select', statement.constrrel, { columns: ['*'] });
    functionList(statement.funcname, reader);
    reader.expression([statement.whenClause], rowScope(scope));
    return 'create';
  },
  RuleStmt: ({ relation, rulename: name = '', whereClause, actions }, reader, scope) => {
    reader.ddl();
    reader.relation('create', relation, { object: 'rule', name });
    const within = rowScope(scope);
    reader.expression([whereClause], within);
    for (const action of actions ?? []) reader.statement(action, within);
    return 'create';
  },
  CreatePolicyStmt: ({ table, policy_name: name = '', qual, with_check: check }, reader, scope) => {
    reader.ddl();
    reader.relation('create', table, { object: 'policy', name });
    reader.expression([qual, check], newTableScope(scope));
    return 'create';
  },
  AlterPolicyStmt: ({ table, policy_name: name = '', qual, with_check: check }, reader, scope) => {
    reader.ddl();
    reader.relation('alter', table, { object: 'policy', name });
    reader.expression([qual, check], newTableScope(scope));
    return 'alter';
  },
};

/** `old` and `new` of triggers and rules: rows that some later statement brings. */
function rowScope(scope: Scope): Scope {
  const within = new Scope(scope);
  for (const alias of ['old', 'new'])
    within.sources.push({ alias, uses: [], derived: open(), isFunction: true });
  return within;
}

function readCreateTable(
  statement: CreateStmt,
  object: string,
  reader: StatementReader,
  scope: Scope,
  name?: string,
): void {
  const { relation, inhRelations } = statement;
  reader.ddl();
  reader.relation('create', relation, {
    existence: 'created',
    object,
    ...(name === undefined ? {} : { name }),
  });
  for (const node of inhRelations ?? []) {
    if (!('RangeVar' in node)) throw new Unsupported(`${unwrap(node)[0]} as a parent`);
    // The parent's rows include those of its children from now on.
    reader.relation('alter', node.RangeVar, { object: 'table' });
  }
  const within = newTableScope(scope);
  readTableElements(statement.tableElts, reader, within);
  readTableElements(statement.constraints, reader, within);
  reader.expression([statement.partbound, statement.partspec?.partParams], within);
}

function readAlterTable(statement: AlterTableStmt, reader: StatementReader, scope: Scope): void {
  const { relation, cmds, missing_ok: optional, objtype = 'OBJECT_TABLE' } = statement;
  reader.ddl();
  const object = objectKinds[objtype];
  if (relation === undefined) throw new Unsupported('ALTER TABLE of nothing');
  if (nameForms[objtype] !== 'relation') {
    reader.plain('alter', { object, named: relationName(relation) });
    for (const node of cmds ?? []) {
      const def = 'AlterTableCmd' in node ? node.AlterTableCmd.def : undefined;
      const partition = def !== undefined && 'PartitionCmd' in def ? def.PartitionCmd.name : undefined;
      if (partition !== undefined) reader.plain('alter', { object, named: relationName(partition) });
      else readDefinition(def, reader, newTableScope(scope));
    }
    return;
  }
  const target = reader.relation('alter', relation, {
    existence: optional ? 'optional' : 'required',
    object,
    columns: [],
  });
  const within = tableScope(relation, reader, scope);
  for (const node of cmds ?? []) {
    if (!('AlterTableCmd' in node)) throw new Unsupported(`${unwrap(node)[0]} in ALTER TABLE`);
    readCommand(node.AlterTableCmd, target, reader, within);
  }
}

/** Commands whose `name` is that of a column. */
const columnCommands: ReadonlySet<string> = new Set([
  'AT_ColumnDefault',
  'AT_CookedColumnDefault',
  'AT_DropNotNull',
  'AT_SetNotNull',
  'AT_SetExpression',
  'AT_DropExpression',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_AlterColumnGenericOptions',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
]);

function readCommand(
  command: AlterTableCmd,
  target: RelationUse,
  reader: StatementReader,
  scope: Scope,
): void {
  const { subtype, name, def, behavior } = command;
  const added = def !== undefined && 'ColumnDef' in def ? def.ColumnDef.colname : undefined;
  const named = subtype !== undefined && columnCommands.has(subtype) ? name : added;
  if (named !== undefined) reader.column(named);
  // What is about no one column is about the table as a whole.
  target.columns?.add(named ?? '*');
  cascades(reader, 'alter', behavior);
  readDefinition(def, reader, scope);
}

function readDefinition(def: Node | undefined, reader: StatementReader, scope: Scope): void {
  if (def === undefined) return;
  if ('ColumnDef' in def) readColumnDefinition(def.ColumnDef, reader, scope);
  else if ('Constraint' in def) readConstraint(def.Constraint, reader, scope);
  else if ('RangeVar' in def) reader.relation('alter', def.RangeVar, { object: 'table' });
  else if ('PartitionCmd' in def) {
    if (def.PartitionCmd.name !== undefined)
      reader.relation('alter', def.PartitionCmd.name, { object: 'table' });
    reader.expression([def.PartitionCmd.bound], newTableScope(scope));
  } else if ('ReplicaIdentityStmt' in def || 'ATAlterConstraint' in def || 'RoleSpec' in def) {
    // Names of an index, a constraint or a role, which the command itself speaks of.
  } else reader.expression([def], scope);
}
