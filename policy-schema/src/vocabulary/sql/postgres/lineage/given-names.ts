import type { ObjectType, RangeVar } from 'libpg-query';
import { relationName } from '../ast.ts';
import { isTemporarySchema } from '../statement-reader.ts';
import { constant } from './flow.ts';
import type { MadeColumn } from './lineage.ts';
import { type LineageReader, type StatementResult, valueOperand } from './reader.ts';
import type { Scope } from './scope.ts';
import type { LineageHandlers } from './statements.ts';

/** Statements by which values that are there come to go by other names: masks may speak of those. */

const nothing: StatementResult = { form: 'none', output: { columns: [] } };

export const namingStatements: LineageHandlers<'RenameStmt' | 'AlterObjectSchemaStmt'> = {
  RenameStmt: ({ renameType, relation, newname = '' }, scope, reader) => {
    if (relation === undefined) return nothing;
    if (renameType === 'OBJECT_COLUMN') {
      const made = namedColumn(relation, newname, 'shown');
      reader.write({ target: undefined, made, value: valueOperand(constant) });
    } else if (renamedKinds.has(renameType ?? '')) {
      joined(relation, { ...relation, relname: newname }, scope, reader);
    }
    return nothing;
  },
  AlterObjectSchemaStmt: ({ objectType, relation, newschema = '' }, scope, reader) => {
    if (relation !== undefined && renamedKinds.has(objectType ?? ''))
      joined(relation, { ...relation, schemaname: newschema }, scope, reader);
    return nothing;
  },
};

const renamedKinds: ReadonlySet<string> = new Set<ObjectType>([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

export function namedColumn(
  relation: RangeVar,
  column: string,
  kind: MadeColumn['kind'] = 'kept',
): MadeColumn {
  const { schema, name } = relationName(relation);
  const temporary = relation.relpersistence === 't' || isTemporarySchema(schema);
  return { kind, schema, name, column, temporary };
}

/** The columns of a relation go by those of the same name in another from then on. */
export function joined(relation: RangeVar, other: RangeVar, scope: Scope, reader: LineageReader): void {
  for (const column of columnNames(relation, scope)) {
    reader.write({
      target: undefined,
      made: namedColumn(other, column, 'shown'),
      value: valueOperand(constant),
    });
  }
}

function columnNames(relation: RangeVar, scope: Scope): readonly string[] {
  const { schema, name } = relationName(relation);
  return scope.root.catalog.relation(schema, name)?.columns.map((column) => column.name) ?? ['*'];
}
