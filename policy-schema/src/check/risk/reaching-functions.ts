/** Functions whose reach is larger than their name says, and why no agent should call them on its own. */
import { compilePattern, segmentsOf } from '../../model/pattern.ts';
import { builtinEffect } from '../../vocabulary/sql/postgres/functions.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** By what they do, those of PostgreSQL and of its extensions. */
const reaches: Readonly<Record<string, string>> = {
  'reads files of the server': `pg_read_file pg_read_binary_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_tmpdir
    pg_ls_archive_statusdir pg_ls_replslotdir pg_ls_logicalsnapdir pg_ls_logicalmapdir pg_ls_summariesdir pg_stat_file
    lo_import pg_current_logfile pg_read_server_file`,
  'writes files of the server': 'lo_export pg_file_write pg_file_rename pg_file_unlink pg_file_sync',
  'reaches other databases, past every rule':
    'dblink dblink_connect dblink_connect_u dblink_exec dblink_open dblink_fetch dblink_send_query dblink_get_result',
  'runs a statement that it is given as text, past rules about tables': `query_to_xml query_to_xmlschema
    query_to_xml_and_xmlschema cursor_to_xml table_to_xml table_to_xml_and_xmlschema schema_to_xml
    schema_to_xml_and_xmlschema database_to_xml database_to_xml_and_xmlschema ts_stat crosstab connectby`,
  'sends requests over the network': 'http http_get http_post http_put http_delete http_patch http_head',
  'ends what other sessions do': 'pg_terminate_backend pg_cancel_backend',
  'changes settings, past rules about `set`': 'set_config pg_reload_conf',
  'reads all changes of all tables, past masks': `pg_logical_slot_get_changes pg_logical_slot_peek_changes
    pg_logical_slot_get_binary_changes pg_logical_slot_peek_binary_changes`,
  'reads pages of tables as bytes, past masks': 'get_raw_page heap_page_items pg_get_wal_records_info',
  'acts on the whole server': `pg_create_physical_replication_slot pg_create_logical_replication_slot
    pg_drop_replication_slot pg_promote pg_switch_wal pg_backup_start pg_backup_stop pg_rotate_logfile
    pg_replication_origin_create pg_wal_replay_pause pg_wal_replay_resume pg_export_snapshot`,
};

const byName: ReadonlyMap<string, string> = new Map(
  Object.entries(reaches).flatMap(([reach, names]) => words(names).map((name) => [name, reach] as const)),
);

/** What a function does that is named by its schema and name, if that is dangerous in the hands of an agent. */
export function reachOf(qualified: string): string | undefined {
  const name = segmentsOf(qualified)?.at(-1);
  return name === undefined ? undefined : byName.get(name);
}

const builtins = [...byName.keys()].filter((name) => builtinEffect(name) !== undefined);

/** Such functions of pg_catalog that a pattern matches. */
export function reachedBy(pattern: string): readonly string[] {
  const matches = compilePattern(pattern);
  return builtins.filter((name) => matches(`pg_catalog.${name}`));
}
