import type { LineageColumn } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import type { CatalogView } from '../catalog.ts';
import type { CatalogRelation } from '../catalog-probe.ts';
import { firstUserOid } from './question-parts.ts';

/** json and xml, and arrays of them: their texts need not be what jsonb takes. */
const looseTexts: ReadonlySet<number> = new Set([114, 142, 199, 143]);
/** Rows in rows. */
const maxDepth = 4;

/** Which forms of a column's values are made by PostgreSQL's own code. @param type pg_attribute.atttypid */
export function valueForms(
  type: number,
  attribute: number,
  relation: CatalogRelation,
  { facts, relation: byOid }: Pick<CatalogView, 'facts' | 'relation'>,
  depth = 0,
): LineageColumn['forms'] {
  const { userObjects } = facts;
  if (userObjects === undefined) return undefined;
  const base = userObjects.baseType(type);
  if (base < firstUserOid) return looseTexts.has(base) ? 'text' : 'text and jsonb';
  if (!userObjects.areWithoutCode) return undefined;
  if (userObjects.isEnum(base)) return 'text and jsonb';
  const rows = relation.embeds.filter(([at]) => at === attribute);
  if (rows.length === 0 || depth >= maxDepth) return 'text';
  const parts = rows.flatMap(([, oid]) => {
    const row = byOid(oid);
    const told = facts.relation(oid);
    if (row === undefined || told === undefined || told === null) return ['text' as const];
    return told.columns.map((each) =>
      valueForms(each.type, each.attribute, row, { facts, relation: byOid }, depth + 1),
    );
  });
  return parts.every((part) => part === 'text and jsonb') ? 'text and jsonb' : 'text';
}
