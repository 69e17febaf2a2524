import { compilePatterns, qualify, segmentsOf } from '@gatehouse/policy-schema/model/pattern.ts';
import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { strictestMask } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import type { CatalogView } from './catalog.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import type { CatalogRelation } from './catalog-probe.ts';
import { holdsSamples, readViewQuery } from './mask-view-query.ts';
import type { Reading } from './reading.ts';
import { isTemporary } from './session-names.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/**
 * Which result columns are masked, first form: a column passes as it is only when it surely holds nothing of a masked
 * column. Where that is not sure, it is masked whole.
 */

/** The masks of one decision, held against the catalog. Made for one version of the catalog and then dropped. */
export class MaskMap {
  readonly #masks: readonly { readonly mask: AppliedMask; readonly matches: (column: string) => boolean }[];
  readonly #all: readonly AppliedMask[];
  readonly #catalog: CatalogView;
  readonly #byRelation = new Map<number, ReadonlyMap<number, AppliedMask>>();

  constructor(masks: readonly AppliedMask[], catalog: CatalogView) {
    this.#all = masks;
    this.#masks = masks.map((mask) => ({ mask, matches: compilePatterns(mask.columns) }));
    this.#catalog = catalog;
  }

  /** The strictest of all: for what may hold anything. */
  get strictest(): AppliedMask | undefined {
    return strictestMask(this.#all);
  }

  /** The masked columns of a relation, by attribute number. */
  of(relation: CatalogRelation): ReadonlyMap<number, AppliedMask> {
    const known = this.#byRelation.get(relation.oid);
    if (known !== undefined) return known;
    // While a circle of views is being followed, the second visit finds nothing and adds nothing.
    this.#byRelation.set(relation.oid, new Map());
    const masked = new Map<number, AppliedMask>();
    const through = this.#readThrough(relation);
    const family = this.#family(relation);
    for (const [attribute, column] of relation.columns) {
      const mask = strictestMask([
        ...this.#own(family, column),
        ...this.#held(relation, attribute),
        ...through,
      ]);
      if (mask !== undefined) masked.set(attribute, mask);
    }
    // A generated column cannot be made of another generated one.
    for (const [attribute, from] of relation.generated) {
      const mask = strictestMask(
        [masked.get(attribute), masked.get(from)].filter((each) => each !== undefined),
      );
      if (mask !== undefined) masked.set(attribute, mask);
    }
    this.#byRelation.set(relation.oid, masked);
    return masked;
  }

  /** Masks whose patterns name the column. */
  #own(family: readonly CatalogRelation[], column: string): readonly AppliedMask[] {
    return this.#masks
      .filter(({ matches }) => family.some(({ schema, name }) => matches(qualify(schema, name, column))))
      .map(({ mask }) => mask);
  }

  /** Masks of values that the column holds as they were elsewhere: rows of a table, samples that ANALYZE took. */
  #held(relation: CatalogRelation, attribute: number): readonly AppliedMask[] {
    if (holdsSamples(relation, attribute)) return this.#all;
    return relation.embeds.flatMap(([at, oid]) => {
      if (at !== attribute) return [];
      const embedded = this.#catalog.relation(oid);
      return embedded === undefined ? this.#all : [...this.of(embedded).values()];
    });
  }

  /** Masks of what a view reads: they hold for every column of it, since any may be made of them. */
  #readThrough(relation: CatalogRelation): readonly AppliedMask[] {
    // The views of PostgreSQL itself read no table of a user.
    if (relation.oid < firstUserOid || !isView(relation)) return [];
    if (relation.definition === undefined) return this.#all;
    const query = readViewQuery(relation.definition);
    if (relation.runsCode || query.reaches) return this.#all;
    const found: AppliedMask[] = [];
    for (const [oid, attribute] of relation.refersTo) {
      const read = this.#catalog.relation(oid);
      if (read === undefined) return this.#all;
      const masked = this.of(read);
      const mask = masked.get(attribute);
      // pg_depend tells the columns that a query names, and nothing of a row that it takes whole.
      if (query.takesWholeRows) found.push(...masked.values());
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

function isView({ kind }: CatalogRelation): boolean {
  return kind === 'v' || kind === 'm';
}

/** What a text may show of masked columns, apart from the columns that the server names itself. */
export interface Exposure {
  /** For a result column of unknown origin; undefined: it is clean. */
  readonly computed: AppliedMask | undefined;
  /** Whether anything that the text reads is masked at all. */
  readonly touches: boolean;
}

export function exposureOf(reading: Reading, map: MaskMap, catalog: CatalogView): Exposure {
  const masked = new Map<string, AppliedMask[]>();
  let unknown = false;
  let ruled = false;
  for (const name of reading.relations) {
    const relation = relationOf(name, catalog);
    if (relation === undefined || isTemporary(relation.schema)) {
      unknown = true;
      continue;
    }
    // Rules put other statements in the place of the one that names the table.
    if (relation.definition === undefined && relation.refersTo.length > 0) ruled = true;
    if (relation.definition === undefined && relation.runsCode) unknown = true;
    for (const [attribute, mask] of map.of(relation)) {
      const column = relation.columns.get(attribute) ?? '';
      masked.set(column, [...(masked.get(column) ?? []), mask]);
    }
  }
  if (reading.opaque || unknown) return { computed: map.strictest, touches: true };
  if (masked.size === 0) return { computed: undefined, touches: false };
  const loose =
    ruled || reading.wholeRow || reading.facts.some((each) => each.hasStar || each.renamesColumns);
  const flowing = loose
    ? [...masked.values()].flat()
    : reading.facts.flatMap((each) => each.columnsNamed.flatMap((column) => masked.get(column) ?? []));
  return { computed: strictestMask(flowing), touches: true };
}

/** The mask of each result column; undefined where no column has one. */
export function planMasks(
  fields: readonly FieldDescription[],
  exposure: Exposure,
  map: MaskMap,
  catalog: CatalogView,
): readonly (AppliedMask | undefined)[] | undefined {
  const plan = fields.map((field) => {
    if (field.tableOid === 0) return exposure.computed;
    const relation = catalog.relation(field.tableOid);
    if (relation === undefined) return exposure.touches ? map.strictest : systemRelation(field.tableOid, map);
    // A temporary table may have been filled from masked columns: nothing in it is sure.
    if (isTemporary(relation.schema)) return map.strictest;
    const masked = map.of(relation);
    // Attribute number 0 is the row as a whole (markTargetListOrigin in parse_target.c), below are system columns.
    return field.attributeNumber === 0
      ? strictestMask([...masked.values()])
      : masked.get(field.attributeNumber);
  });
  return plan.some((mask) => mask !== undefined) ? plan : undefined;
}

/** OIDs below 16384 are PostgreSQL's own catalogs (FirstNormalObjectId in transam.h), which no resolution asked about. */
function systemRelation(oid: number, map: MaskMap): AppliedMask | undefined {
  return oid < firstUserOid ? undefined : map.strictest;
}

export function relationOf(name: string, catalog: CatalogView): CatalogRelation | undefined {
  const [schema, bare] = segmentsOf(name) ?? [];
  return schema === undefined || bare === undefined ? undefined : catalog.qualified(schema, bare);
}
