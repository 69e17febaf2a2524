import type {
  FunctionAction,
  NameReference,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { builtinEffect } from '@gatehouse/policy-schema/vocabulary/sql/postgres/functions.ts';
import { firstUserOid } from './catalog/question-parts.ts';
import type { CatalogRelation } from './catalog-probe.ts';

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

const known = new Map<string, boolean>();
/** Definitions kept before all are read anew. */
const maxKnown = 1000;

/**
 * Whether the query of a view may read what it does not name, which the catalog's dependencies leave out as they name no
 * objects of PostgreSQL itself: by a function that runs queries or reads files, or from samples of columns.
 * @param definition as pg_get_viewdef() writes it
 */
export function viewReachesOut(definition: string): boolean {
  let reaches = known.get(definition);
  if (reaches === undefined) {
    const { statements, undecidable } = analyzeSql(definition);
    reaches =
      undecidable !== undefined ||
      statements
        .flatMap((each) => each.actions)
        .some(
          (action) =>
            (action.of === 'function' && reachesOut(action)) ||
            (action.of === 'relation' && isBuiltin(action.relation) && holdsMore(action.relation.name)),
        );
    if (known.size >= maxKnown) known.clear();
    known.set(definition, reaches);
  }
  return reaches;
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
