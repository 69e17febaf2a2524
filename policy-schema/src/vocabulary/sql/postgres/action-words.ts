import type { Action } from '../../vocabulary.ts';

/** Facts of an action in the order that they are told in, table first. */
const told = ['table', 'function', 'parameter', 'object', 'name'] as const;

/**
 * An action in a line, for people and tests: `select public.customers[email,id]`, `call pg_catalog.pg_sleep`,
 * `create public.t (table)`. What the server does on its own account begins with `implied`.
 */
export function actionWords(action: Action): string {
  let words = action.implied ? `implied ${action.kind}` : action.kind;
  for (const fact of told) {
    const value = action.facts[fact];
    if (typeof value !== 'string') continue;
    if (fact === 'object') words += ` (${value})`;
    else if (fact === 'name') words += ` '${value}'`;
    else words += ` ${value}`;
    const { columns } = action.facts;
    if (fact === 'table' && typeof columns === 'object') words += `[${columns.toSorted().join(',')}]`;
  }
  return words;
}
