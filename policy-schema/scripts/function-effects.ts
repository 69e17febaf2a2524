/** What is written by hand about PostgreSQL's own functions; the rest follows from pg_proc. */

/**
 * Functions that touch nothing but their arguments and the clock, or tell of the session or of sizes only, though
 * PostgreSQL calls them volatile.
 */
export const harmlessVolatile: ReadonlySet<string> = new Set([
  'array_sample',
  'array_shuffle',
  'bernoulli',
  'clock_timestamp',
  'current_query',
  'currval',
  'gen_random_uuid',
  'lastval',
  'pg_collation_actual_version',
  'pg_database_collation_actual_version',
  'pg_database_size',
  'pg_indexes_size',
  'pg_is_in_recovery',
  'pg_jit_available',
  'pg_partition_ancestors',
  'pg_partition_tree',
  'pg_relation_size',
  'pg_table_size',
  'pg_tablespace_size',
  'pg_total_relation_size',
  'random',
  'random_normal',
  'setseed',
  'system',
  'timeofday',
  'uuidv4',
  'uuidv7',
]);

/** Functions that reach further than their volatility says: other statements, other tables, files, other sessions. */
export const reaching: readonly RegExp[] = [
  // Run a query, or read a table, that is named by a text.
  /^(query|table|cursor|schema|database)_to_xml/,
  /^ts_(stat|rewrite)$/,
  // Large objects and files.
  /^lo_/,
  /^lo(read|write)$/,
  /^pg_(read|ls|file)_/,
  /^pg_stat_file$/,
  /^pg_(show|hba|ident)_/,
  /^pg_(config|available_extensions|available_extension_versions|extension_update_paths)$/,
  /^pg_(relation_filepath|tablespace_location|tablespace_databases)$/,
  // Other sessions and the values that statistics hold.
  /^pg_stat_/,
  /^pg_mcv_list_items$/,
  /^pg_(cursor|prepared_statement|prepared_xact|lock_status)$/,
  /^pg_get_(replication_slots|publication_tables)$/,
  // Take a transaction number.
  /^(txid_current|pg_current_xact_id)$/,
  /^pg_event_trigger_/,
  // Look into the code of other functions.
  /_validator$/,
];
