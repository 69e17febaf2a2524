import type { Node, SortBy } from 'libpg-query';
import { strings } from '../ast.ts';
import { isUserOperator } from './conditions.ts';
import type { Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import type { Scope } from './scope.ts';

/** ORDER BY of an aggregate or a window, where names are those of columns of FROM. */
export function readSortKeys(nodes: readonly Node[] | undefined, scope: Scope, reader: LineageReader): void {
  for (const node of nodes ?? []) {
    if (!('SortBy' in node) || node.SortBy.node === undefined) continue;
    const value = reader.value(node.SortBy.node, scope);
    reader.used('condition', 'ORDER BY', value);
    checkSortOperator(node.SortBy, value, scope, reader);
  }
}

/** ORDER BY … USING operator. */
export function checkSortOperator(
  { useOp }: SortBy,
  value: Value,
  scope: Scope,
  reader: LineageReader,
): void {
  if (useOp === undefined || !isUserOperator(strings(useOp), value.type, value.type, scope)) return;
  reader.risk('operator', [value], strings(useOp).join('.'));
  reader.unread();
}
