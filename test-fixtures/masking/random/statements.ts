import type { Attack } from '../../corpora/masking/attack.ts';
import { Choices } from './choices.ts';
import { column, condition, expression, type Place } from './expressions.ts';
import { made, queryOf } from './queries.ts';
import { type Kind, type Relation, relation } from './relations.ts';

/**
 * A statement, or a short sequence of them, made from numbers. `{email 3}` stands for the token of that customer's e-mail.
 */
export function attackOf(numbers: readonly number[]): Attack {
  const choices = new Choices(numbers);
  const how = choices.pick(100);
  const steps = how < 72 ? undefined : choices.one(sequences)(choices);
  return {
    family: 'made at random',
    steps: steps ?? [how < 64 ? queryOf(choices).sql : wholeRows(choices)],
    expected: 'masked',
    isQuery: steps === undefined,
  };
}

function placeOf(choices: Choices, { columns }: Relation, rows: readonly string[] = []): Place {
  const subquery = (kind: Kind) =>
    `(SELECT ${column(kind, placeOf(choices, relation(choices.pick, 'y')))} FROM customers y LIMIT 1)`;
  return { choices, columns, rows, depth: 2, open: choices.chance(50), subquery };
}

/** Stars and rows, which carry whatever columns there are. */
function wholeRows(choices: Choices): string {
  const left = relation(choices.pick, 'x');
  const right = relation(choices.pick, 'y');
  const where = choices.chance(50) ? ` WHERE ${condition(placeOf(choices, left))}` : '';
  const list = choices.one([
    '*',
    'x.*',
    'x',
    'x.*, upper(x::text)',
    'to_json(x)',
    'ROW(x.*)',
    '(x).*',
    'count(x), min(x::text)',
  ]);
  if (choices.chance(70)) return `SELECT ${list} FROM ${left.sql}${where}`;
  const [join, on] = choices.one([
    ['NATURAL JOIN', ''],
    ['JOIN', ' USING (id)'],
    ['LEFT JOIN', ' ON true'],
  ]);
  return `SELECT ${list} FROM ${left.sql} ${join} ${right.sql}${on}${where}`;
}

function returning(choices: Choices, table: Relation): string {
  const value = () =>
    expression(choices.one(['text', 'text', 'number', 'json']), placeOf(choices, table, ['x']));
  return ` RETURNING ${choices.one(['*', 'x', `${value()}, ${value()}`, `${value()}`])}`;
}

type Sequence = (choices: Choices) => readonly string[];

const sequences: readonly [Sequence, ...Sequence[]] = [
  (choices) => {
    const { sql, kinds } = queryOf(choices);
    const loot = made('loot', kinds);
    return [
      `CREATE TEMP TABLE loot (${kinds.map((_, index) => `c${index}`)}) AS ${sql}`,
      queryOf(choices, [loot, loot]).sql,
      'SELECT * FROM loot',
    ];
  },
  (choices) => {
    const { sql, kinds } = queryOf(choices);
    const looked = made('looked', kinds);
    return [
      `CREATE TEMP VIEW looked (${kinds.map((_, index) => `c${index}`)}) AS ${sql}`,
      queryOf(choices, [looked, looked, looked]).sql,
      'SELECT * FROM looked',
    ];
  },
  (choices) => {
    const table = relation(() => 0, 'x');
    const value = expression(choices.one(['text', 'text']), placeOf(choices, table));
    const where = condition(placeOf(choices, table));
    return [
      `UPDATE customers x SET ${choices.one(['name', 'city', 'email', 'name'])} = ${value} WHERE ${where}${returning(choices, table)}`,
      'SELECT * FROM customers ORDER BY id',
    ];
  },
  (choices) => {
    const table = relation(() => 3, 'x');
    return [`DELETE FROM orders x WHERE ${condition(placeOf(choices, table))}${returning(choices, table)}`];
  },
  (choices) => {
    const from = relation(choices.pick, 'x');
    const place = () => placeOf(choices, from, ['x']);
    return [
      `INSERT INTO scratch (id, word, number, doc, day) SELECT row_number() OVER () + 100, ${expression('text', place())}, ${expression('number', place())}, ${expression('json', place())}, ${expression('date', place())} FROM ${from.sql} RETURNING word, number, doc, day`,
      'SELECT word, number, doc, day FROM scratch ORDER BY id',
    ];
  },
  (choices) => {
    const from = relation(choices.pick, 'x');
    const place = { ...placeOf(choices, from), depth: 1 };
    return [
      `INSERT INTO orders (id, customer_id, email, amount, placed, status) SELECT row_number() OVER () + 5000, 1, ${expression('text', place)}, 1, DATE '2026-01-01', ${expression('text', place)} FROM ${from.sql} RETURNING email, status`,
      'SELECT o.email, c.name FROM orders o LEFT JOIN customers c ON c.email = o.email ORDER BY o.id, c.id',
    ];
  },
  (choices) => {
    const { sql } = queryOf(choices);
    return [`PREPARE p AS ${sql}`, 'EXECUTE p', 'EXECUTE p'];
  },
  (choices) => {
    const { sql } = queryOf(choices);
    return [`DECLARE k CURSOR FOR ${sql}`, 'FETCH 2 FROM k', 'FETCH ALL FROM k'];
  },
  (choices) => {
    const { sql, kinds } = queryOf(choices);
    const names = kinds.map((_, index) => `c${index}`);
    return [
      `WITH gone AS (DELETE FROM orders WHERE id < 60 RETURNING *), y (${names}) AS (${sql}) SELECT y.*, gone.email, gone.status FROM y, gone`,
    ];
  },
  (choices) => [`EXPLAIN (COSTS off) ${queryOf(choices).sql}`],
];
