import type {
  Flow,
  Lineage,
  Operand,
  Origin,
  Use,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { ServerCatalog } from './server-catalog.ts';
import type { Outcome } from './worlds.ts';

/** Whether a lineage says more than nothing of the statement. */
export function saysAll({ code, form }: Lineage): boolean {
  return code || form === 'unknown';
}

/** Holds a lineage against what really changed when one column's values changed and no NULL came or went. */
export class Explainer {
  readonly #catalog: ServerCatalog;
  readonly #text: string;
  readonly #lineage: Lineage;
  readonly #isOrdered: boolean;
  readonly #uses: readonly Use[];

  /**
   * @param isOrdered the statement asks for an order of its rows
   * @param behind the lineages of the queries of views that the text names: their own uses are not told by it
   */
  constructor(
    catalog: ServerCatalog,
    text: string,
    lineage: Lineage,
    isOrdered: boolean,
    behind: readonly Lineage[],
  ) {
    this.#catalog = catalog;
    this.#text = text;
    this.#lineage = lineage;
    this.#isOrdered = isOrdered;
    this.#uses = [lineage, ...behind].flatMap(({ uses }) => uses);
  }

  #matches(origin: Origin, column: string): boolean {
    const [table, name] = column.split('.');
    const relation = this.#catalog.relation(undefined, table ?? '');
    if (relation === undefined || origin.relation !== relation.oid) return false;
    const attribute = relation.columns.find((each) => each.name === name)?.attribute;
    if (origin.attribute !== 0 && origin.attribute !== attribute) return false;
    // No NULL came or went, so that what tells only of NULL explains nothing.
    if (origin.how === 'null-test') return false;
    const counts = origin.how === 'function' && origin.function === 'pg_catalog.count';
    return !counts || /count\s*\(\s*DISTINCT/i.test(this.#text);
  }

  #flows({ origins, anything }: Flow, columns: ReadonlySet<string>): boolean {
    return anything || origins.some((origin) => [...columns].some((column) => this.#matches(origin, column)));
  }

  #operand(operand: Operand, columns: ReadonlySet<string>): boolean {
    return operand.kind === 'value' && this.#flows(operand.flow, columns);
  }

  /** Some use tells of the column, so that rows, their order and failures may depend on it. */
  uses(column: string): boolean {
    const columns = new Set([column]);
    return this.#uses.some((use) => {
      // A whole key stands beside it: nothing depends on it.
      if (use.kind === 'grouping' && use.key) return false;
      if (this.#flows(use.value, columns)) return true;
      return use.kind === 'equality' && use.with.some((operand) => this.#operand(operand, columns));
    });
  }

  /** The column and those that it is written into, which RETURNING shows. */
  #reached(column: string): ReadonlySet<string> {
    const reached = new Set([column]);
    for (const { target, value } of this.#lineage.writes) {
      if (target === undefined || !this.#operand(value, new Set([column]))) continue;
      const relation = this.#catalog.relations.find(({ oid }) => oid === target.relation);
      for (const { name, attribute, generatedFrom } of relation?.columns ?? []) {
        const isMeant = [0, attribute, ...(generatedFrom ?? [])].includes(target.attribute);
        if (isMeant) reached.add(`${relation?.name}.${name}`);
      }
    }
    return reached;
  }

  /** What the lineage has no word for, in words. */
  missing(column: string, before: Outcome, after: Outcome): string | undefined {
    if (this.uses(column)) return undefined;
    if (before.failure !== after.failure) return `fails: ${before.failure} and ${after.failure}`;
    if (before.count !== after.count || before.rows.length !== after.rows.length) {
      return `rows: ${before.count} and ${after.count}`;
    }
    const reached = this.#reached(column);
    const silent = [...before.names.keys()].filter((index) => {
      const flow = this.#lineage.columns[index];
      return flow === undefined || !this.#flows(flow, reached);
    });
    const shown = (rows: Outcome['rows']): readonly string[] => {
      const words = rows.map((row) => JSON.stringify(silent.map((index) => row[index])));
      // Where nothing asks for an order, it is the plan's, which may follow any index.
      return this.#isOrdered ? words : words.sort();
    };
    const others = shown(after.rows);
    const different = shown(before.rows).findIndex((row, index) => row !== others[index]);
    if (different !== -1) return `rows ${shown(before.rows)[different]} and ${others[different]}`;
    const written = this.#written(column);
    for (const [each, values] of before.left) {
      if (each === column || written.has(each)) continue;
      const now = after.left.get(each) ?? [];
      if (values.length !== now.length || values.some((value, index) => value !== now[index])) {
        return `written ${each}: ${values} and ${now}`;
      }
    }
    return undefined;
  }

  /** The columns that something of the column goes into, with those generated from it. */
  #written(column: string): ReadonlySet<string> {
    const [table, name] = column.split('.');
    const relation = this.#catalog.relation(undefined, table ?? '');
    const attribute = relation?.columns.find((each) => each.name === name)?.attribute ?? -1;
    const generated = (relation?.columns ?? []).filter(({ generatedFrom }) =>
      generatedFrom?.includes(attribute),
    );
    return new Set([...this.#reached(column), ...generated.map((each) => `${table}.${each.name}`)]);
  }
}
