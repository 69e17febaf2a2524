import type { Node } from 'libpg-query';
import { type NodeOf, relationName, type StatementNodeName, strings, unwrap } from '../ast.ts';
import { isTemporarySchema } from '../statement-reader.ts';
import { definitionStatements } from './definitions.ts';
import { anything, type Field, type Value } from './flow.ts';
import { namingStatements } from './given-names.ts';
import type { Write } from './lineage.ts';
import { operandOf } from './operands.ts';
import { intoOf, renameColumns } from './queries.ts';
import { type LineageReader, type StatementResult, valueOperand } from './reader.ts';
import { type Output, type Scope, unknownOutput } from './scope.ts';
import { readUserFunctions } from './user-functions.ts';
import { readTarget, targetOf } from './writes.ts';

/** Reads one kind of statement. */
export type LineageHandler<Name extends StatementNodeName> = (
  statement: NodeOf<Name>,
  scope: Scope,
  reader: LineageReader,
) => StatementResult;

export type LineageHandlers<Name extends StatementNodeName> = { readonly [Key in Name]: LineageHandler<Key> };

const nothing: StatementResult = { form: 'none', output: { columns: [] } };
const silent = (): StatementResult => nothing;
const rows = (output: Output): StatementResult => ({ form: 'rows', output });

/** Code that nobody read, without rows. */
const code = (_statement: unknown, _scope: Scope, reader: LineageReader): StatementResult => {
  reader.unread();
  return nothing;
};

const unknown = (_statement: unknown, _scope: Scope, reader: LineageReader): StatementResult => {
  reader.unread();
  return { form: 'unknown', output: unknownOutput };
};

