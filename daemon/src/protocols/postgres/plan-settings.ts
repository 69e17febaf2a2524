import type { StatementFacts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { Denial } from '../../core/passage.ts';

/**
 * Settings by which a client chooses how the server gets at rows (guc_tables.c, "Query Tuning"). The order in which rows
 * come without ORDER BY follows from that: read by an index, they come in the order of its values.
 */
const planSetting =
  /^(\*|enable_\w+|\w+_(page|tuple|index_tuple|operator|setup)_cost|geqo\w*|(from|join)_collapse_limit|plan_cache_mode|cursor_tuple_fraction|constraint_exclusion|effective_cache_size|min_parallel_\w+_scan_size|recursive_worktable_factor|default_statistics_target|debug_parallel_query|force_parallel_mode)$/;

/** They outlive the session, and so do the settings in them. */
const keptSettings: ReadonlySet<string> = new Set([
  'AlterRoleSetStmt',
  'AlterDatabaseSetStmt',
  'AlterSystemStmt',
]);

export function isPlanSetting(parameter: string): boolean {
  return planSetting.test(parameter.toLowerCase());
}

/** Whether a text chooses how rows are got at, for itself or for later ones. */
export function choosesPlans(facts: readonly StatementFacts[]): boolean {
  return facts.some(
    ({ node, session }) =>
      keptSettings.has(node) ||
      session.some((effect) => effect.kind === 'set' && isPlanSetting(effect.parameter)),
  );
}

export const planSettingDenial: Denial = {
  cause: 'policy',
  message:
    'Gatehouse: while columns are masked, how the server gets at rows cannot be chosen: the order in which they come would tell of masked values',
  hint: 'Leave the setting as it is.',
};
