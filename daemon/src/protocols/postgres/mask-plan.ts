import { compilePatterns, qualify, segmentsOf } from '@gatehouse/policy-schema/model/pattern.ts';
import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogRelation } from './catalog-probe.ts';
import type { Reading } from './reading.ts';
import { isTemporary } from './session-names.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/**
 * Which result columns are masked, first form: a column passes as it is only when it surely holds nothing of a masked
 * column. Where that is not sure, it is masked whole.
 */

/** What hides most wins where several masks meet. */
const strictness: Readonly<Record<MaskKind, number>> = { partial: 0, hash: 1, redact: 2, null: 3 };

function strictest(masks: readonly AppliedMask[]): AppliedMask | undefined {
  return masks.reduce<AppliedMask | undefined>(
    (most, mask) => (most === undefined || strictness[mask.with] > strictness[most.with] ? mask : most),
    undefined,
  );
}

/** The masks of one decision, held against the catalog. Made for one version of the catalog and then dropped. */
export class MaskMap {
  readonly #masks: readonly { readonly mask: AppliedMask; readonly matches: (column: string) => boolean }[];
  readonly #catalog: Catalog;
  readonly #byRelation = new Map<number, ReadonlyMap<number, AppliedMask>>();

  constructor(masks: readonly AppliedMask[], catalog: Catalog) {
    this.#masks = masks.map((mask) => ({ mask, matches: compilePatterns(mask.columns) }));
    this.#catalog = catalog;
  }

  /** The strictest of all: for what may hold anything. */
  get strictest(): AppliedMask | undefined {
    return strictest(this.#masks.map(({ mask }) => mask));
  }

  /** The masked columns of a relation, by attribute number. */
  of(relation: CatalogRelation): ReadonlyMap<number, AppliedMask> {
    const known = this.#byRelation.get(relation.oid);
    if (known !== undefined) return known;
    // While a circle of views is being followed, the second visit finds nothing and adds nothing.
    this.#byRelation.set(relation.oid, new Map());
    const masked = new Map<number, AppliedMask>();
    const through = strictest(this.#readThrough(relation));
    const family = this.#family(relation);
    for (const [attribute, column] of relation.columns) {
      const own = this.#masks.filter(({ matches }) =>
        family.some(({ schema, name }) => matches(qualify(schema, name, column))),
      );
      const mask = strictest([
        ...own.map(({ mask: each }) => each),
        ...(through === undefined ? [] : [through]),
      ]);
      if (mask !== undefined) masked.set(attribute, mask);
    }
    this.#byRelation.set(relation.oid, masked);
    return masked;
  }

  /** Masks of what a view reads: they hold for every column of it, since any may be made of them. */
  #readThrough(relation: CatalogRelation): readonly AppliedMask[] {
    const found: AppliedMask[] = [];
    if (relation.definition === undefined) return found;
    // pg_depend tells the columns that a query names, and nothing of a row that it takes whole.
    const whole = takesWholeRows(relation.definition);
    for (const [oid, attribute] of relation.refersTo) {
      const read = this.#catalog.relation(oid);
      if (read === undefined) {
        found.push(...this.#masks.map(({ mask }) => mask));
        continue;
      }
      const masked = this.of(read);
      const mask = masked.get(attribute);
      if (whole) found.push(...masked.values());
      else if (mask !== undefined) found.push(mask);
    }
    return found;
  }

  /** Parents and children at any distance: a mask on one holds for the column of that name in all. */
  #family(relation: CatalogRelation): readonly CatalogRelation[] {
    const family = new Map([[relation.oid, relation]]);
    for (const each of family.values()) {
      for (const oid of [...each.parents, ...each.children]) {
        const relative = this.#catalog.relation(oid);
        if (relative !== undefined) family.set(oid, relative);
      }
    }
    return [...family.values()];
  }
}

/** What a text may show of masked columns, apart from the columns that the server names itself. */
export interface Exposure {
  /** For a result column of unknown origin; undefined: it is clean. */
  readonly computed: AppliedMask | undefined;
  /** Whether anything that the text reads is masked at all. */
  readonly touches: boolean;
}

export function exposureOf(reading: Reading, map: MaskMap, catalog: Catalog): Exposure {
  const masked = new Map<string, AppliedMask[]>();
  let unknown = false;
  for (const name of reading.relations) {
    const relation = relationOf(name, catalog);
    if (relation === undefined || isTemporary(relation.schema)) {
      unknown = true;
      continue;
    }
    for (const [attribute, mask] of map.of(relation)) {
      const column = relation.columns.get(attribute) ?? '';
      masked.set(column, [...(masked.get(column) ?? []), mask]);
    }
  }
  if (reading.opaque || unknown) return { computed: map.strictest, touches: true };
  if (masked.size === 0) return { computed: undefined, touches: false };
  const loose = reading.wholeRow || reading.facts.some((each) => each.hasStar || each.renamesColumns);
  const flowing = loose
    ? [...masked.values()].flat()
    : reading.facts.flatMap((each) => each.columnsNamed.flatMap((column) => masked.get(column) ?? []));
  return { computed: strictest(flowing), touches: true };
}

/** The mask of each result column; undefined where no column has one. */
export function planMasks(
  fields: readonly FieldDescription[],
  exposure: Exposure,
  map: MaskMap,
  catalog: Catalog,
): readonly (AppliedMask | undefined)[] | undefined {
  const plan = fields.map((field) => {
    if (field.tableOid === 0) return exposure.computed;
    const relation = catalog.relation(field.tableOid);
    if (relation === undefined) return exposure.touches ? map.strictest : systemRelation(field.tableOid, map);
    // A temporary table may have been filled from masked columns: nothing in it is sure.
    if (isTemporary(relation.schema)) return map.strictest;
    const masked = map.of(relation);
    // Attribute number 0 is the row as a whole (markTargetListOrigin in parse_target.c), below are system columns.
    return field.attributeNumber === 0 ? strictest([...masked.values()]) : masked.get(field.attributeNumber);
  });
  return plan.some((mask) => mask !== undefined) ? plan : undefined;
}

/** OIDs below 16384 are PostgreSQL's own catalogs (FirstNormalObjectId in transam.h), which no resolution asked about. */
function systemRelation(oid: number, map: MaskMap): AppliedMask | undefined {
  return oid < 16384 ? undefined : map.strictest;
}

const wholeRowViews = new Map<string, boolean>();

/** pg_get_viewdef() spells stars out and writes a whole row as `alias.*`. */
function takesWholeRows(definition: string): boolean {
  let whole = wholeRowViews.get(definition);
  if (whole === undefined) {
    const { statements, undecidable } = analyzeSql(definition);
    whole = undecidable !== undefined || statements.some((each) => each.hasStar || each.wholeRow);
    if (wholeRowViews.size > 1000) wholeRowViews.clear();
    wholeRowViews.set(definition, whole);
  }
  return whole;
}

function relationOf(name: string, catalog: Catalog): CatalogRelation | undefined {
  const [schema, bare] = segmentsOf(name) ?? [];
  return schema === undefined || bare === undefined ? undefined : catalog.qualified(schema, bare);
}
