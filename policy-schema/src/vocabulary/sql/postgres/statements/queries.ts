import type { Node } from 'libpg-query';
import type { Handler, Handlers } from '../handler.ts';
import { noStatement } from '../handler.ts';
import { Unsupported } from '../ast.ts';
import type { QueryPlace } from '../statement-reader.ts';
import { readInto } from '../query-parts.ts';
import { objectKinds } from '../object-kinds.ts';

const place: QueryPlace = 'top';

export const queryStatements: Handlers<
  | 'SelectStmt'
  | 'InsertStmt'
  | 'UpdateStmt'
  | 'DeleteStmt'
  | 'MergeStmt'
  | 'CreateTableAsStmt'
  | 'ViewStmt'
  | 'RefreshMatViewStmt'
  | 'CopyStmt'
  | 'ExplainStmt'
  | 'CallStmt'
  | 'DoStmt'
  | 'ReturnStmt'
  | 'RawStmt'
  | 'SetOperationStmt'
  | 'PLAssignStmt'
  | 'ReplicaIdentityStmt'
> = {
  SelectStmt: (statement, reader, scope) => {
    reader.query({ SelectStmt: statement }, scope, place);
    return 'select';
  },
  InsertStmt: (statement, reader, scope) => {
    reader.query({ InsertStmt: statement }, scope, place);
    return 'insert';
  },
  UpdateStmt: (statement, reader, scope) => {
    reader.query({ UpdateStmt: statement }, scope, place);
    return 'update';
  },
  DeleteStmt: (statement, reader, scope) => {
    reader.query({ DeleteStmt: statement }, scope, place);
    return 'delete';
  },
  MergeStmt: (statement, reader, scope) => {
    reader.query({ MergeStmt: statement }, scope, place);
    const kinds = (statement.mergeWhenClauses ?? []).map((node) =>
      'MergeWhenClause' in node ? node.MergeWhenClause.commandType : undefined,
    );
    if (kinds.includes('CMD_DELETE')) return 'delete';
    return kinds.includes('CMD_UPDATE') ? 'update' : 'insert';
  },
  CreateTableAsStmt: ({ query, into, objtype }, reader, scope) => {
    if (query === undefined || into === undefined) throw new Unsupported('CREATE TABLE AS of nothing');
    readInto(into, reader, objectKinds[objtype ?? 'OBJECT_TABLE']);
    if ('ExecuteStmt' in query) reader.statement(query, scope);
    else reader.query(query, scope, place);
    return 'create';
  },
  ViewStmt: ({ view, query }, reader, scope) => {
    if (query === undefined) throw new Unsupported('a view of nothing');
    reader.relation('create', view, { existence: 'created', object: 'view' });
    reader.ddl();
    reader.query(query, scope, place);
    return 'create';
  },
  RefreshMatViewStmt: ({ relation }, reader) => {
    reader.relation('refresh', relation, { object: 'materialized view' });
    return 'refresh';
  },
  CopyStmt: (statement, reader, scope) => readCopy(statement, reader, scope),
  ExplainStmt: ({ query, options }, reader, scope) => {
    if (query === undefined) throw new Unsupported('EXPLAIN of nothing');
    const analyzes = (options ?? []).some(
      (node: Node) => 'DefElem' in node && node.DefElem.defname === 'analyze',
    );
    reader.plain('explain', analyzes ? { name: 'analyze' } : {});
    reader.statement(query, scope);
    return 'explain';
  },
  CallStmt: ({ funccall }, reader, scope) => {
    if (funccall === undefined) throw new Unsupported('CALL of nothing');
    const { funcname, ...parts } = funccall;
    const names = (funcname ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
    const [name = '', schema] = names.toReversed();
    reader.usesLiterals = true;
    reader.call({ function: schema === undefined ? { name } : { schema, name }, form: 'procedure' });
    reader.expression(parts, scope);
    return 'call';
  },
  DoStmt: ({ args }, reader) => {
    let language = 'plpgsql';
    for (const node of args ?? []) {
      if (!('DefElem' in node) || node.DefElem.defname !== 'language') continue;
      const { arg } = node.DefElem;
      if (arg !== undefined && 'String' in arg) language = arg.String.sval ?? '';
    }
    reader.plain('do', { name: language });
    return 'do';
  },
  /** In the body of a function that is written in SQL. */
  ReturnStmt: ({ returnval }, reader, scope) => {
    reader.expression([returnval], scope);
    return 'select';
  },
  RawStmt: noStatement('RawStmt'),
  SetOperationStmt: noStatement('SetOperationStmt'),
  PLAssignStmt: noStatement('PLAssignStmt'),
  ReplicaIdentityStmt: noStatement('ReplicaIdentityStmt'),
};

const readCopy: Handler<'CopyStmt'> = (statement, reader, scope) => {
  const {
    relation,
    query,
    attlist,
    is_from: isFrom,
    is_program: isProgram,
    filename,
    whereClause,
  } = statement;
  const columns = (attlist ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
  for (const column of columns) reader.column(column);
  const via = isProgram ? 'program' : filename === undefined ? 'stdio' : 'file';
  if (via !== 'stdio') reader.plain('copy', { object: via, name: filename ?? '' });
  reader.effect({ kind: 'copy', direction: isFrom ? 'from' : 'to', via });
  if (query !== undefined) {
    reader.query(query, scope, place);
    return 'copy';
  }
  if (!isFrom && columns.length === 0) reader.hasStar = true;
  reader.relation(isFrom ? 'insert' : 'select', relation, {
    columns: columns.length === 0 ? ['*'] : columns,
  });
  // The columns in WHERE are those of the rows that come in.
  reader.expression([whereClause], scope);
  return 'copy';
};
