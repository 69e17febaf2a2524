import type { Node } from 'libpg-query';
import { type StatementNodeName, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import type { Scope } from '../scope.ts';
import type { StatementReader } from '../statement-reader.ts';
import type { SqlActionKind } from '../../vocabulary.ts';
import { changeStatements } from './changes.ts';
import { definitionStatements } from './definitions.ts';
import { foreignStatements } from './foreign.ts';
import { maintenanceStatements } from './maintenance.ts';
import { queryStatements } from './queries.ts';
import { roleStatements } from './roles.ts';
import { sessionStatements } from './session.ts';
import { tableStatements } from './tables.ts';

/** Every statement of PostgreSQL 18's grammar. One that the grammar gains does not compile until it is here. */
export const statements: Handlers<StatementNodeName> = {
  ...queryStatements,
  ...sessionStatements,
  ...tableStatements,
  ...definitionStatements,
  ...changeStatements,
  ...roleStatements,
  ...foreignStatements,
  ...maintenanceStatements,
};

export function isStatementName(name: string): name is StatementNodeName {
  return Object.hasOwn(statements, name);
}

/** @throws Unsupported for a node that is no statement, or that holds something unknown */
export function readStatement(node: Node, reader: StatementReader, scope: Scope): SqlActionKind {
  const [name, inner] = unwrap(node);
  if (!isStatementName(name)) throw new Unsupported(`${name} as a statement`);
  // The table pairs each name with a handler of its own node; a union of them cannot be called.
  const handler = statements[name] as (
    statement: unknown,
    reader: StatementReader,
    scope: Scope,
  ) => SqlActionKind;
  return handler(inner, reader, scope);
}
