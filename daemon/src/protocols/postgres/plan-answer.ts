import type { Plan } from '../../core/passage.ts';

/** What EXPLAIN (FORMAT JSON, SETTINGS) told. */
export interface Explained extends Plan {
  /** Settings of the planner that are not what PostgreSQL comes with, by name. */
  readonly settings: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Read the answer of EXPLAIN. Undefined: it holds no plan. */
export function readExplained(answer: string): Explained | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed.length === 0) return undefined;
  let [cost, rows] = [0, 0];
  const settings = new Map<string, string>();
  // Rules may have made several queries of one.
  for (const entry of parsed) {
    const plan = isFields(entry) ? entry.Plan : undefined;
    if (!isFields(plan)) return undefined;
    const own = { cost: plan['Total Cost'], rows: rowsOf(plan) };
    if (typeof own.cost !== 'number' || own.rows === undefined) return undefined;
    cost += own.cost;
    rows += own.rows;
    const { Settings: told } = entry as Fields;
    for (const [name, value] of Object.entries(isFields(told) ? told : {})) settings.set(name, String(value));
  }
  return { cost, rows, settings };
}

/** Rows that come back, or all that are written where those are more. */
function rowsOf(plan: Fields): number | undefined {
  const returned = plan['Plan Rows'];
  if (typeof returned !== 'number') return undefined;
  return Math.max(returned, rowsWritten(plan));
}

/** ModifyTable says how many rows it returns; what it writes comes from below it, or is pushed down to its own node. */
function rowsWritten(plan: Fields): number {
  const below = (Array.isArray(plan.Plans) ? plan.Plans : []).filter(isFields);
  let written = below.reduce((sum, each) => sum + rowsWritten(each), 0);
  if (plan['Node Type'] !== 'ModifyTable') return written;
  for (const each of below) {
    const relation = each['Parent Relationship'];
    const rows = each['Plan Rows'];
    if ((relation === 'Outer' || relation === 'Member') && typeof rows === 'number') written += rows;
  }
  return written;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the planner's costs are made of. Whoever may change these makes any statement cheap. */
const costSettings: ReadonlySet<string> = new Set([
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'cpu_tuple_cost',
  'cursor_tuple_fraction',
  'effective_cache_size',
  'parallel_setup_cost',
  'parallel_tuple_cost',
  'random_page_cost',
  'seq_page_cost',
]);

/** Settings that costs are made of, as one text; empty when all are what PostgreSQL comes with. */
export function costSettingsOf({ settings }: Explained): string {
  return [...settings]
    .filter(([name]) => costSettings.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ');
}

/** Names of those settings that this session has set by itself, on the way in or later. */
export const changedSettingsText = `SELECT s.name FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY[${[...costSettings].map((name) => `'${name}'`).join(', ')}]::pg_catalog.text[])
  AND s.source OPERATOR(pg_catalog.=) ANY (ARRAY['client', 'session', 'interactive']::pg_catalog.text[])
  ORDER BY 1`;
