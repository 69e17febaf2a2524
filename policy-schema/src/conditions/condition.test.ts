import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DecisionInput } from '../evaluate/decision.ts';
import type { FactValue } from '../vocabulary/vocabulary.ts';
import { type ConditionError, compileCondition } from './condition.ts';
import { conditionEnvironment, conditionLimits } from './environment.ts';
import { conditionVariables } from './variables.ts';

const facts: Readonly<Record<string, FactValue>> = {
  tables: ['public.orders', 'public.customers'],
  columns: [],
  hasWhere: true,
  statementCount: 2n,
  application: null,
};

const asked = (more: Partial<DecisionInput> = {}): DecisionInput => ({
  request: { vocabulary: 'sql', text: 'select 1', actions: [], facts },
  principal: { person: 'ann', groups: ['dba'], agent: 'claude', workspace: 'shop', task: 'fix' },
  resource: { name: 'shop-db', protocol: 'postgres', labels: { env: 'prod' } },
  now: new Date('2026-07-01T06:30:15.250Z'),
  ...more,
});

function evaluate(source: string, input = asked()): boolean | { readonly error: string } {
  const compiled = compileCondition(source);
  if (!compiled.ok) assert.fail(`${source}: ${compiled.error.message}`);
  return compiled.condition.evaluate(input);
}

describe('what holds', () => {
  const holds = [
    'request.text == "select 1"',
    'request.sql.hasWhere && request.sql.statementCount == 2',
    '"public.orders" in request.sql.tables',
    'request.sql.tables.all(t, t.startsWith("public."))',
    'request.sql.tables.exists(t, request.sql.tables.exists(u, u != t))',
    'request.sql.tables.filter(t, t.matches("^public\\\\.o")) == ["public.orders"]',
    'size(request.sql.columns) == 0 && request.sql.columns == []',
    'principal.person == "ann" && principal.agent == "claude" && principal.workspace == "shop" && principal.task == "fix"',
    '"dba" in principal.groups && principal.groups[0] == "dba"',
    'resource.name == "shop-db" && resource.protocol == "postgres"',
    'resource.labels.env == "prod" && resource.labels["env"] == "prod" && "env" in resource.labels',
    'has(resource.labels.env) && !has(resource.labels.region)',
    'has(request.sql) && has(request.sql.tables) && !has(request.sql.application)',
    'now > timestamp("2026-01-01T00:00:00Z") && now - duration("1h") < now',
    'now - timestamp("2026-07-01T00:00:00Z") > duration("6h30m")',
    'now.getHours() == 6 && now.getHours("Europe/Berlin") == 8 && now.getHours("+02:00") == 8',
    'now.getHours("America/New_York") == 2 && now.getHours("-03:30") == 3 && now.getMinutes("-03:30") == 0',
    'now.getDayOfWeek("Asia/Tokyo") == 3 && now.getDayOfYear() == 181 && now.getDayOfYear("UTC") == 181',
    'now.getMilliseconds() == 250 && now.getMilliseconds("Europe/Berlin") == 250 && now.getSeconds("UTC") == 15',
    'int("12") == 12 && double("1.5") > 1.0 && string(12) == "12"',
    'true || resource.labels.none == "x"',
    '-9223372036854775808 < 9223372036854775807',
    'true // a comment',
  ];
  for (const source of holds) test(source, () => assert.equal(evaluate(source), true));
});

