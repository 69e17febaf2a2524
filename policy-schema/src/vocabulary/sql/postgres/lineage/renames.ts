import type { RangeVar } from 'libpg-query';
import { relationName } from '../ast.ts';
import type { LineageColumn, LineageRelation } from './lineage-catalog.ts';
import { anything } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { valueOperand } from './reader.ts';
import type { Scope } from './scope.ts';

/**
 * Values that stay where they are, and will stand under another name. Who finds a column by its name does not find it
 * any more, so each is told as if it were written into a column of the new name.
 */

/** ALTER … RENAME COLUMN. */
export function renameColumn(
  range: RangeVar | undefined,
  column: string | undefined,
  newName: string,
  scope: Scope,
  reader: LineageReader,
): void {
  const relation = found(range, scope);
  const { schema, name } = range === undefined ? { schema: undefined, name: '' } : relationName(range);
  const known = relation?.columns.find((each) => each.name === column);
  move(relation, known === undefined ? undefined : [known], () => newName, { schema, name }, reader);
}

/** ALTER … RENAME TO and SET SCHEMA, and what takes a table out of its family (NO INHERIT, DETACH PARTITION). */
export function moveRelation(
  range: RangeVar | undefined,
  to: { readonly schema?: string | undefined; readonly name?: string },
  scope: Scope,
  reader: LineageReader,
): void {
  const relation = found(range, scope);
  const old = range === undefined ? { schema: undefined, name: '' } : relationName(range);
  const made = { schema: to.schema ?? old.schema, name: to.name ?? old.name };
  move(relation, relation?.columns, (column) => column, made, reader);
}

/** Everything in a schema. */
export function renameSchema(newName: string, reader: LineageReader): void {
  move(undefined, undefined, (column) => column, { schema: newName, name: '*' }, reader);
}

function found(range: RangeVar | undefined, scope: Scope): LineageRelation | undefined {
  if (range === undefined) return undefined;
  const { schema, name } = relationName(range);
  return scope.root.catalog.relation(schema, name);
}

function move(
  relation: LineageRelation | undefined,
  columns: readonly LineageColumn[] | undefined,
  newName: (column: string) => string,
  made: { readonly schema: string | undefined; readonly name: string },
  reader: LineageReader,
): void {
  const write = (column: string, value: Parameters<typeof valueOperand>[0]) =>
    reader.write({
      target: undefined,
      made: { ...made, column, temporary: false },
      renames: true,
      value: valueOperand(value),
    });
  if (relation === undefined || columns === undefined) {
    write('*', anything);
    return;
  }
  for (const { name, attribute, type } of columns) {
    write(newName(name), reader.flows.copy({ relation: relation.oid, attribute }, type, undefined));
  }
}
