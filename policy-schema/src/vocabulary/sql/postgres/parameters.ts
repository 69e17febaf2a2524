/** Old names that the server still takes (map_old_guc_names in guc.c). */
const oldNames: Readonly<Record<string, string>> = {
  sort_mem: 'work_mem',
  vacuum_mem: 'maintenance_work_mem',
  ssl_ecdh_curve: 'ssl_groups',
};

/** Parameters whose values are lists of names, which the server quotes one by one (GUC_LIST_QUOTE). */
const nameLists: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** The one spelling of a parameter. The server compares ASCII letters without case and takes old names. */
export function parameterName(text: string): string {
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return Object.hasOwn(oldNames, lower) ? (oldNames[lower] ?? lower) : lower;
}

/** A list of values as the server joins them (flatten_set_variable_args in guc_funcs.c). */
export function joinValues(parameter: string, values: readonly string[]): string {
  const quote = nameLists.has(parameter) ? quoteIdentifier : (value: string) => value;
  return values.map(quote).join(', ');
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