describe('what cannot be evaluated', () => {
  const failing: readonly (readonly [string, RegExp, Partial<DecisionInput>?])[] = [
    ['resource.labels.region == "eu"', /No such key: region/],
    ['request.sql.application == "psql"', /No such key: application/],
    ['request.sql.inTransaction', /No such key: inTransaction/],
    ['principal.groups[3] == "dba"', /out of bounds/],
    ['1 / (request.sql.statementCount - 2) == 1', /division by zero/],
    ['9223372036854775807 + request.sql.statementCount > 0', /overflow/],
    ['int(resource.labels.env) == 1', /'prod' is no whole number/],
    ['timestamp(resource.labels.env) < now', /'prod' is no RFC 3339 time/],
    ['now.getHours(resource.labels.env) == 1', /time zone/i],
    ['now > timestamp("2026-01-01T00:00:00Z")', /now/, { now: new Date(Number.NaN) }],
    [
      'request.sql.statementCount > 1',
      /type/,
      { request: { ...asked().request, facts: { statementCount: 'two' } } },
    ],
    ['request.sql.hasWhere', /type/, { request: { ...asked().request, facts: { hasWhere: 'yes' } } }],
  ];
  for (const [source, error, more] of failing) {
    test(source, () => {
      const result = evaluate(source, asked(more));
      assert.ok(typeof result === 'object', `it gave ${String(result)}`);
      assert.match(result.error, error);
      assert.doesNotMatch(result.error, /gatehouse_|google\.protobuf/);
    });
  }

  test('facts of a vocabulary that the request does not have', () => {
    const environment = conditionEnvironment({
      sql: {
        name: 'sql',
        title: '',
        actions: {},
        selectors: {},
        facts: { hasWhere: { type: 'bool', doc: '' } },
      },
      ssh: { name: 'ssh', title: '', actions: {}, selectors: {}, facts: { tty: { type: 'bool', doc: '' } } },
    });
    const compiled = compileCondition('!request.ssh.tty', environment);
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.condition.evaluate(asked()), { error: 'No such key: ssh' });
  });

  test('an input that is none', () => {
    const compiled = compileCondition('request.sql.hasWhere');
    assert.ok(compiled.ok);
    const result = compiled.condition.evaluate({} as DecisionInput);
    assert.equal(typeof result, 'object');
  });
});

/** `«…»` marks the range that the error must name. */
const mistakes: readonly (readonly [marked: string, kind: ConditionError['kind'], message: RegExp])[] = [
  ['«requst».text == ""', 'unknown-name', /Unknown variable: requst; did you mean 'request'\?/],
  ['request.«tekst» == ""', 'unknown-field', /No such field: tekst; did you mean 'text'\?/],
  ['request.sql.«tabels».size() > 0', 'unknown-field', /No such field: tabels; did you mean 'tables'\?/],
  ['principal.«group» == ["a"]', 'unknown-field', /No such field: group; did you mean 'groups'\?/],
  ['request.«ssh».tty', 'unknown-field', /No such field: ssh/],
  ['has(request.sql.«tabels»)', 'unknown-field', /did you mean 'tables'/],
  ['has(«request»)', 'type', /has\(\) takes a field/],
  ['has(«request.sql.tables[0]»)', 'type', /has\(\) takes a field/],
  ['request.sql.tables.exists(t, has(«t.x»))', 'type', /has\(\) takes a field/],
  [
    'request.text.«startWith»("x")',
    'unknown-name',
    /No such function: startWith; did you mean 'startsWith'\?/,
  ],
  ['«sise»(request.text) > 1', 'unknown-name', /No such function: sise; did you mean 'size'\?/],
  ['«matches»(request.text, "x")', 'unknown-name', /write x\.matches/],
  ['request.text.«int»() == 1', 'unknown-name', /write int\(…\)/],
  ['«request.sql.statementCount > "1"»', 'type', /int > string/],
  ['«request.sql.hasWhere == "yes"»', 'type', /bool == string/],
  ['«request.sql.tables»', 'type', /A condition is a bool, and this is a list<string>/],
  ['  «1 + 1»  ', 'type', /this is a int/],
  ['«now»', 'type', /this is a timestamp/],
  ['[1, «"a"»] == [1]', 'type', /same type/],
  ['request.text.matches(«"("»)', 'regex', /missing closing \)/],
  ['request.text.matches(«"(?=x)"»)', 'regex', /Perl|invalid/],
  ['request.text.matches(«principal.task»)', 'type', /literal pattern/],
  ['now.getHours(«"Europe/Berln"») < 8', 'time-zone', /no time zone/],
  ['now.getHours(«"+25:00"») < 8', 'time-zone', /no time zone/],
  ['now < timestamp(«"2026-02-30T00:00:00Z"»)', 'timestamp', /no RFC 3339 time/],
  ['now < timestamp(«"2026-01-31"»)', 'timestamp', /no RFC 3339 time/],
  ['now - now < duration(«"1 hour"»)', 'duration', /no duration/],
  ['now - now < duration(«"999999999h"»)', 'duration', /no duration/],
  ['now - now < duration(«principal.task»)', 'type', /takes a literal/],
  ['«duration("1h") + duration("1h")» < duration("3h")', 'type', /Durations are not added/],
  ['now.«constructor» == now', 'unknown-field', /No such field: constructor/],
  ['«now["getTime"]» == now', 'type', /no certain type/],
  ['request.«constructor» == ""', 'unknown-field', /No such field/],
  ['request.«__proto__» == ""', 'unknown-field', /No such field/],
  ['principal.«prototype» == ""', 'unknown-field', /No such field/],
  ['«constructor» == ""', 'unknown-name', /Unknown variable/],
  ['«toString».x', 'unknown-name', /Unknown variable/],
  ['«google».protobuf.Timestamp == 1', 'unknown-name', /Unknown variable/],
  ['«request[principal.task]» == ""', 'type', /no certain type/],
  ['«dyn»(1) == 1', 'unknown-name', /No such function: dyn/],
  ['«type»(1) == int', 'unknown-name', /No such function: type/],
  ['cel.«bind»(x, 1, x == 1)', 'unknown-name', /No such function: bind/],
  ['«b"a"» == b"a"', 'type', /Bytes/],
  ['«1u» == 1u', 'type', /Unsigned/],
  ['«{"a": 1}».a == 1', 'type', /Map literals/],
  ['«9223372036854775808» > 0', 'type', /64 bits/],
  ['principal.groups.all(«principal», true)', 'type', /taken/],
  ['principal.groups.all(g, principal.groups.all(«g», true))', 'type', /taken/],
  ['principal.groups.all(«"g"», true)', 'syntax', /variable/],
  ['«principal.groups.all(g)»', 'type', /takes 2 arguments/],
  ['request.text ==«»', 'syntax', /Unexpected token/],
  ['«&»& true', 'syntax', /Unexpected/],
  ['true && «)»', 'syntax', /Unexpected/],
  ['request.text == «"x»', 'syntax', /Unterminated/],
  ['true «x»', 'syntax', /Unexpected/],
  ['request.text == "\\«q»"', 'syntax', /escape/],
  ['😀 == "x"', 'syntax', /Unexpected character/],
];

