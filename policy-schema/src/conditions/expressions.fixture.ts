/** Random conditions over every type, operator and function; some are refused for their size, or fail. */
import fc from 'fast-check';

type Expression = fc.Arbitrary<string>;
const text = (...values: readonly string[]) => fc.constantFrom(...values);
const quoted: Expression = fc
  .oneof(
    text('', 'a', 'public', 'prod', 'dba', 'é', '😀', 'a.b', '\n', "'", '\\', '1', '-7', '9.5', 'x'),
    fc.string({ maxLength: 4, unit: fc.constantFrom('a', 'B', 'é', ' ', '"', '\\', '.', '~') }),
  )
  .map((value) => JSON.stringify(value));

const zones = ['', '"Europe/Berlin"', '"UTC"', '"America/New_York"', '"+05:30"', '"-03:00"'];
const dateParts = [
  'FullYear',
  'Month',
  'Date',
  'DayOfMonth',
  'DayOfWeek',
  'DayOfYear',
  'Hours',
  'Minutes',
  'Seconds',
  'Milliseconds',
];

const literalSpan = text(
  'duration("1h")',
  'duration("90s")',
  'duration("1h30m")',
  'duration("250ms")',
  'duration("0s")',
);

export const { bool: anyExpression } = fc.letrec<
  Record<'bool' | 'int' | 'string' | 'list' | 'time' | 'span', string>
>((tie) => {
  const of = (template: string, ...parts: readonly fc.Arbitrary<string>[]): Expression => {
    const between = template.split('$');
    return fc
      .tuple(...parts)
      .map((values) => between.reduce((made, piece, at) => made + (values[at - 1] ?? '') + piece));
  };
  const [b, i, s, l, t, d] = [tie('bool'), tie('int'), tie('string'), tie('list'), tie('time'), tie('span')];
  const compare = text('==', '!=', '<', '<=', '>', '>=');
  const grow = { depthSize: 'small', withCrossShrink: true } as const;
  return {
    bool: fc.oneof(
      grow,
      text(
        'true',
        'false',
        'request.sql.hasWhere',
        'request.sql.inTransaction',
        'has(resource.labels.env)',
        'has(resource.labels.none)',
        'has(request.sql.inTransaction)',
        'has(request.sql)',
      ),
      of('($ && $)', b, b),
      of('($ || $)', b, b),
      of('!$', b),
      of('($ ? $ : $)', b, b, b),
      of('($ == $)', b, b),
      of('($ $ $)', i, compare, i),
      of('($ $ $)', s, compare, s),
      of('($ $ $)', t, compare, t),
      of('($ $ $)', d, compare, d),
      of('($ == $)', l, l),
      of('($ != $)', l, l),
      of('($ in $)', s, l),
      of('$.startsWith($)', s, s),
      of('$.endsWith($)', s, s),
      of('$.contains($)', s, s),
      of('$.matches($)', s, text('"^a"', '"[a-z]+$"', '"a|b"', '"(a+)+$"', '"\\\\."', '"(?i)PROD"', '""')),
      of('$.exists(x, x == $)', l, s),
      of('$.all(x, x.size() < $)', l, i),
      of('$.exists_one(x, x.contains($))', l, s),
      of('$.exists(x, $.exists(y, y == x))', l, l),
      of('resource.labels.all(k, k != $)', s),
    ),
    int: fc.oneof(
      grow,
      text('0', '1', '2', '-1', '7', '0x10', 'request.sql.statementCount', 'request.sql.length'),
      of('($ $ $)', i, text('+', '-', '*', '/', '%'), i),
      of('size($)', s),
      of('size($)', l),
      of('$.size()', l),
      of('int($)', text('"12"', '"-3"', '"x"', '"1.5"', '2.9', '-2.9')),
      of('($ ? $ : $)', b, i, i),
      of('$.get$($)', t, text(...dateParts), text(...zones)),
      of('$.get$()', d, text('Hours', 'Minutes', 'Seconds')),
      text('size(resource.labels)'),
    ),
    string: fc.oneof(
      grow,
      quoted,
      text(
        'request.text',
        'principal.person',
        'principal.agent',
        'principal.task',
        'resource.name',
        'resource.labels.env',
        'resource.labels["odd key"]',
        'resource.labels.none',
        'resource.labels["constructor"]',
        'resource.labels.__proto__',
        'request.sql.application',
      ),
      of('($ + $)', s, s),
      of('$.lowerAscii()', s),
      of('$.upperAscii()', s),
      of('$.trim()', s),
      of('$.join($)', l, s),
      of('string($)', i),
      of('string($)', b),
      of('$[$]', l, text('0', '1', '5', '-1')),
      of('($ ? $ : $)', b, s, s),
    ),
    list: fc.oneof(
      grow,
      text(
        'request.sql.tables',
        'request.sql.columns',
        'principal.groups',
        '["a", "dba"]',
        'request.sql.functions',
      ),
      of('[$, $]', s, s),
      of('($ + $)', l, l),
      of('$.filter(x, x != $)', l, s),
      of('$.map(x, x + $)', l, s),
      of('$.map(x, x > $, $)', l, s, s),
      of('$.split($)', s, text('","', '"."', '" "')),
    ),
    time: fc.oneof(
      grow,
      text(
        'now',
        'timestamp("2026-03-29T01:00:00Z")',
        'timestamp("2024-02-29T23:59:59.5+02:00")',
        'timestamp("1969-12-31T23:59:59Z")',
      ),
      of('($ $ $)', t, text('+', '-'), literalSpan),
    ),
    span: fc.oneof(grow, literalSpan, of('($ - $)', t, t)),
  };
});
