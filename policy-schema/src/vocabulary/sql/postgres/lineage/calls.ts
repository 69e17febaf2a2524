import type { FuncCall, Node, WindowDef } from 'libpg-query';
import { strings } from '../ast.ts';
import { builtinEffect, functionEffect } from '../functions.ts';
import { anything, constant, copyOf, depends, type Field, type Value } from './flow.ts';
import { functionColumns } from './function-columns.generated.ts';
import { readSortKeys } from './sorting.ts';
import type { LineageReader } from './reader.ts';
import { fieldOf, type Scope } from './scope.ts';
import { type Argument, totalCall } from './total-functions.ts';
import { readUserFunctions } from './user-functions.ts';

/** Functions that act, and give nothing that is kept in tables. */
const acting: ReadonlySet<string> = new Set(
  `nextval setval set_config pg_sleep pg_sleep_for pg_sleep_until pg_notify pg_cancel_backend pg_terminate_backend
  pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared
  pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared
  pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_current_xact_id txid_current pg_export_snapshot
  pg_reload_conf pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_show_all_settings
  pg_available_extensions pg_available_extension_versions pg_lock_status pg_blocking_pids pg_config
  pg_sequence_last_value pg_tablespace_location pg_relation_filepath pg_is_wal_replay_paused
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_notification_queue_usage`
    .trim()
    .split(/\s+/),
);

/** It gives the text that runs, with what was put in the place of tokens. */
const tellsText: ReadonlySet<string> = new Set(['current_query']);

const columnsByFunction = new Map(
  functionColumns
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...columns] = line.split(' ');
      return [name, columns] as const;
    }),
);

/** What a call gives, with its arguments, ORDER BY, FILTER and OVER. */
export function readCall(call: FuncCall, scope: Scope, reader: LineageReader): Value {
  const nodes = (call.args ?? []).map(unnamed);
  const args = nodes.map((node) => ({ node, value: reader.value(node, scope) }));
  if (call.agg_within_group === true) {
    for (const node of call.agg_order ?? []) {
      const inner = 'SortBy' in node ? node.SortBy.node : undefined;
      if (inner !== undefined) args.push({ node: inner, value: reader.value(inner, scope) });
    }
  } else readSortKeys(call.agg_order, scope, reader);
  reader.condition(call.agg_filter, 'FILTER', scope);
  if (call.over !== undefined) readWindow(call.over, scope, reader);
  const parts = strings(call.funcname);
  const name = parts.at(-1) ?? '';
  // Of two rows it tells whether they are equal. Other aggregates do not pass without a mask on what they give.
  if (call.agg_distinct === true && name === 'count') {
    for (const { value } of args) if (copyOf(value) !== undefined) reader.used('grouping', 'DISTINCT', value);
  }
  return callByName(parts.at(-2), name, args, call, scope, reader);
}

function unnamed(node: Node): Node {
  return 'NamedArgExpr' in node && node.NamedArgExpr.arg !== undefined ? node.NamedArgExpr.arg : node;
}

/** A function of the server, of users, or (for one row as the only argument) a column of that row. */
export function callByName(
  schema: string | undefined,
  name: string,
  args: readonly Argument[],
  call: Pick<FuncCall, 'args' | 'agg_star' | 'func_variadic'>,
  scope: Scope,
  reader: LineageReader,
): Value {
  const [argument] = args;
  const field =
    schema === undefined && args.length === 1 && argument?.value.fields !== undefined
      ? fieldOf(argument.value.fields(), name, reader.flows)
      : undefined;
  const users = scope.root.catalog.functions(schema, name);
  const isOwn =
    schema === undefined || schema === 'pg_catalog'
      ? builtinEffect(name) !== undefined
      : schema === 'information_schema';
  const possible: Value[] = [];
  if (field !== undefined) possible.push(field);
  if (users.length > 0) {
    const named = (call.args ?? []).map((node) =>
      'NamedArgExpr' in node ? node.NamedArgExpr.name : undefined,
    );
    const given = readUserFunctions(users, args, named, call.func_variadic === true, reader);
    if (given !== undefined) possible.push(given);
  }
  if (isOwn) possible.push(callOwn(schema, name, args, call, reader));
  const [only, other] = possible;
  if (only === undefined) {
    reader.risk('function', valuesOf(args), schema === undefined ? name : `${schema}.${name}`);
    return reader.flows.made([...valuesOf(args), reader.unread()]);
  }
  return other === undefined ? only : reader.flows.made(possible);
}

const valuesOf = (args: readonly Argument[]) => args.map(({ value }) => value);

function callOwn(
  schema: string | undefined,
  name: string,
  args: readonly Argument[],
  call: Pick<FuncCall, 'agg_star' | 'func_variadic'>,
  reader: LineageReader,
): Value {
  const full = `${schema ?? 'pg_catalog'}.${name}`;
  const values = valuesOf(args);
  const { flows } = reader;
  if (tellsText.has(name)) return anything;
  const isKnown = functionEffect(schema ?? 'pg_catalog', name) === 'harmless';
  if (!isKnown && !acting.has(name)) {
    reader.risk('function', values, full);
    return withColumns(name, flows.made([...values, reader.unread()]));
  }
  if (name === 'count' && call.agg_star === true) return { ...constant, type: 20 };
  const isTotal = isKnown && schema !== 'information_schema' && call.func_variadic !== true;
  const facts = isTotal ? totalCall(name, args) : undefined;
  if (facts === undefined) {
    reader.risk('function', values, full);
    return withColumns(name, flows.made(values, { growth: values.length === 0 ? 1 : 1e6 }));
  }
  const result = { ...flows.made(values, facts), steady: values.every(({ steady }) => steady) };
  if (name === 'num_nulls' || name === 'num_nonnulls') {
    return { ...result, ...flows.together(values.map((value) => flows.nullTest(value))) };
  }
  const [value] = values;
  if (value === undefined || values.length > 1) return result;
  // A table's row as a whole is never NULL, so that counting rows tells of no column's value.
  const counted = name === 'count' && value.fields !== undefined;
  if (counted) {
    const origins = value.origins.map((origin) => flows.origin(origin, { how: 'function', function: full }));
    return { ...result, origins: [...new Set(origins)] };
  }
  if (copyOf(value) === undefined || mixing.has(name)) return result;
  return { ...result, ...flows.byFunction(value, full) };
}

/** Aggregates and window functions show values of the column themselves. */
const mixing: ReadonlySet<string> = new Set(
  'min max any_value array_agg json_agg json_agg_strict jsonb_agg jsonb_agg_strict first_value last_value lag lead mode'.split(
    ' ',
  ),
);

/** A row's columns, for functions that give rows. */
function withColumns(name: string, value: Value): Value {
  const columns = columnsByFunction.get(name);
  if (columns === undefined) return value;
  return {
    ...value,
    fields: () => columns.map((column): Field => ({ name: column, value })),
  };
}

/** OVER (…) and WINDOW … AS (…). */
export function readWindow(window: WindowDef, scope: Scope, reader: LineageReader): void {
  for (const node of window.partitionClause ?? []) {
    reader.used('grouping', 'PARTITION BY', reader.value(node, scope));
  }
  readSortKeys(window.orderClause, scope, reader);
  for (const node of [window.startOffset, window.endOffset]) {
    if (node !== undefined) reader.used('condition', 'ORDER BY', reader.value(node, scope));
  }
}

export function hasOwnColumns(name: string): boolean {
  return columnsByFunction.has(name);
}

export function isDependent(args: readonly Argument[]): boolean {
  return args.some(({ value }) => depends(value));
}
