import fc from 'fast-check';

/** Statements for property tests, built from parts that fit each other. Not part of the product. */

const identifier = fc.constantFrom('a', 'b', 'total', 'Email', '"Quoted"', '"with space"', 'x1', 'customers');
const table = fc.constantFrom('t', 'public.orders', 'customers', '"T"', 's."x.y"');
const number = fc.oneof(
  fc.integer({ min: 0, max: 3_000_000_000 }).map(String),
  fc.tuple(fc.nat(999), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
);
const string = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom("it's", '--', '/* x', '; drop table t', '$$'),
  )
  .map((text) => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`);

/** A literal of the kind that a shape lifts out. */
export const literal = fc.oneof(number, string);

const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(literal, identifier, fc.constantFrom('null', 'true', '$1', 'now()', 'current_user')),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '=', '<>', '||', 'and', 'or', 'like', '->>'),
        tie('expression'),
      )
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(
        fc.constantFrom('lower', 'coalesce', 'my_function', 'public.f', 'count', 'nextval', 'pg_sleep'),
        tie('expression'),
      )
      .map(([name, argument]) => `${name}(${argument})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('text', 'int', 'regclass', 'numeric(10, 2)'))
      .map(([value, type]) => `${value}::${type}`),
    fc
      .tuple(identifier, table, tie('expression'))
      .map(([column, from, where]) => `(select ${column} from ${from} where ${where})`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([value, other]) => `${value} in (${other}, ${value})`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([when, then]) => `case when ${when} then ${then} else 1 end`),
  ),
}));

const select = fc
  .tuple(
    fc.array(expression, { minLength: 1, maxLength: 3 }),
    fc.array(table, { minLength: 1, maxLength: 2 }),
    fc.option(expression),
    fc.option(fc.nat(50)),
  )
  .map(([columns, from, where, limit]) =>
    [
      `select ${columns.join(', ')} from ${from.map((name, index) => `${name} as r${index}`).join(', ')}`,
      where === null ? '' : ` where ${where}`,
      limit === null ? '' : ` limit ${limit}`,
    ].join(''),
  );

const insert = fc
  .tuple(table, fc.array(identifier, { minLength: 1, maxLength: 3 }), expression)
  .map(
    ([into, columns, value]) =>
      `insert into ${into} (${columns.join(', ')}) values (${columns.map(() => value).join(', ')})`,
  );

const update = fc
  .tuple(table, identifier, expression, fc.option(expression))
  .map(
    ([name, column, value, where]) =>
      `update ${name} set ${column} = ${value}${where === null ? '' : ` where ${where}`}`,
  );

const remove = fc
  .tuple(table, fc.option(expression))
  .map(([from, where]) => `delete from ${from}${where === null ? '' : ` where ${where}`} returning *`);

const withQuery = fc
  .tuple(
    fc.oneof(
      select,
      remove,
      update.map((text) => `${text} returning 1`),
    ),
    select,
  )
  .map(([inner, outer]) => `with q as (${inner}) ${outer}`);

/** A statement that clients write values into. Most of them parse. */
export const dataStatement = fc.oneof(select, insert, update, remove, withQuery);
