import type { Flow, Lineage, Operand, Origin, Use } from './lineage.ts';
import type { LineageCatalog, LineageColumn, LineageFunction, LineageRelation } from './lineage-catalog.ts';

const typeOids: Readonly<Record<string, number>> = {
  bool: 16,
  int8: 20,
  int: 23,
  text: 25,
  json: 114,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
  'text[]': 1009,
  'int[]': 1007,
};

type RelationFacts = Partial<Pick<LineageRelation, 'kind' | 'keys' | 'query'>>;

/** A catalog made of words. Everything is in the schema public unless it says otherwise. */
export class FixtureCatalog implements LineageCatalog {
  readonly #relations = new Map<string, LineageRelation>();
  readonly #functions: LineageFunction[] = [];
  readonly operators = new Set<string>();
  readonly types = new Set<string>();
  readonly plainTypes = new Set<string>();
  #oid = 20_000;

  /** @param columns `name type, name type=1,2` (generated from attributes 1 and 2) */
  add(name: string, columns: string, facts: RelationFacts = {}, schema = 'public'): this {
    this.#oid++;
    const list = columns.split(/, (?=\w)/).map((column, index): LineageColumn => {
      const [columnName = '', rest = 'text'] = column.split(' ');
      const [type = 'text', from] = rest.split('=');
      const generatedFrom = from?.split('/').map(Number);
      return {
        name: columnName,
        attribute: index + 1,
        type: typeOids[type] ?? 90_000,
        ...(generatedFrom === undefined ? {} : { generatedFrom }),
      };
    });
    const { kind = facts.query === undefined ? 'table' : 'view', keys = [], query } = facts;
    const relation: LineageRelation = {
      oid: this.#oid,
      schema,
      name,
      kind,
      columns: list,
      keys,
      ...(query === undefined ? {} : { query, scope: this }),
    };
    this.#relations.set(`${schema}.${name}`, relation);
    return this;
  }

  addFunction(
    name: string,
    args: string,
    body: LineageFunction['body'],
    facts: Partial<LineageFunction> = {},
  ): this {
    this.#functions.push({
      schema: 'public',
      name,
      arguments: args === '' ? [] : args.split(' '),
      hasDefaults: false,
      variadic: false,
      returnsSet: false,
      isAggregate: false,
      columns: [],
      body,
      ...facts,
    });
    return this;
  }

  relation(schema: string | undefined, name: string): LineageRelation | undefined {
    return (
      this.#relations.get(`${schema ?? 'public'}.${name}`) ??
      this.#relations.get(`${schema ?? 'pg_catalog'}.${name}`)
    );
  }

  functions(schema: string | undefined, name: string): readonly LineageFunction[] {
    if (schema !== undefined && schema !== 'public') return [];
    return this.#functions.filter((each) => each.name === name);
  }

  hasUserOperator(name: string): boolean {
    return this.operators.has(name);
  }

  hasUserType(_schema: string | undefined, name: string): boolean {
    return this.types.has(name) || this.plainTypes.has(name);
  }

  isPlainType(_schema: string | undefined, name: string): boolean {
    return this.plainTypes.has(name);
  }

  columnName({ relation, attribute }: Pick<Origin, 'relation' | 'attribute'>): string {
    for (const each of this.#relations.values()) {
      if (each.oid !== relation) continue;
      const column = each.columns.find((one) => one.attribute === attribute);
      return `${each.name}.${column?.name ?? attribute}`;
    }
    return `${relation}.${attribute}`;
  }
}

/** A lineage in short lines: result columns, then uses, then writes, then flags. */
export function toldLineage(lineage: Lineage, catalog: FixtureCatalog, text: string): string[] {
  const bytes = Buffer.from(text);
  const origin = (each: Origin): string => {
    const name = catalog.columnName(each);
    if (each.how === 'copy') return name;
    return each.how === 'function'
      ? `${each.function.replace('pg_catalog.', '')}(${name})`
      : `${each.how}(${name})`;
  };
  const flow = ({ origins, anything }: Flow): string =>
    [...(anything ? ['ANYTHING'] : []), ...origins.map(origin).sort()].join(' ') || '-';
  const operand = (each: Operand): string => {
    switch (each.kind) {
      case 'literal':
      case 'array-literal':
        return bytes.toString('utf8', each.start, each.end);
      case 'null':
        return 'NULL';
      case 'parameter':
        return each.isArray ? `$${each.number}[]` : `$${each.number}`;
      case 'value':
        return `{${flow(each.flow)}}`;
    }
  };
  const use = (each: Use): string => {
    const what = `${each.place} ${each.kind} ${flow(each.value)}`;
    if (each.kind === 'equality') return `${what} = ${each.with.map(operand).join(', ')}`;
    if (each.kind === 'grouping') return each.key ? `${what} key` : what;
    return each.kind === 'risk' ? `${what} by ${each.by.replace('pg_catalog.', '')}` : what;
  };
  const flags = [
    ...(lineage.form === 'rows' ? [] : [lineage.form]),
    ...(lineage.code ? ['code'] : []),
    ...(lineage.keepsText ? ['keeps text'] : []),
    ...lineage.exposedParameters.map((number) => `exposed $${number}`),
    ...(lineage.refersTo === undefined
      ? []
      : [`refers to ${lineage.refersTo.kind} ${lineage.refersTo.name}`]),
    ...(lineage.refersTo?.kind === 'prepared'
      ? lineage.refersTo.arguments.map((each) => `with ${operand(each)}`)
      : []),
  ];
  return [
    ...lineage.columns.map((column) => `${column.name}: ${flow(column)}`),
    ...lineage.uses.map(use),
    ...lineage.writes.map(({ target, made, value }) => {
      const to =
        target === undefined
          ? `${made?.kind === 'shown' ? 'shown ' : made?.temporary ? 'temporary ' : 'made '}${made?.name}.${made?.column}`
          : catalog.columnName(target);
      return `write ${to} <- ${operand(value)}`;
    }),
    ...flags,
  ];
}
