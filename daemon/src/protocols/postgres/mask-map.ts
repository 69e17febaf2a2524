import { strictestMask } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { compilePatterns, qualify, segmentsOf } from '@gatehouse/policy-schema/model/pattern.ts';
import type {
  BaseColumn,
  NamedColumn,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { CatalogView } from './catalog.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import type { CatalogRelation } from './catalog-probe.ts';
import type { Masks } from './judge/masks.ts';
import { holdsSamples, viewReachesOut } from './mask-view-query.ts';
import { isTemporary, temporarySchema } from './session-names.ts';
import { TypeOid } from './type-oids.ts';

/** How lineage is to take a view: as what it is made of, as a table that nothing masked is behind, or with these columns as origins of their own besides. */
export type ViewMasks = 'none' | 'whole' | ReadonlySet<number>;

/** Types of which equal values have equal hashes, and others not. */
const hashedTypes: ReadonlySet<number> = new Set([
  TypeOid.text,
  TypeOid.varchar,
  TypeOid.bpchar,
  TypeOid.name,
  TypeOid.jsonb,
]);

/** Of a pattern, with its quotes; a pattern without dots has none. */
const firstSegment = /^(?:"(?:[^"]|"")*"|[^".]*)(?=\.)/;
const lastSegment = /\.(?:"(?:[^"]|"")*"|[^".]*)$/;

/** A star stands for the dots behind a table, too. */
function upToLastStar(pattern: string): string {
  return pattern.slice(0, pattern.lastIndexOf('*') + 1);
}

export interface MaskMapOptions {
  /** Code that nobody read may have filled temporary tables with anything. */
  readonly doubtsTemporary: boolean;
  /** Whether values of a type have tokens; they are shown as NULL otherwise. */
  readonly hasTokens: (typeOid: number) => boolean;
}

/** The masks of one decision, held against the catalog. Made for one version of the catalog and then dropped. */
export class MaskMap implements Masks {
  readonly #masks: readonly { readonly mask: AppliedMask; readonly matches: (column: string) => boolean }[];
  readonly #all: readonly AppliedMask[];
  readonly #catalog: CatalogView;
  readonly doubtsTemporary: boolean;
  readonly #hasTokens: (typeOid: number) => boolean;
  /** Masks that show nothing of a type, as the mask that says so. */
  readonly #nulls = new Map<AppliedMask, AppliedMask>();
  readonly #byRelation = new Map<number, ReadonlyMap<number, AppliedMask>>();
  readonly #behind = new Map<number, boolean>();

  constructor(masks: readonly AppliedMask[], catalog: CatalogView, options: MaskMapOptions) {
    this.#all = masks;
    this.#masks = masks.map((mask) => ({ mask, matches: compilePatterns(mask.columns) }));
    this.#catalog = catalog;
    this.doubtsTemporary = options.doubtsTemporary;
    this.#hasTokens = options.hasTokens;
  }

  of({ relation: oid, attribute }: BaseColumn): readonly AppliedMask[] | 'anything' {
    const relation = this.#catalog.relation(oid);
    // PostgreSQL's own catalogs that no resolution asked about; those that hold values of others are known to lineage.
    if (relation === undefined) return oid < firstUserOid ? [] : 'anything';
    if (this.isDoubtful(relation)) return 'anything';
    const masked = this.columns(relation);
    const attributes = attribute === 0 ? [...masked.keys()] : [attribute];
    return attributes.flatMap((each) => {
      const mask = masked.get(each);
      return mask === undefined
        ? []
        : [this.#effective(mask, this.typeOf({ relation: oid, attribute: each }))];
    });
  }

  /** Values of a type that has no tokens or hashes are shown as NULL, so nothing may tell which of them are equal. */
  #effective(mask: AppliedMask, type: number): AppliedMask {
    const shows =
      mask.with === 'tokenize' ? this.#hasTokens(type) : mask.with !== 'hash' || hashedTypes.has(type);
    if (shows) return mask;
    let shown = this.#nulls.get(mask);
    if (shown === undefined) {
      shown = { ...mask, with: 'null' };
      this.#nulls.set(mask, shown);
    }
    return shown;
  }

  named({ schema, name, column, temporary }: NamedColumn): readonly AppliedMask[] {
    const known = temporary ? temporarySchema : schema;
    const full = qualify(known ?? 'public', ...(column === '*' ? [name] : [name, column]));
    return this.#all.filter(({ columns }) =>
      columns.some((pattern) => {
        const told = known === undefined ? pattern.replace(firstSegment, '*') : pattern;
        const may = column === '*' ? [told.replace(lastSegment, ''), upToLastStar(told)] : [told];
        return compilePatterns(may)(full);
      }),
    );
  }

  nameOf({ relation: oid, attribute }: BaseColumn): string {
    const relation = this.#catalog.relation(oid);
    if (relation === undefined) return 'a column of an unknown relation';
    const column = attribute === 0 ? '*' : (relation.columns.get(attribute) ?? '?');
    return qualify(relation.schema, relation.name, column);
  }

  /** OID of the column's type, of a domain its base type's; 0 where it is not known. */
  typeOf({ relation: oid, attribute }: BaseColumn): number {
    const { facts } = this.#catalog;
    const type = facts.relation(oid)?.columns.find((each) => each.attribute === attribute)?.type ?? 0;
    return facts.userObjects?.baseType(type) ?? type;
  }

  isDoubtful({ schema }: CatalogRelation): boolean {
    return this.doubtsTemporary && isTemporary(schema);
  }

  /** The masked columns of a relation, by attribute number; of a view those that masks name, whatever it reads. */
  columns(relation: CatalogRelation): ReadonlyMap<number, AppliedMask> {
    const known = this.#byRelation.get(relation.oid);
    if (known !== undefined) return known;
    // Rows may hold rows of their own kind; the second visit finds nothing and adds nothing.
    this.#byRelation.set(relation.oid, new Map());
    const masked = new Map<number, AppliedMask>();
    const family = this.#family(relation);
    for (const [attribute, column] of relation.columns) {
      const mask = strictestMask([...this.#own(family, column), ...this.#held(relation, attribute)]);
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
      return embedded === undefined ? this.#all : [...this.columns(embedded).values()];
    });
  }

  /** What masks say of the columns of a view by the view's own name. */
  ofView(oid: number): ViewMasks {
    const relation = this.#catalog.relation(oid);
    if (relation === undefined) return 'none';
    const own = this.columns(relation);
    if (own.size === 0) return 'none';
    return this.readsMasked(relation) ? new Set(own.keys()) : 'whole';
  }

  /** Whether a view may hold anything of masked columns, whichever of its columns that is in. */
  readsMasked(relation: CatalogRelation): boolean {
    const { oid, kind, definition, runsCode, refersTo } = relation;
    // The views of PostgreSQL itself read no table of a user.
    if (oid < firstUserOid || (kind !== 'v' && kind !== 'm')) return false;
    const known = this.#behind.get(oid);
    if (known !== undefined) return known;
    this.#behind.set(oid, false);
    const found =
      definition === undefined ||
      runsCode ||
      viewReachesOut(definition) ||
      refersTo.some(([referred]) => {
        const read = this.#catalog.relation(referred);
        return read === undefined || this.columns(read).size > 0 || this.readsMasked(read);
      });
    this.#behind.set(oid, found);
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

export function relationOf(name: string, catalog: CatalogView): CatalogRelation | undefined {
  const [schema, bare] = segmentsOf(name) ?? [];
  return schema === undefined || bare === undefined ? undefined : catalog.qualified(schema, bare);
}
