import { strictestMask } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import type { CatalogView } from './catalog.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import type { ColumnMask, Columns } from './judge/judge.ts';
import type { MaskMap } from './mask-map.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

const constant: ColumnMask = { kind: 'constant' };

/** What becomes of each result column, held against what the server tells of it; undefined where all pass as they are. */
export function planColumns(
  fields: readonly FieldDescription[],
  columns: Columns,
  map: MaskMap,
  catalog: CatalogView,
): readonly (ColumnMask | undefined)[] | undefined {
  const plan = fields.map((field, index) =>
    stricter(byLineage(columns, index, fields.length), byServer(field, map, catalog)),
  );
  return plan.some((mask) => mask !== undefined) ? plan : undefined;
}

function byLineage(columns: Columns, index: number, count: number): ColumnMask | undefined {
  if (columns.kind === 'plain') return undefined;
  if (columns.kind === 'plan') return { kind: 'plan' };
  // Another number of columns than the text has: nobody knows which is which.
  return columns.kind === 'told' && columns.masks.length === count ? columns.masks[index] : constant;
}

/** By the column that the server says the value is of, whatever the text made of it. */
function byServer(
  { tableOid, attributeNumber }: FieldDescription,
  map: MaskMap,
  catalog: CatalogView,
): ColumnMask | undefined {
  if (tableOid === 0) return undefined;
  const relation = catalog.relation(tableOid);
  if (relation === undefined) return tableOid < firstUserOid ? undefined : constant;
  if (map.isDoubtful(relation)) return constant;
  const masked = map.columns(relation);
  // Attribute number 0 is the row as a whole (markTargetListOrigin in parse_target.c), below are system columns.
  if (attributeNumber === 0) return masked.size === 0 ? undefined : constant;
  const mask = masked.get(attributeNumber);
  return mask === undefined ? undefined : { kind: 'mask', mask };
}

function stricter(one: ColumnMask | undefined, other: ColumnMask | undefined): ColumnMask | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.kind !== 'mask' || other.kind !== 'mask') return constant;
  const mask = strictestMask([one.mask, other.mask]);
  return mask === undefined ? constant : { kind: 'mask', mask };
}
