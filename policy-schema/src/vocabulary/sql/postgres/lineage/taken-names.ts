import type { AlterTableType, Node, ObjectType } from 'libpg-query';

/**
 * Whether a statement takes columns away from the names, or the kin, by which masks know them: those of the relations
 * that it names, or of any.
 */
export type TakenNames = 'relation' | 'any';

const ofObjects: Partial<Readonly<Record<ObjectType, TakenNames>>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_COLUMN: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_SCHEMA: 'any',
  OBJECT_EXTENSION: 'any',
};

/** A partition or child takes its values with it; what was generated stays where nothing tells any more what it was made of. */
const parting: ReadonlySet<AlterTableType> = new Set([
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_DropInherit',
  'AT_DropExpression',
]);

export function takenNames(statement: Node): TakenNames | undefined {
  if ('RenameStmt' in statement) return ofObjects[statement.RenameStmt.renameType ?? 'OBJECT_TABLE'];
  if ('AlterObjectSchemaStmt' in statement)
    return ofObjects[statement.AlterObjectSchemaStmt.objectType ?? 'OBJECT_TABLE'];
  if (!('AlterTableStmt' in statement)) return undefined;
  const parts = (statement.AlterTableStmt.cmds ?? []).some(
    (node) =>
      'AlterTableCmd' in node &&
      node.AlterTableCmd.subtype !== undefined &&
      parting.has(node.AlterTableCmd.subtype),
  );
  return parts ? 'relation' : undefined;
}