describe('mistakes are found when a condition is compiled, with their place', () => {
  for (const [marked, kind, message] of mistakes) {
    const source = marked.replaceAll(/[«»]/g, '');
    test(source, () => {
      const compiled = compileCondition(source);
      assert.ok(!compiled.ok, 'it compiled');
      assert.equal(compiled.error.kind, kind);
      assert.match(compiled.error.message, message);
      assert.doesNotMatch(compiled.error.message, /gatehouse_|google\.protobuf\.(?!Timestamp ==)/);
      if (kind !== 'syntax') {
        const range = source.slice(compiled.error.start, compiled.error.end);
        assert.equal(range, /«(.*)»/s.exec(marked)?.[1]);
      }
    });
  }

  test('for any text, a range inside it and no exception', () => {
    const words = [
      'request',
      '.',
      'sql',
      'tables',
      '(',
      ')',
      '[',
      ']',
      '"a"',
      "'",
      '&&',
      '||',
      '!',
      '==',
      '1',
      ' ',
      'all',
      'x',
      ',',
      '\n',
      '"',
      '\\',
      '?',
      ':',
      '{',
      '}',
      'now',
      'in',
      '-',
      'has',
      'duration',
      'é',
      '😀',
    ];
    const source = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(source, (text) => {
        const compiled = compileCondition(text);
        if (compiled.ok) {
          assert.ok(['boolean', 'object'].includes(typeof compiled.condition.evaluate(asked())));
          return;
        }
        const { start, end, message } = compiled.error;
        assert.ok(0 <= start && start <= end && end <= text.length, `${start} to ${end} of ${text.length}`);
        assert.ok(start < end || text.length === 0, 'an empty range cannot be shown');
        assert.ok(message.length > 0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('bounds', () => {
  const refused = (source: string, message: RegExp) => {
    const compiled = compileCondition(source);
    assert.ok(!compiled.ok, 'it compiled');
    assert.match(compiled.error.message, message);
  };
  test('the length of the source', () => {
    refused(`true${' '.repeat(conditionLimits.maxSourceLength)}`, /at most 8192 characters/);
  });
  test('the size of the tree', () => refused(Array(600).fill('true').join(' && '), /maxAstNodes/));
  test('the depth of the tree', () => refused(`${'('.repeat(60)}true${')'.repeat(60)}`, /maxDepth/));
  test('the depth that the parser does not count', () =>
    refused(`${'!'.repeat(8000)}true`, /maxAstNodes|nested too deeply/));
  test('the length of a list', () => refused(`1 in [${Array(600).fill('1').join(',')}]`, /maxListElements/));
  test('the depth of comprehensions', () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'true' : `principal.groups.all(g${depth}, ${nested(depth - 1)})`;
    assert.equal(evaluate(nested(2)), true);
    refused(nested(3), /nested deeper than 2 levels/);
  });
  test('the steps of nested comprehensions over a long list', () => {
    const tables = Array.from({ length: 5000 }, (_, index) => `public.t${index}`);
    const input = asked({ request: { ...asked().request, facts: { tables } } });
    assert.equal(evaluate('request.sql.tables.all(t, t != "")', input), true);
    const result = evaluate('request.sql.tables.all(t, request.sql.tables.all(u, u != "x"))', input);
    assert.match(typeof result === 'object' ? result.error : '', /5000 is too long/);
  });
  test('a long list and a long text together', () => {
    const tables = Array.from({ length: 5000 }, (_, index) => `public.t${index}`);
    const input = asked({ request: { ...asked().request, text: 'x'.repeat(100_000), facts: { tables } } });
    const result = evaluate('request.sql.tables.all(t, request.text.contains(t))', input);
    assert.match(typeof result === 'object' ? result.error : '', /too long for a comprehension/);
    assert.equal(
      evaluate('request.sql.tables.all(t, t != "") && request.sql.tables.size() == 5000', input),
      true,
    );
  });
  test('a pattern is linear in its text', () => {
    const input = asked({ request: { ...asked().request, text: `${'a'.repeat(20_000)}b` } });
    assert.equal(evaluate('request.text.matches("^(a+)+$")', input), false);
    assert.equal(evaluate('request.text.matches("^(a|aa)+b$")', input), true);
  });
});

describe('no host object is within reach', () => {
  const labels = JSON.parse('{"constructor": "c", "__proto__": "p", "toString": "t", "hasOwnProperty": "h"}');
  const odd = asked({ resource: { name: 'r', protocol: 'p', labels } });
  test('labels with names of Object.prototype are labels', () => {
    for (const [key, value] of [
      ['constructor', 'c'],
      ['__proto__', 'p'],
      ['toString', 't'],
      ['hasOwnProperty', 'h'],
    ]) {
      assert.equal(evaluate(`resource.labels["${key}"] == "${value}"`, odd), true);
      assert.equal(
        evaluate(`resource.labels.${key} == "${value}" && has(resource.labels.${key})`, odd),
        true,
      );
      assert.equal(evaluate(`"${key}" in resource.labels`, odd), true);
    }
    assert.equal(evaluate('size(resource.labels) == 4', odd), true);
  });
  test('and where there is no such label, there is nothing', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'valueOf']) {
      assert.equal(typeof evaluate(`resource.labels["${key}"] == ""`), 'object');
      assert.equal(evaluate(`has(resource.labels.${key}) || "${key}" in resource.labels`), false);
    }
  });
  test('facts from a prototype are none', () => {
    const inherited = Object.create({ hasWhere: true });
    const result = evaluate(
      'request.sql.hasWhere',
      asked({ request: { ...asked().request, facts: inherited } }),
    );
    assert.equal(typeof result, 'object');
  });
  test('an evaluation leaves nothing behind', () => {
    const compiled = compileCondition('principal.groups.exists(g, g == request.text)');
    assert.ok(compiled.ok);
    const [yes, no] = [asked({ request: { ...asked().request, text: 'dba' } }), asked()];
    assert.deepEqual(
      [yes, no, yes].map((input) => compiled.condition.evaluate(input)),
      [true, false, true],
    );
    assert.equal(Object.hasOwn(Object.prototype, 'dba'), false);
  });
});

test('whole numbers become BigInt, and others stay what they are', () => {
  const count = (statementCount: FactValue) =>
    evaluate(
      'request.sql.statementCount > 1',
      asked({ request: { ...asked().request, facts: { statementCount } } }),
    );
  assert.equal(count(2), true);
  assert.equal(count(2n), true);
  assert.equal(typeof count(2.5), 'object');
  assert.equal(typeof count(null), 'object');
});

test('the variables are told from the vocabularies', () => {
  const variables = conditionVariables();
  const paths = variables.map(({ path }) => path);
  for (const path of ['request.text', 'request.sql.hasWhere', 'principal.groups', 'resource.labels', 'now']) {
    assert.ok(paths.includes(path), path);
  }
  assert.equal(new Set(paths).size, paths.length);
  const literal: Readonly<Record<string, string>> = {
    bool: 'true',
    int: '1',
    double: '1.5',
    string: '""',
    'list<string>': '[""]',
    timestamp: 'now',
  };
  for (const { path, type, doc } of variables) {
    assert.ok(doc.length > 0, path);
    const source = literal[type] === undefined ? `size(${path}) == 0` : `${path} == ${literal[type]}`;
    assert.ok(compileCondition(source).ok, source);
  }
});
