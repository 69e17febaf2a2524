import type { Node, PublicationObjSpec } from 'libpg-query';
import { strings, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import type { Scope } from '../scope.ts';
import type { StatementReader } from '../statement-reader.ts';
import { definedFunctions, roleName } from './objects.ts';
import { tableScope } from './table-parts.ts';

/** What reaches other servers: foreign data, publications and subscriptions. */
export const foreignStatements: Handlers<
  | 'CreateFdwStmt'
  | 'AlterFdwStmt'
  | 'CreateForeignServerStmt'
  | 'AlterForeignServerStmt'
  | 'CreateUserMappingStmt'
  | 'AlterUserMappingStmt'
  | 'DropUserMappingStmt'
  | 'ImportForeignSchemaStmt'
  | 'CreatePublicationStmt'
  | 'AlterPublicationStmt'
  | 'CreateSubscriptionStmt'
  | 'AlterSubscriptionStmt'
  | 'DropSubscriptionStmt'
> = {
  CreateFdwStmt: ({ fdwname = '', func_options: functions }, reader) => {
    definedFunctions(functions, reader);
    return named(reader, 'create', 'foreign data wrapper', fdwname);
  },
  AlterFdwStmt: ({ fdwname = '', func_options: functions }, reader) => {
    definedFunctions(functions, reader);
    return named(reader, 'alter', 'foreign data wrapper', fdwname);
  },
  CreateForeignServerStmt: ({ servername: name = '' }, reader) => named(reader, 'create', 'server', name),
  AlterForeignServerStmt: ({ servername: name = '' }, reader) => named(reader, 'alter', 'server', name),
  CreateUserMappingStmt: ({ user, servername = '' }, reader) =>
    named(reader, 'create', 'user mapping', `${roleName(user)}@${servername}`),
  AlterUserMappingStmt: ({ user, servername = '' }, reader) =>
    named(reader, 'alter', 'user mapping', `${roleName(user)}@${servername}`),
  DropUserMappingStmt: ({ user, servername = '' }, reader) =>
    named(reader, 'drop', 'user mapping', `${roleName(user)}@${servername}`),
  ImportForeignSchemaStmt: ({ server_name: name = '', local_schema: schema = '' }, reader) => {
    reader.ddl();
    reader.plain('import', { object: 'foreign table', name });
    reader.plain('create', { object: 'foreign table', name: schema, everything: true });
    return 'import';
  },
  CreatePublicationStmt: ({ pubname = '', pubobjects, for_all_tables: all }, reader, scope) => {
    readPublished(pubobjects, all, reader, scope);
    return named(reader, 'create', 'publication', pubname);
  },
  AlterPublicationStmt: ({ pubname = '', pubobjects, for_all_tables: all }, reader, scope) => {
    readPublished(pubobjects, all, reader, scope);
    return named(reader, 'alter', 'publication', pubname);
  },
  CreateSubscriptionStmt: ({ subname: name = '' }, reader) => named(reader, 'create', 'subscription', name),
  AlterSubscriptionStmt: ({ subname: name = '' }, reader) => named(reader, 'alter', 'subscription', name),
  DropSubscriptionStmt: ({ subname: name = '' }, reader) => named(reader, 'drop', 'subscription', name),
};

function named<Kind extends 'create' | 'alter' | 'drop'>(
  reader: StatementReader,
  kind: Kind,
  object: string,
  name: string,
): Kind {
  reader.ddl();
  reader.plain(kind, { object, name });
  return kind;
}

/** What a publication sends out is read. */
function readPublished(
  objects: readonly Node[] | undefined,
  all: boolean | undefined,
  reader: StatementReader,
  scope: Scope,
): void {
  if (all) reader.plain('select', { everything: true });
  for (const node of objects ?? []) {
    const { PublicationObjSpec: spec } = node as { PublicationObjSpec?: PublicationObjSpec };
    if (spec === undefined) throw new Unsupported(`${unwrap(node)[0]} in a publication`);
    const { pubtable: table, name } = spec;
    if (table === undefined) {
      reader.plain('select', { everything: true, ...(name === undefined ? {} : { name }) });
      continue;
    }
    const columns = strings(table.columns);
    for (const column of columns) reader.column(column);
    reader.relation('select', table.relation, { columns: columns.length === 0 ? ['*'] : columns });
    reader.expression([table.whereClause], tableScope(table.relation, reader, scope));
  }
}
