import type {
  FunctionAction,
  NameReference,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { builtinEffect } from '@gatehouse/policy-schema/vocabulary/sql/postgres/functions.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import type { CatalogRelation } from './catalog-probe.ts';

/** What the catalog's dependencies leave out about the query of a view: they name no objects of PostgreSQL itself. */
export interface ViewQuery {
  /** It may take a row as one value, so that no column is named that comes out of it. */
  readonly takesWholeRows: boolean;
  /** It may read what it does not name: by a function that runs queries or reads files, or from samples of columns. */
  readonly reaches: boolean;
}

/** Columns in which ANALYZE keeps values of other columns (chapter "System Catalogs"). */
const sampleColumns: Readonly<Record<string, RegExp>> = {
  pg_statistic: /^stavalues\d$/,
  pg_statistic_ext_data: /^stx(dmcv|dexpr)$/,
  pg_stats: /^(most_common_vals|histogram_bounds|most_common_elems|range_\w+_histogram)$/,
  pg_stats_ext: /^most_common_vals$/,
  pg_stats_ext_exprs: /^(most_common_vals|histogram_bounds|most_common_elems|range_\w+_histogram)$/,
};

/** Whether a column of PostgreSQL's own relations holds values of any table's columns. */
export function holdsSamples(relation: CatalogRelation, attribute: number): boolean {
  // TOAST tables hold the large values of another table's columns.
  if (relation.kind === 't') return true;
  if (relation.oid >= firstUserOid || relation.schema !== 'pg_catalog') return false;
  if (!Object.hasOwn(sampleColumns, relation.name)) return false;
  return sampleColumns[relation.name]?.test(relation.columns.get(attribute) ?? '') ?? false;
}

const known = new Map<string, ViewQuery>();
/** Definitions kept before all are read anew. */
const maxKnown = 1000;

/** Read a query as pg_get_viewdef() writes it: stars are spelled out, a whole row is `alias.*`. */
export function readViewQuery(definition: string): ViewQuery {
  let query = known.get(definition);
  if (query === undefined) {
    const { statements, undecidable } = analyzeSql(definition);
    const actions = statements.flatMap((each) => each.actions);
    query = {
      takesWholeRows: undecidable !== undefined || statements.some((each) => each.hasStar || each.wholeRow),
      reaches:
        undecidable !== undefined ||
        actions.some(
          (action) =>
            (action.of === 'function' && reachesOut(action)) ||
            (action.of === 'relation' && isBuiltin(action.relation) && holdsMore(action.relation.name)),
        ),
    };
    if (known.size >= maxKnown) known.clear();
    known.set(definition, query);
  }
  return query;
}

function isBuiltin({ schema }: NameReference): boolean {
  return schema === undefined || schema === 'pg_catalog';
}

function holdsMore(name: string): boolean {
  return Object.hasOwn(sampleColumns, name);
}

/** A built-in function that is an action of its own; those of users are among the dependencies. */
function reachesOut(action: FunctionAction): boolean {
  return (
    action.form !== 'attribute' &&
    isBuiltin(action.function) &&
    builtinEffect(action.function.name) === 'call'
  );
}
