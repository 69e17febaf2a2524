import type { Choices } from './choices.ts';
import { aggregate, anyKind, column, condition, expression, type Place, windowed } from './expressions.ts';
import { type Column, type Kind, type Relation, relation } from './relations.ts';

/** A query and the kinds of its columns, which are named c0, c1, … where it stands in FROM. */
export interface Query {
  readonly sql: string;
  readonly kinds: readonly Kind[];
}

/** @param more relations besides those of the schema, as temporary tables are */
export function queryOf(choices: Choices, more: readonly Relation[] = []): Query {
  const wide = 1 + choices.pick(4);
  const kinds = Array.from({ length: wide }, () => anyKind(choices));
  return { sql: query(choices, kinds, 3, [], more), kinds };
}

function query(
  choices: Choices,
  kinds: readonly Kind[],
  depth: number,
  outer: readonly Column[],
  more: readonly Relation[],
): string {
  const select = () => selectOf(choices, kinds, depth - 1, outer, more);
  const how = depth <= 0 ? 0 : choices.pick(100);
  if (how < 70) return selectOf(choices, kinds, depth, outer, more);
  if (how < 82) {
    const operation = choices.one(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'UNION ALL']);
    return `(${select()}) ${operation} (${select()})`;
  }
  const name = choices.name();
  const innerKinds = [...kinds, anyKind(choices)];
  if (how < 94) {
    const inner = query(choices, innerKinds, depth - 1, [], more);
    const body = selectOf(choices, kinds, depth - 1, outer, [
      ...more,
      made(name, innerKinds),
      made(name, innerKinds),
    ]);
    const materialized = choices.one(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED ']);
    return `WITH ${name} (${columnNames(innerKinds)}) AS ${materialized}(${inner}) ${body}`;
  }
  const numbered: readonly Kind[] = ['number', ...kinds];
  const list = kinds.map((_, index) => `${name}.c${index + 1}`);
  const first = selectOf(choices, kinds, 0, [], more);
  return `WITH RECURSIVE ${name} (${columnNames(numbered)}) AS (SELECT 1, y.* FROM (${first}) y UNION ALL SELECT c0 + 1, ${list} FROM ${name} WHERE c0 < 3) SELECT ${list} FROM ${name}`;
}

function columnNames(kinds: readonly Kind[]): string {
  return kinds.map((_, index) => `c${index}`).join(', ');
}

/** What a query makes, named in FROM; as it may hold anything masked, it is taken to. */
export function made(name: string, kinds: readonly Kind[]): Relation {
  return {
    sql: name,
    columns: kinds.map((kind, index) => ({
      sql: `c${index}`,
      kind,
      masked: kind === 'text' || kind === 'json',
    })),
  };
}

function source(
  choices: Choices,
  depth: number,
  outer: readonly Column[],
  more: readonly Relation[],
): { readonly from: Relation; readonly alias: string } {
  const alias = choices.name();
  const [known, ...others] = more;
  if (known !== undefined && choices.chance(60)) {
    const { sql, columns } = choices.one([known, ...others]);
    return { alias, from: { sql: `${sql} ${alias}`, columns: renamed(columns, alias) } };
  }
  if (depth <= 0 || !choices.chance(25)) return { alias, from: relation(choices.pick, alias) };
  const isLateral = outer.length > 0 && choices.chance(50);
  const kinds: readonly Kind[] = ['number', 'text', anyKind(choices)];
  const inner = query(choices, kinds, depth - 1, isLateral ? outer : [], more);
  return {
    alias,
    from: {
      sql: `${isLateral ? 'LATERAL ' : ''}(${inner}) ${alias} (${columnNames(kinds)})`,
      columns: renamed(made(alias, kinds).columns, alias),
    },
  };
}

function renamed(columns: readonly Column[], alias: string): readonly Column[] {
  return columns.map((each) => ({ ...each, sql: `${alias}.${each.sql}` }));
}

function selectOf(
  choices: Choices,
  kinds: readonly Kind[],
  depth: number,
  outer: readonly Column[],
  more: readonly Relation[],
): string {
  const first = source(choices, depth - 1, [], more);
  let from = first.from.sql;
  let columns = [...first.from.columns];
  const rows = [first.alias];
  const place = (): Place => ({
    choices,
    columns: [...columns, ...outer],
    rows,
    depth,
    open: choices.chance(30),
    subquery: (kind, { depth: left, columns: seen }) =>
      `(${query(choices, [kind], left - 1, seen, more)} LIMIT 1)`,
  });
  if (choices.chance(40)) {
    const second = source(choices, depth - 1, columns, more);
    const join = choices.one(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'CROSS JOIN']);
    const left = column('number', { ...place(), open: true });
    columns = [...columns, ...second.from.columns];
    rows.push(second.alias);
    const right = column('number', { ...place(), columns: second.from.columns, open: true });
    const on = join === 'FULL JOIN' || choices.chance(60) ? `${left} = ${right}` : condition(place());
    from += ` ${join} ${second.from.sql}${join === 'CROSS JOIN' ? '' : ` ON ${on}`}`;
  }
  const where = choices.chance(35) ? ` WHERE ${condition(place())}` : '';
  const how = choices.pick(100);
  if (how >= 80) {
    if (how < 88) return `SELECT ${kinds.map((kind) => aggregate(kind, place()))} FROM ${from}${where}`;
    const key = column(choices.one(['number', 'text']), { ...place(), open: !choices.chance(25) });
    const having = choices.chance(20) ? ` HAVING count(*) > 1` : '';
    const list = kinds.map((kind) => aggregate(kind, place()));
    return `SELECT ${list} FROM ${from}${where} GROUP BY ${key}${having} ORDER BY ${key}`;
  }
  const list = kinds.map((kind) => (choices.chance(7) ? windowed(kind, place()) : expression(kind, place())));
  const distinct = choices.chance(6) ? 'DISTINCT ' : '';
  const order =
    distinct === '' && choices.chance(25)
      ? ` ORDER BY ${column(choices.one(['number', 'text', 'date']), { ...place(), open: !choices.chance(12) })}`
      : '';
  const limit = order !== '' && choices.chance(30) ? ' LIMIT 4' : '';
  return `SELECT ${distinct}${list} FROM ${from}${where}${order}${limit}`;
}
