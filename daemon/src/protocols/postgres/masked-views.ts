import type {
  LineageCatalog,
  LineageFunction,
  LineageRelation,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import type { MaskMap } from './mask-map.ts';

/** The catalog with those columns of views as origins of values of which masks speak by the view's name. */
export class MaskedViews implements LineageCatalog {
  readonly #catalog: LineageCatalog;
  readonly #map: MaskMap;

  constructor(catalog: LineageCatalog, map: MaskMap) {
    this.#catalog = catalog;
    this.#map = map;
  }

  relation(schema: string | undefined, name: string): LineageRelation | undefined {
    const found = this.#catalog.relation(schema, name);
    if (found?.kind !== 'view') return found;
    const own = this.#map.ofView(found.oid);
    if (own === 'whole') return { ...found, kind: 'table', keys: [] };
    const scoped = found.scope === undefined ? found : { ...found, scope: this.#inside(found.scope) };
    if (own === 'none') return scoped;
    const columns = found.columns.map((column) =>
      own.has(column.attribute) ? { ...column, own: true as const } : column,
    );
    return { ...scoped, columns };
  }

  functions(schema: string | undefined, name: string): readonly LineageFunction[] {
    return this.#catalog.functions(schema, name).map((each) => {
      const { body } = each;
      return body.kind === 'unread' ? each : { ...each, body: { ...body, scope: this.#inside(body.scope) } };
    });
  }

  hasUserOperator(name: string, left?: number, right?: number): boolean {
    return this.#catalog.hasUserOperator(name, left, right);
  }

  hasUserType(schema: string | undefined, name: string, from?: number): boolean {
    return this.#catalog.hasUserType(schema, name, from);
  }

  isPlainType(schema: string | undefined, name: string): boolean {
    return this.#catalog.isPlainType?.(schema, name) === true;
  }

  #inside(scope: LineageCatalog): LineageCatalog {
    return new MaskedViews(scope, this.#map);
  }
}
