import type { Choices } from './choices.ts';
import type { Column, Kind } from './relations.ts';

/** Where an expression stands. */
export interface Place {
  readonly choices: Choices;
  /** What it may name. */
  readonly columns: readonly Column[];
  /** Names of relations, whose rows may be taken whole. */
  readonly rows: readonly string[];
  readonly depth: number;
  /** Only what is not masked, as one who knows the masks would ask. */
  readonly open: boolean;
  /** A query with one column. */
  subquery(kind: Kind, place: Place): string;
}

const literals: Readonly<Record<Kind, readonly [string, ...string[]]>> = {
  text: ["'m'", "'Lyon'", "'nobody@nowhere.example'", 'NULL::text'],
  number: ['1', '7', '0', '50000000', 'NULL::int'],
  boolean: ['true', 'false'],
  date: ["DATE '2026-03-01'", "DATE '1980-06-15'"],
  json: [`'{}'::jsonb`, `'{"a": 1}'::jsonb`],
};

/** A column, or a literal where there is none. */
export function column(kind: Kind, { choices, columns, open }: Place): string {
  const fitting = columns.filter((each) => each.kind === kind && !(open && each.masked));
  const [first, ...others] = fitting.map(({ sql }) => sql);
  return first === undefined ? choices.one(literals[kind]) : choices.one([first, ...others]);
}

export function anyKind(choices: Choices): Kind {
  return choices.one(['text', 'text', 'number', 'boolean', 'date', 'json', 'text']);
}

export function expression(kind: Kind, place: Place): string {
  const { choices } = place;
  if (place.depth <= 0 || !choices.chance(45)) {
    return choices.chance(15) ? choices.one(literals[kind]) : column(kind, place);
  }
  const inner: Place = { ...place, depth: place.depth - 1 };
  const sub = (of: Kind) => expression(of, inner);
  if (choices.chance(25)) {
    return choices.one<() => string>([
      () => `coalesce(${sub(kind)}, ${sub(kind)})`,
      () => `CASE WHEN ${sub('boolean')} THEN ${sub(kind)} ELSE ${sub(kind)} END`,
      () => `nullif(${sub(kind)}, ${sub(kind)})`,
      () => `(SELECT ${sub(kind)})`,
      () => place.subquery(kind, inner),
      () => (kind === 'json' ? sub('json') : `greatest(${sub(kind)}, ${sub(kind)})`),
    ])();
  }
  return choices.one(makers[kind])(sub, place);
}

type Maker = (sub: (kind: Kind) => string, place: Place) => string;

const any = (sub: (kind: Kind) => string, { choices }: Place) => sub(anyKind(choices));
const row: Maker = (sub, { choices, rows, open }) => {
  const [first, ...others] = rows;
  return first === undefined || open
    ? `ROW(${sub('text')}, ${sub('number')})`
    : choices.one([first, ...others]);
};

const makers: Readonly<Record<Kind, readonly [Maker, ...Maker[]]>> = {
  text: [
    (sub) => `upper(${sub('text')})`,
    (sub) => `(${sub('text')} || ${sub('text')})`,
    (sub) => `substr(${sub('text')}, 1, 3)`,
    (sub) => `left(${sub('text')}, 4)`,
    (sub) => `reverse(${sub('text')})`,
    (sub) => `md5(${sub('text')})`,
    (sub) => `${sub('text')}::varchar`,
    (sub) => `(${sub('number')})::text`,
    (sub) => `(${sub('date')})::text`,
    (sub, place) => `concat(${any(sub, place)}, '-', ${any(sub, place)})`,
    (sub, place) => `format('%s/%s', ${any(sub, place)}, ${sub('text')})`,
    (sub) => `replace(${sub('text')}, 'a', 'b')`,
    (sub) => `split_part(${sub('text')}, '@', 1)`,
    (sub) => `translate(${sub('text')}, 'abc', 'xyz')`,
    (sub) => `(${sub('json')} ->> 'diagnosis')`,
    (sub, place) => `(${row(sub, place)})::text`,
    (sub) => `(ARRAY[${sub('text')}, ${sub('text')}])[2]`,
    (sub) => `array_to_string(ARRAY[${sub('text')}, ${sub('text')}], ',')`,
    (sub, place) => `to_json(${any(sub, place)})::text`,
    (sub) => `encode(convert_to(${sub('text')}, 'UTF8'), 'hex')`,
    (sub) => `shout(${sub('text')})`,
    (sub) => `mail_of((${sub('number')})::int)`,
    () => 'mail_atomic(3)',
    () => 'mail_in_code(3)',
    (sub) => `regexp_replace(${sub('text')}, '[aeiou]', '')`,
    (sub) => `lpad(${sub('text')}, 5)`,
  ],
  number: [
    (sub) => `length(${sub('text')})`,
    (sub) => `(${sub('number')} + ${sub('number')})`,
    (sub) => `(${sub('number')} * 2)`,
    (sub) => `abs(${sub('number')})`,
    (sub) => `strpos(${sub('text')}, 'a')`,
    (sub) => `ascii(${sub('text')})`,
    (sub) => `num_nulls(${sub('text')}, ${sub('number')})`,
    (sub) => `extract(year FROM ${sub('date')})`,
    (sub) => `(100 / ${sub('number')})`,
    (sub) => `round(${sub('number')})`,
    (sub) => `(${sub('date')} - ${sub('date')})`,
    (sub, place) => `pg_column_size(${any(sub, place)})`,
    (sub) => `(${sub('text')})::int`,
    (sub) => `hashtext(${sub('text')})`,
  ],
  boolean: [
    (sub) => `(${sub('text')} = ${sub('text')})`,
    (sub, place) => `(${any(sub, place)} IS NULL)`,
    (sub) => `(${sub('text')} IN ('{email 3}', '{email 7}'))`,
    (sub) => `(${sub('number')} < ${sub('number')})`,
    (sub) => `(${sub('boolean')} AND ${sub('boolean')})`,
    (sub) => `(${sub('boolean')} OR NOT ${sub('boolean')})`,
    (sub) => `(${sub('text')} LIKE '%k%')`,
    (sub) => `(${sub('text')} IS DISTINCT FROM ${sub('text')})`,
    (sub) => `(${sub('date')} > DATE '1980-06-15')`,
    (sub) => `(${sub('number')} BETWEEN ${sub('number')} AND ${sub('number')})`,
    (sub, place) => `(${sub('text')} IN ${place.subquery('text', place)})`,
    (sub, place) => `(${sub('number')} = ANY ${place.subquery('number', place)})`,
    (_, place) => `EXISTS ${place.subquery('number', place)}`,
    (sub) => `is_mail(${sub('text')})`,
    (sub) => `(${sub('text')} === ${sub('text')})`,
  ],
  date: [
    (sub) => `(${sub('date')} + 1)`,
    (sub) => `date_trunc('month', ${sub('date')})::date`,
    (sub) => `make_date(2026, 1, (${sub('number')})::int)`,
  ],
  json: [
    (sub, place) => `to_jsonb(${any(sub, place)})`,
    (sub, place) => `jsonb_build_object('k', ${any(sub, place)}, 'l', ${sub('text')})`,
    (sub, place) => `jsonb_build_array(${any(sub, place)}, ${sub('number')})`,
    (sub, place) => `to_jsonb(${row(sub, place)})`,
    (sub, place) => `row_to_json(${row(sub, place)})::jsonb`,
    (sub) => `(${sub('json')} -> 'diagnosis')`,
    (sub) => `(${sub('json')} || ${sub('json')})`,
  ],
};

