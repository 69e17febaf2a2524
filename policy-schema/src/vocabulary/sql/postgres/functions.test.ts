import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtinEffect, functionEffect } from './functions.ts';

describe('built-in functions', () => {
  it('with a reach or an effect are calls', () => {
    const calls = `
      pg_read_file pg_read_binary_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_tmpdir pg_ls_archive_statusdir pg_stat_file
      lo_import lo_export lo_create lo_unlink lo_get lo_put lo_open lo_from_bytea loread lowrite
      query_to_xml query_to_xmlschema query_to_xml_and_xmlschema table_to_xml table_to_xmlschema schema_to_xml
      database_to_xml cursor_to_xml ts_stat ts_rewrite
      set_config pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_switch_wal pg_promote
      pg_create_restore_point pg_create_physical_replication_slot pg_create_logical_replication_slot
      pg_drop_replication_slot pg_replication_slot_advance pg_replication_origin_create pg_logical_emit_message
      pg_logical_slot_get_changes pg_logical_slot_peek_changes pg_advisory_lock pg_try_advisory_lock pg_advisory_xact_lock
      pg_advisory_unlock_all pg_notify nextval setval pg_sleep pg_sleep_for pg_sleep_until txid_current
      pg_current_xact_id pg_export_snapshot pg_stat_reset pg_stat_reset_shared pg_stat_get_activity
      pg_stat_get_backend_activity pg_hba_file_rules pg_show_all_file_settings pg_show_all_settings
      pg_log_backend_memory_contexts pg_import_system_collations pg_restore_relation_stats pg_clear_relation_stats
      pg_mcv_list_items binary_upgrade_create_empty_extension pg_backup_start brin_summarize_new_values
      gin_clean_pending_list plpgsql_call_handler textin pg_ident_file_mappings pg_get_wal_summarizer_state
    `;
    for (const name of calls.trim().split(/\s+/)) assert.equal(builtinEffect(name), 'call', name);
  });

  it('of the arguments alone are harmless', () => {
    const harmless = `
      lower upper length substring substr position overlay btrim concat concat_ws format replace regexp_replace
      string_agg array_agg json_agg jsonb_build_object row_to_json to_jsonb count sum avg min max
      now clock_timestamp statement_timestamp timeofday random gen_random_uuid uuidv7 uuidv4 date_trunc extract
      generate_series unnest row_number rank lag md5 sha256 encode decode convert_from to_tsvector ts_headline
      currval lastval current_setting current_database current_schema version pg_backend_pid pg_typeof
      pg_get_viewdef pg_get_functiondef pg_get_constraintdef has_table_privilege pg_relation_size pg_size_pretty
      obj_description format_type pg_table_is_visible inet_server_addr bernoulli system int4 text numeric
    `;
    for (const name of harmless.trim().split(/\s+/)) assert.equal(builtinEffect(name), 'harmless', name);
  });

  it('are known by name and schema alone', () => {
    assert.equal(builtinEffect('no_such_function'), undefined);
    assert.equal(functionEffect('pg_catalog', 'no_such_function'), 'call');
    assert.equal(functionEffect('public', 'lower'), 'call');
    assert.equal(functionEffect('information_schema', '_pg_truetypid'), 'harmless');
    assert.equal(functionEffect('information_schema', 'lower'), 'call');
    assert.equal(builtinEffect('__proto__'), undefined);
    assert.equal(builtinEffect('constructor'), undefined);
  });
});
