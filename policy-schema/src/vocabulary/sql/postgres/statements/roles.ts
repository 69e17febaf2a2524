import type { GrantStmt, Node } from 'libpg-query';
import { strings, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import { nameForms, objectKinds } from '../object-kinds.ts';
import type { StatementReader } from '../statement-reader.ts';
import { cascades, objectAction, roleName, roleNames } from './objects.ts';
import { alterParameters } from './session.ts';

/** Roles, privileges, databases, tablespaces and the server itself. */
export const roleStatements: Handlers<
  | 'GrantStmt'
  | 'GrantRoleStmt'
  | 'AlterDefaultPrivilegesStmt'
  | 'CreateRoleStmt'
  | 'AlterRoleStmt'
  | 'AlterRoleSetStmt'
  | 'DropRoleStmt'
  | 'DropOwnedStmt'
  | 'ReassignOwnedStmt'
  | 'CreatedbStmt'
  | 'AlterDatabaseStmt'
  | 'AlterDatabaseRefreshCollStmt'
  | 'AlterDatabaseSetStmt'
  | 'DropdbStmt'
  | 'CreateTableSpaceStmt'
  | 'DropTableSpaceStmt'
  | 'AlterTableSpaceOptionsStmt'
  | 'AlterSystemStmt'
> = {
  GrantStmt: (statement, reader) => readGrant(statement, reader),
  GrantRoleStmt: ({ granted_roles: granted, is_grant: isGrant, behavior }, reader) => {
    reader.ddl();
    const kind = isGrant ? 'grant' : 'revoke';
    for (const node of granted ?? []) {
      if (!('AccessPriv' in node)) throw new Unsupported(`${unwrap(node)[0]} as a role`);
      reader.plain(kind, { object: 'role', name: node.AccessPriv.priv_name ?? '' });
    }
    cascades(reader, kind, behavior);
    return kind;
  },
  AlterDefaultPrivilegesStmt: ({ action }, reader) => {
    reader.ddl();
    reader.plain('alter', { object: 'default privileges' });
    for (const name of roleNames(action?.grantees)) {
      reader.plain(action?.is_grant ? 'grant' : 'revoke', {
        object: objectKinds[action?.objtype ?? 'OBJECT_TABLE'],
        name,
        everything: true,
      });
    }
    return 'alter';
  },
  CreateRoleStmt: ({ role: name = '' }, reader) => named(reader, 'create', 'role', name),
  AlterRoleStmt: ({ role }, reader) => named(reader, 'alter', 'role', roleName(role)),
  AlterRoleSetStmt: ({ role, setstmt }, reader) => {
    alterParameters(reader, 'role', role === undefined ? '*' : roleName(role), setstmt);
    return 'alter';
  },
  DropRoleStmt: ({ roles }, reader) => {
    for (const name of roleNames(roles)) named(reader, 'drop', 'role', name);
    return 'drop';
  },
  DropOwnedStmt: ({ roles }, reader) => {
    reader.ddl();
    for (const name of roleNames(roles)) reader.plain('drop', { object: '*', name, everything: true });
    return 'drop';
  },
  ReassignOwnedStmt: ({ roles, newrole }, reader) => {
    reader.ddl();
    for (const name of [...roleNames(roles), roleName(newrole)])
      reader.plain('reassign', { object: 'role', name });
    return 'reassign';
  },
  CreatedbStmt: ({ dbname: name = '' }, reader) => named(reader, 'create', 'database', name),
  AlterDatabaseStmt: ({ dbname: name = '' }, reader) => named(reader, 'alter', 'database', name),
  AlterDatabaseRefreshCollStmt: ({ dbname: name = '' }, reader) => named(reader, 'alter', 'database', name),
  AlterDatabaseSetStmt: ({ dbname = '', setstmt }, reader) => {
    alterParameters(reader, 'database', dbname, setstmt);
    return 'alter';
  },
  DropdbStmt: ({ dbname: name = '' }, reader) => named(reader, 'drop', 'database', name),
  CreateTableSpaceStmt: ({ tablespacename: name = '' }, reader) =>
    named(reader, 'create', 'tablespace', name),
  DropTableSpaceStmt: ({ tablespacename: name = '' }, reader) => named(reader, 'drop', 'tablespace', name),
  AlterTableSpaceOptionsStmt: ({ tablespacename: name = '' }, reader) =>
    named(reader, 'alter', 'tablespace', name),
  AlterSystemStmt: ({ setstmt }, reader) => {
    // Not `set`: whoever may set a parameter for a session may not do so for the server.
    alterParameters(reader, 'system', 'system', setstmt);
    return 'alter';
  },
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

function readGrant(statement: GrantStmt, reader: StatementReader): 'grant' | 'revoke' {
  const { is_grant: isGrant, targtype, objtype = 'OBJECT_TABLE', objects, privileges, behavior } = statement;
  const kind = isGrant ? 'grant' : 'revoke';
  const object = objectKinds[objtype];
  reader.ddl();
  const columns = columnsOf(privileges);
  for (const column of columns) if (column !== '*') reader.column(column);
  for (const node of objects ?? []) {
    if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA') {
      const [schema = ''] = 'String' in node ? [node.String.sval] : [];
      reader.plain(kind, { object, name: schema, everything: true });
    } else if (nameForms[objtype] === 'relation' && 'RangeVar' in node) {
      for (const name of roleNames(statement.grantees)) {
        reader.relation(kind, node.RangeVar, {
          object,
          name,
          columns: columns.length === 0 ? ['*'] : columns,
        });
      }
    } else objectAction(reader, kind, objtype, node);
  }
  cascades(reader, kind, behavior);
  return kind;
}

function columnsOf(privileges: readonly Node[] | undefined): string[] {
  // A privilege without a list is one on all columns.
  return (privileges ?? []).flatMap((node) => {
    const columns = 'AccessPriv' in node ? strings(node.AccessPriv.cols) : [];
    return columns.length === 0 ? ['*'] : columns;
  });
}