/** Over all rows of a group. */
export function aggregate(kind: Kind, place: Place): string {
  const { choices } = place;
  const inner = { ...place, depth: place.depth - 1 };
  const sub = (of: Kind) => expression(of, inner);
  const filter = choices.chance(15) ? ` FILTER (WHERE ${condition(inner)})` : '';
  const by = column('number', { ...place, open: true });
  switch (kind) {
    case 'text':
      return `${choices.one([
        `max(${sub('text')})`,
        `min(${sub('text')})`,
        `string_agg(${sub('text')}, ',' ORDER BY ${by})`,
      ])}${filter}`;
    case 'number':
      return choices.one<() => string>([
        () => `count(*)${filter}`,
        () => `count(${any(sub, place)})${filter}`,
        () => `count(DISTINCT ${sub('text')})${filter}`,
        () => `sum(${sub('number')})${filter}`,
        () => `max(${sub('number')})${filter}`,
        () => `round(avg(${sub('number')})${filter}, 2)`,
      ])();
    case 'boolean':
      return `${choices.one(['bool_or', 'every'])}(${sub('boolean')})${filter}`;
    case 'date':
      return `${choices.one(['min', 'max'])}(${sub('date')})${filter}`;
    case 'json':
      return `jsonb_agg(${any(sub, place)} ORDER BY ${by})${filter}`;
  }
}

/** With windows that a client could think of. */
export function windowed(kind: Kind, place: Place): string {
  const { choices } = place;
  const open = { ...place, open: true };
  const value = column(kind, place);
  if (choices.chance(30)) {
    // Rows of partitions by tokens are taken in the order of what these stand for, and no two orders give the same.
    const over = `(PARTITION BY ${column('text', place)})`;
    return kind === 'number' ? `count(${value}) OVER ${over}` : aggregateOver(kind, value, over);
  }
  const over = `(PARTITION BY ${column('text', open)} ORDER BY ${column('number', open)})`;
  if (kind === 'number' && choices.chance(50)) return `${choices.one(['row_number', 'rank'])}() OVER ${over}`;
  return `${choices.one(['lag', 'lead', 'first_value', 'last_value'])}(${value}) OVER ${over}`;
}

function aggregateOver(kind: Kind, value: string, over: string): string {
  if (kind === 'json') return `to_jsonb(count(${value}) OVER ${over})`;
  return `${kind === 'boolean' ? 'bool_or' : 'max'}(${value}) OVER ${over}`;
}

/** Mostly of what is open, or by tokens: otherwise nearly all would be refused. */
export function condition(place: Place): string {
  const { choices, columns } = place;
  const [token, ...others] = columns.filter((each) => each.token !== undefined);
  if (token !== undefined && choices.chance(25)) {
    const { sql } = choices.one([token, ...others]);
    const other = choices.one([token, ...others]).sql;
    return choices.one([
      `${sql} = '{email 3}'`,
      `${sql} IN ('{email 1}', '{email 3}')`,
      `${sql} <> '{email 4}'`,
      `${sql} = ${other}`,
      `${sql} IS NOT NULL`,
      `${sql} = ANY (ARRAY['{email 2}', '{email 5}'])`,
    ]);
  }
  return expression('boolean', { ...place, open: !choices.chance(12) });
}