const changing =
  (name: 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt') =>
  (statement: object, scope: Scope, reader: LineageReader): StatementResult => {
    const output = reader.query({ [name]: statement } as unknown as Node, scope);
    return output.columns.length === 0 && output.rest === undefined ? nothing : rows(output);
  };

/** Every statement of PostgreSQL 18's grammar. One that the grammar gains does not compile until it is here. */
const statements: LineageHandlers<StatementNodeName> = {
  SelectStmt: (statement, scope, reader) => {
    const into = intoOf(statement);
    const output = reader.query({ SelectStmt: statement }, scope);
    if (into?.rel === undefined) return rows(output);
    makeRelation(into.rel, renameColumns(output, into.colNames), reader);
    return nothing;
  },
  InsertStmt: changing('InsertStmt'),
  UpdateStmt: changing('UpdateStmt'),
  DeleteStmt: changing('DeleteStmt'),
  MergeStmt: changing('MergeStmt'),
  ReturnStmt: ({ returnval }, scope, reader) => {
    const value = returnval === undefined ? anything : reader.value(returnval, scope);
    return rows({ columns: [{ name: '', value }] });
  },
  CreateTableAsStmt: ({ query, into, objtype }, scope, reader) => {
    if (query === undefined || into?.rel === undefined) return unknown(undefined, scope, reader);
    if (objtype === 'OBJECT_MATVIEW') reader.keepsText = true;
    const inner = reader.statement(query, scope);
    const isElsewhere = inner.refersTo !== undefined;
    makeRelation(into.rel, isElsewhere ? unknownOutput : renameColumns(inner.output, into.colNames), reader);
    return isElsewhere ? { ...nothing, refersTo: inner.refersTo } : nothing;
  },
  ViewStmt: ({ view, aliases, query }, scope, reader) => {
    reader.keepsText = true;
    if (query === undefined) return nothing;
    const { output } = reader.statement(query, scope);
    makeRelation(view, renameColumns(output, aliases), reader, 'shown');
    return nothing;
  },
  CopyStmt: (statement, scope, reader) => readCopy(statement, scope, reader),
  ExplainStmt: ({ query }, scope, reader) => {
    reader.keepsText = true;
    if (query === undefined) return unknown(undefined, scope, reader);
    const { output, refersTo } = reader.statement(query, scope);
    return { form: 'plan', output, ...(refersTo === undefined ? {} : { refersTo }) };
  },
  CallStmt: ({ funccall }, scope, reader) => {
    const parts = strings(funccall?.funcname);
    const args = (funccall?.args ?? []).map((node) => {
      const inner =
        'NamedArgExpr' in node && node.NamedArgExpr.arg !== undefined ? node.NamedArgExpr.arg : node;
      return { node: inner, value: reader.value(inner, scope) };
    });
    const names = (funccall?.args ?? []).map((node) =>
      'NamedArgExpr' in node ? node.NamedArgExpr.name : undefined,
    );
    const users = scope.root.catalog.functions(parts.at(-2), parts.at(-1) ?? '');
    // Procedures take their OUT arguments in the call too.
    const called = users.map((user) => ({
      ...user,
      arguments: args.map((_, index) => user.arguments[index] ?? ''),
    }));
    const value = readUserFunctions(called, args, names, funccall?.func_variadic === true, reader);
    if (value === undefined) return unknown(undefined, scope, reader);
    const fields = value.fields?.() ?? [];
    if (fields.length > 0) return rows({ columns: fields });
    return value.anything ? { form: 'unknown', output: unknownOutput } : nothing;
  },
  DoStmt: code,
  PrepareStmt: ({ query }, scope, reader) => {
    // pg_prepared_statements keeps the text.
    reader.keepsText = true;
    return query === undefined ? unknown(undefined, scope, reader) : reader.statement(query, scope);
  },
  ExecuteStmt: ({ name = '', params }, scope, reader) => ({
    form: 'unknown',
    output: unknownOutput,
    refersTo: {
      kind: 'prepared',
      name,
      arguments: (params ?? []).map((node) => operandOf(node, undefined, scope, reader)),
    },
  }),
  DeclareCursorStmt: ({ query }, scope, reader) =>
    query === undefined ? unknown(undefined, scope, reader) : reader.statement(query, scope),
  FetchStmt: ({ portalname: name = '', ismove }) =>
    ismove === true
      ? nothing
      : { form: 'unknown', output: unknownOutput, refersTo: { kind: 'cursor', name } },
  ...definitionStatements,
  ...namingStatements,
  RefreshMatViewStmt: silent,
  VariableSetStmt: silent,
  VariableShowStmt: silent,
  ConstraintsSetStmt: silent,
  DiscardStmt: silent,
  TransactionStmt: silent,
  DeallocateStmt: silent,
  ClosePortalStmt: silent,
  ListenStmt: silent,
  NotifyStmt: silent,
  UnlistenStmt: silent,
  LockStmt: silent,
  AlterTableMoveAllStmt: silent,
  AlterStatsStmt: silent,
  CreateSeqStmt: silent,
  AlterSeqStmt: silent,
  AlterFunctionStmt: silent,
  DefineStmt: silent,
  CompositeTypeStmt: silent,
  CreateEnumStmt: silent,
  CreateRangeStmt: silent,
  AlterEnumStmt: silent,
  AlterTypeStmt: silent,
  CreateOpClassStmt: silent,
  CreateOpFamilyStmt: silent,
  AlterOpFamilyStmt: silent,
  AlterOperatorStmt: silent,
  AlterCollationStmt: silent,
  CreateConversionStmt: silent,
  CreateCastStmt: silent,
  CreateTransformStmt: silent,
  CreateAmStmt: silent,
  CreatePLangStmt: silent,
  CreateEventTrigStmt: silent,
  AlterEventTrigStmt: silent,
  // Its scripts run whatever stands in them.
  CreateExtensionStmt: code,
  AlterExtensionStmt: code,
  AlterExtensionContentsStmt: silent,
  AlterTSDictionaryStmt: silent,
  AlterTSConfigurationStmt: silent,
  DropStmt: silent,
  TruncateStmt: silent,
  CommentStmt: silent,
  SecLabelStmt: silent,
  AlterObjectDependsStmt: silent,
  AlterOwnerStmt: silent,
  CreateRoleStmt: silent,
  AlterRoleStmt: silent,
  AlterRoleSetStmt: silent,
  DropRoleStmt: silent,
  GrantStmt: silent,
  GrantRoleStmt: silent,
  AlterDefaultPrivilegesStmt: silent,
  DropOwnedStmt: silent,
  ReassignOwnedStmt: silent,
  CreateFdwStmt: silent,
  AlterFdwStmt: silent,
  CreateForeignServerStmt: silent,
  AlterForeignServerStmt: silent,
  CreateUserMappingStmt: silent,
  AlterUserMappingStmt: silent,
  DropUserMappingStmt: silent,
  ImportForeignSchemaStmt: silent,
  CreateSubscriptionStmt: silent,
  AlterSubscriptionStmt: silent,
  DropSubscriptionStmt: silent,
  CreatedbStmt: silent,
  AlterDatabaseStmt: silent,
  AlterDatabaseRefreshCollStmt: silent,
  AlterDatabaseSetStmt: silent,
  DropdbStmt: silent,
  CreateTableSpaceStmt: silent,
  DropTableSpaceStmt: silent,
  AlterTableSpaceOptionsStmt: silent,
  AlterSystemStmt: silent,
  VacuumStmt: silent,
  ReindexStmt: silent,
  CheckPointStmt: silent,
  LoadStmt: code,
  RawStmt: unknown,
  SetOperationStmt: unknown,
  PLAssignStmt: unknown,
  ReplicaIdentityStmt: unknown,
};

/** Any statement. What is none is taken for one that may do anything. */
export function readStatement(node: Node, scope: Scope, reader: LineageReader): StatementResult {
  const [name, inner] = unwrap(node);
  if (!Object.hasOwn(statements, name)) return unknown(undefined, scope, reader);
  // The table pairs each name with a handler of its own node; a union of them cannot be called.
  const handler = statements[name as StatementNodeName] as (
    statement: unknown,
    scope: Scope,
    reader: LineageReader,
  ) => StatementResult;
  return handler(inner, scope, reader);
}

/** What a statement makes a relation of (SELECT INTO, CREATE TABLE AS). */
function makeRelation(
  range: NonNullable<NodeOf<'CreateTableAsStmt'>['into']>['rel'],
  { columns, rest }: Output,
  reader: LineageReader,
  kind: 'kept' | 'shown' = 'kept',
): void {
  if (range === undefined) return;
  const { schema, name } = relationName(range);
  const temporary = range.relpersistence === 't' || isTemporarySchema(schema);
  const write = (column: string, value: Value) =>
    reader.write({
      target: undefined,
      made: { kind, schema, name, column, temporary },
      value: valueOperand(value),
    });
  for (const { name: column, value } of columns) write(column, value);
  if (rest !== undefined) write('*', rest);
}

const readCopy: LineageHandler<'CopyStmt'> = (statement, scope, reader) => {
  const {
    relation,
    query,
    attlist,
    is_from: isFrom,
    is_program: isProgram,
    filename,
    whereClause,
  } = statement;
  if (isProgram === true) reader.unread();
  const names = attlist === undefined ? undefined : strings(attlist);
  if (isFrom === true && relation !== undefined) {
    const target = readTarget(relation, scope, reader);
    const value: Write['value'] = valueOperand({ origins: [], anything: false });
    for (const name of names ?? target.columns.map((column) => column.name)) {
      reader.put(targetOf(target, name, reader), value);
    }
    if (target.rest !== undefined) reader.put(targetOf(target, undefined, reader), value);
    // The columns in WHERE are those of the rows that come in.
    reader.condition(whereClause, 'WHERE', scope.beside([target]));
    return nothing;
  }
  const output =
    query === undefined ? copied(relation, names, scope, reader) : reader.statement(query, scope).output;
  if (filename === undefined && isProgram !== true) return { form: 'copy', output };
  const made = { kind: 'file', schema: undefined, name: filename ?? '', temporary: false } as const;
  for (const { name: column, value } of output.columns) {
    reader.write({ target: undefined, made: { ...made, column }, value: valueOperand(value) });
  }
  if (output.rest !== undefined) {
    reader.write({ target: undefined, made: { ...made, column: '*' }, value: valueOperand(output.rest) });
  }
  return nothing;
};

/** COPY of a table leaves out what is generated. */
function copied(
  relation: NodeOf<'CopyStmt'>['relation'],
  names: readonly string[] | undefined,
  scope: Scope,
  reader: LineageReader,
): Output {
  if (relation === undefined) return unknownOutput;
  const source = readTarget(relation, scope, reader);
  if (names === undefined) {
    const { schema, name } = relationName(relation);
    const known = scope.root.catalog.relation(schema, name);
    const generated = new Set(
      known?.columns.flatMap((column) => (column.generatedFrom === undefined ? [] : column.name)),
    );
    const columns = source.columns.filter((column) => !generated.has(column.name));
    return source.rest === undefined ? { columns } : { columns, rest: source.rest };
  }
  const columns = names.map((name): Field => {
    const value = source.columns.find((column) => column.name === name)?.value ?? source.rest ?? anything;
    return { name, value };
  });
  return { columns };
}
