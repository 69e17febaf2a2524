import { createHash } from 'node:crypto';
import pg from 'pg';
import type {
  Flow,
  Lineage,
  Operand,
  Origin,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { ServerCatalog } from './server-catalog.ts';
import type { Outcome } from './worlds.ts';

/** Columns whose values all go by other names in the renamed world. */
export const renamedColumns: ReadonlySet<string> = new Set([
  'users.email',
  'users.name',
  'orders.note',
  'orders.code',
  'links.label',
  'audit.msg',
]);

/** Another name for each value, and the same one for the same value: what a token is. */
export function renameValue(value: string): string {
  return `t${createHash('md5').update(value).digest('hex').slice(0, 9)}`;
}

/**
 * Says of a statement whether nothing in it may tell renamed columns from their own values: they are only shown, compared
 * for equality and grouped. Then renaming values and the constants beside them must rename the result and no more.
 */
export class Renaming {
  readonly #catalog: ServerCatalog;
  readonly #lineage: Lineage;

  constructor(catalog: ServerCatalog, lineage: Lineage) {
    this.#catalog = catalog;
    this.#lineage = lineage;
  }

  #isRenamed({ relation, attribute }: Origin): boolean {
    const table = this.#catalog.relations.find(({ oid }) => oid === relation);
    return (table?.columns ?? []).some(
      (column) =>
        (attribute === 0 || column.attribute === attribute) &&
        renamedColumns.has(`${table?.name}.${column.name}`),
    );
  }

  /** The renamed origins that tell more than whether a value is NULL, or how many there are. */
  #told({ origins }: Flow): readonly Origin[] {
    return origins.filter((origin) => {
      const counts = origin.how === 'function' && origin.function === 'pg_catalog.count';
      return !counts && origin.how !== 'null-test' && this.#isRenamed(origin);
    });
  }

  #isCopy(flow: Flow): boolean {
    return !flow.anything && flow.origins.every((origin) => origin.how === 'copy' && this.#isRenamed(origin));
  }

  #operandHolds(operand: Operand): boolean {
    return operand.kind !== 'value' || (operand.flow.origins.length > 0 && this.#isCopy(operand.flow));
  }

  /** Whether what is said above holds. */
  get holds(): boolean {
    const { uses, code, form, columns } = this.#lineage;
    if (code || form !== 'rows' || columns.some(({ anything }) => anything)) return false;
    return uses.every((use) => {
      if (use.value.anything) return false;
      if (use.kind === 'equality') {
        const flows = [use.value, ...use.with.flatMap((each) => (each.kind === 'value' ? each.flow : []))];
        if (flows.every((flow) => this.#told(flow).length === 0)) return true;
        return this.#isCopy(use.value) && use.with.every((each) => this.#operandHolds(each));
      }
      if (this.#told(use.value).length === 0) return true;
      return use.kind === 'grouping' && (use.key || this.#isCopy(use.value));
    });
  }

  /** The statement with the constants renamed that renamed columns are compared with. */
  rename(text: string): string {
    const changed = new Map<number, Operand>();
    for (const use of this.#lineage.uses) {
      if (use.kind !== 'equality' || this.#told(use.value).length === 0) continue;
      for (const operand of use.with) if ('start' in operand) changed.set(operand.start, operand);
    }
    let bytes = Buffer.from(text);
    for (const [start, operand] of [...changed].sort(([one], [other]) => other - one)) {
      if (!('end' in operand)) continue;
      const value =
        operand.kind === 'array-literal'
          ? `{${operand.value.slice(1, -1).split(',').map(renameValue)}}`
          : renameValue(operand.value);
      bytes = Buffer.concat([
        bytes.subarray(0, start),
        Buffer.from(pg.escapeLiteral(value)),
        bytes.subarray(operand.end),
      ]);
    }
    return bytes.toString();
  }

  /** What differs, in words, between the renamed result and the result of what was renamed. */
  different(plain: Outcome, renamed: Outcome): string | undefined {
    if (plain.failure !== renamed.failure) return `fails: ${plain.failure} and ${renamed.failure}`;
    const kinds = this.#lineage.columns.map((column) => {
      if (this.#told(column).length === 0) return 'same' as const;
      return this.#isCopy(column) ? ('renamed' as const) : ('other' as const);
    });
    const shown = (rows: Outcome['rows'], rename: boolean) =>
      rows
        .map((row) =>
          JSON.stringify(
            row.flatMap((cell, index) => {
              if (kinds[index] === 'other') return [];
              return [cell !== null && rename && kinds[index] === 'renamed' ? renameValue(cell) : cell];
            }),
          ),
        )
        .sort();
    const before = shown(plain.rows, true);
    const after = shown(renamed.rows, false);
    if (before.length !== after.length) return `rows: ${before.length} and ${after.length}`;
    const index = before.findIndex((row, at) => row !== after[at]);
    return index === -1 ? undefined : `rows ${before[index]} and ${after[index]}`;
  }
}
