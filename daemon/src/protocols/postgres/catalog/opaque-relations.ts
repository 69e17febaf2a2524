import { firstUserOid } from './question-parts.ts';

/** Catalogs of PostgreSQL that hold values of other tables' columns, or texts in which people wrote values. */
const reasons: Readonly<Record<string, string>> = {
  pg_statistic: 'values that ANALYZE took from columns',
  pg_statistic_ext_data: 'values that ANALYZE took from groups of columns',
  pg_stats: 'pg_statistic for people',
  pg_stats_ext: 'pg_statistic_ext_data for people',
  pg_stats_ext_exprs: 'values of expressions over columns',
  pg_stat_activity: 'what other sessions run, with their constants',
  pg_prepared_statements: 'texts of this session, in which tokens may have been turned back',
  pg_cursors: 'texts of this session, in which tokens may have been turned back',
  pg_backend_memory_contexts: 'beginnings of texts whose plans are kept',
  pg_largeobject: 'whatever was put into large objects',
};

/**
 * Whether a relation may hold anything that others do. Views over these are followed to them, and other views of
 * PostgreSQL to the functions that they call; pg_stat_statements is an extension, whose function nobody reads.
 */
export function isOpaque(relation: {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
}): boolean {
  // TOAST tables hold the large values of another table's columns.
  if (relation.kind === 't') return true;
  return (
    relation.oid < firstUserOid && relation.schema === 'pg_catalog' && Object.hasOwn(reasons, relation.name)
  );
}
