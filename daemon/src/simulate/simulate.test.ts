import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import fc from 'fast-check';
import type { RecordEntry, RequestDecided, SessionOpened } from '../recordings/entry.ts';
import { sampleOpened } from '../recordings/entry-samples.ts';
import { readRecords } from '../recordings/read-segments.ts';
import { openRecorder } from '../recordings/recorder.ts';
import { openIndex } from '../recordings/store-index.ts';
import { tempFolder } from '../recordings/test-store.ts';
import { decideAgain, type PolicyNow } from '../review/decide-again.ts';
import { Askers } from './askers.ts';
import { Gatherer } from './gather.ts';
import { readChunks, rangesSince } from './store-lines.ts';
import { policyOf } from './policy-of.ts';
import { simulate } from './simulate.ts';
import type { SimulationTask } from './simulate-ranges.ts';
import type { Outcome, Simulation } from './simulation.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
  - { name: test-db, protocol: postgres, labels: { env: test }, host: localhost, database: shop, user: rw }
`;

const policyText = (rules: readonly string[], more = '') => `gatehouse: v1
kind: Policy
name: shop
applies: { to: ["*"] }
rules:
${rules.map((rule, at) => `  - { name: rule-${at}, ${rule} }\n`).join('')}${more}`;

function policy(rules: readonly string[], more = ''): Pick<SimulationTask, 'set' | 'resources'> {
  const read = policyOf({
    workspace: { file: workspaceFile, text: workspace },
    policies: new Map([['.gatehouse/policies/shop.policy.yaml', policyText(rules, more)]]),
    problems: [],
  });
  assert.ok(read.kind === 'policy', JSON.stringify(read));
  return { set: read.set, resources: read.resources };
}

const start = Date.parse('2026-03-02T06:59:30.000Z');

async function storeOf(
  t: TestContext,
  entries: readonly RecordEntry[],
  segmentBytes = 4000,
): Promise<string> {
  const folder = tempFolder(t);
  await write(folder, entries, segmentBytes);
  return folder;
}

async function write(folder: string, entries: readonly RecordEntry[], segmentBytes: number): Promise<void> {
  let at = start;
  const now = () => {
    at += 7919;
    return new Date(at);
  };
  const recorder = await openRecorder(folder, { durability: 'written', segmentBytes, now });
  for (const entry of entries) {
    // As the pipeline writes it, the ruling behind the rest.
    if (entry.kind === 'request.decided' && Object.keys(entry)[0] === 'kind') {
      const { actions, masks, limits, ...request } = entry;
      await recorder.decided(request, { actions, masks, limits });
    } else await recorder.append(entry);
  }
  await recorder.close();
  const index = openIndex(folder);
  await index.catchUp();
  index.close();
}

const since = '2026-01-01T00:00:00.000Z';
const location = { file: '.gatehouse/policies/shop.policy.yaml', line: 6, column: 5 };
const ruled = (effect: RequestDecided['effect'], rule = 'rule-0') =>
  [{ policy: 'shop', rule, effect, location }] as const;

function request(id: string, text: string, more: Partial<RequestDecided> = {}): RequestDecided {
  const effect = more.effect ?? 'allow';
  return {
    kind: 'request.decided',
    session: 's',
    request: id,
    text,
    digest: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184',
    effect,
    observed: effect,
    reason: 'as it was',
    policyDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    decideMs: 0.034,
    actions: [
      {
        kind: 'select',
        facts: { table: 'public.t', columns: ['a', 'b'] },
        effect,
        rules: effect === 'deny' ? [] : ruled(effect),
      },
    ],
    masks: [],
    limits: {},
    ...more,
  };
}

const counted = ({ totals }: Simulation) => totals;
const partsOf = ({ rules }: Simulation) =>
  Object.fromEntries(rules.map(({ rule, hits, changes }) => [rule, { hits, changes }]));

/** What deciding each line by itself comes to. */
async function slowly(
  folder: string,
  { set, resources }: Pick<SimulationTask, 'set' | 'resources'>,
): Promise<{
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly parts: Readonly<Record<string, { readonly hits: number; readonly changes: number }>>;
}> {
  await loadReaders();
  const now: PolicyNow = {
    compiled: compilePolicies(set),
    resources: new Map(resources.map((resource) => [resource.name, resource])),
  };
  const totals = { same: 0, allowed: 0, bounds: 0, held: 0, denied: 0, open: 0 };
  const parts: Record<string, { hits: number; changes: number }> = {};
  const words = { allow: 'allowed', approve: 'held', deny: 'denied' } as const;
  const index = openIndex(folder);
  for await (const { line } of readRecords(folder)) {
    if (line.kind !== 'request.decided' || (line.stage === 'prepare' && line.effect !== 'deny')) continue;
    const told = decideAgain(line, index.sessionById(line.session), now);
    const after = told.kind === 'open' ? [] : told.after.rules;
    const changed = told.kind === 'changed' ? [...told.before.rules, ...after] : [];
    for (const rule of new Set([...after, ...changed].map((each) => each.rule))) {
      const { hits, changes } = parts[rule] ?? { hits: 0, changes: 0 };
      const isIn = (rules: readonly { readonly rule: string }[]) =>
        Number(rules.some((each) => each.rule === rule));
      parts[rule] = { hits: hits + isIn(after), changes: changes + isIn(changed) };
    }
    if (told.kind !== 'changed') totals[told.kind] += 1;
    else if (told.before.effect === told.after.effect) totals.bounds += 1;
    else totals[words[told.after.effect]] += 1;
  }
  index.close();
  return { totals, parts };
}

const conditions = [
  'when: request.sql.inTransaction',
  'when: "!request.sql.hasWhere"',
  'when: request.text.contains("7")',
  'when: request.sql.length > 40',
  'when: \'now.getHours("Europe/Berlin") < 8\'',
  'when: now.getMinutes() % 2 == 0 || now.getSeconds() < 10',
  'when: now < timestamp("2026-03-02T07:01:00Z")',
  'when: request.sql.estimatedRows > 100',
  'when: request.sql.application == "psql"',
  'when: principal.task == "T-1"',
  'when: principal.workspace.startsWith("/home")',
  'when: principal.person == "mira"',
  'when: principal.agent == "copilot"',
  'when: "\'dba\' in principal.groups"',
  'when: resource.labels.env == "prod"',
];
const anyRule = fc
  .tuple(
    fc.constantFrom('allow', 'approve', 'deny'),
    fc.constantFrom(
      'actions: [select]',
      'actions: [select, update]',
      'tables: [public.t]',
      'tables: [public.u]',
    ),
    fc.option(fc.constantFrom(...conditions), { nil: undefined }),
  )
  .map(([effect, sql, when]) => `effect: ${effect}, sql: { ${sql} }${when === undefined ? '' : `, ${when}`}`);
const anyMore = fc
  .tuple(
    fc.constantFrom(
      '',
      'masks: [{ columns: [public.t.a], with: redact }]\n',
      'masks: [{ columns: ["*.b"], with: hash }]\n',
    ),
    fc.constantFrom(
      '',
      'limits: { rows: 10 }\n',
      'limits: { rows: 10, cost: 50 }\n',
      'limits: { estimatedRows: 5 }\n',
    ),
  )
  .map((parts) => parts.join(''));

const anyText = fc.oneof(
  fc
    .tuple(fc.nat(20), fc.constantFrom('x', "it''s", 'é "q" \\ 7', '7'))
    .chain(([number, name]) =>
      fc.constantFrom(
        `SELECT a FROM public.t WHERE b = ${number}`,
        `SELECT a, lower(b) FROM public.t WHERE b = '${name}'`,
        `SELECT "a" FROM public.t LIMIT ${number}`,
        `UPDATE public.u SET a = ${number}`,
        `UPDATE public.u SET a = '${name}' WHERE b = ${number}`,
        `SELECT set_config('x', '${name}', false)`,
        `SELECT a FROM public.t\n\t-- ${name}\nWHERE b = ${number}`,
      ),
    ),
  fc.constantFrom('EXECUTE p(1)', 'not sql at all', '', 'SELECT 1; SELECT 2'),
);
const anyRequest = fc
  .record({
    session: fc.constantFrom('s', 'c', 'gone', 'other'),
    text: anyText,
    effect: fc.constantFrom('allow' as const, 'approve' as const, 'deny' as const),
    kind: fc.constantFrom('select', 'update'),
    table: fc.constantFrom('public.t', 'public.u'),
    reason: fc.constantFrom('as it was', 'said "no", \\ and so on'),
    limits: fc.constantFrom({}, { rows: 10 }, { rows: 10, cost: 50 }),
    masks: fc.constantFrom([], [{ columns: ['public.t.a'], with: 'redact' as const, policy: 'shop' }]),
    hasActions: fc.boolean(),
    plan: fc.option(fc.record({ cost: fc.constantFrom(1, 60), rows: fc.constantFrom(1, 500) }), {
      nil: undefined,
    }),
    parameters: fc.option(fc.array(fc.option(fc.constantFrom('a]', '"', '\\')), { maxLength: 3 }), {
      nil: undefined,
    }),
    approval: fc.option(fc.constantFrom('a1', 'a2'), { nil: undefined }),
    undecidable: fc.option(fc.constantFrom('syntax', 'name'), { nil: undefined, freq: 8 }),
    stage: fc.option(fc.constant('prepare' as const), { nil: undefined, freq: 5 }),
    hint: fc.option(fc.constantFrom('less'), { nil: undefined }),
    isOddlyOrdered: fc.boolean(),
  })
  .map(({ kind, table, hasActions, isOddlyOrdered, effect, ...more }): RequestDecided => {
    const defined = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    const actions = hasActions
      ? [
          {
            kind,
            facts: { table, columns: ['a', 'b'] },
            effect,
            rules: effect === 'deny' ? [] : ruled(effect),
          },
        ]
      : [];
    const made = request('r', more.text, { effect, ...defined, actions });
    // Fields may stand in any order; the reader must not care.
    return isOddlyOrdered
      ? (Object.fromEntries(Object.entries(made).reverse()) as unknown as RequestDecided)
      : made;
  });

/** Requests that differ from one in a single thing, which a policy may read or not. */
function siblings(entry: RequestDecided): readonly RequestDecided[] {
  const withText = (number: string): RequestDecided => ({
    ...entry,
    text: entry.text.replace(/\d+/g, number),
  });
  return [
    entry,
    withText('17'),
    withText('3'),
    withText('123456'),
    entry,
    { ...entry, session: entry.session === 's' ? 'jon' : 's' },
    { ...entry, session: entry.session === 's' ? 'task' : 's' },
    { ...entry, ...(entry.plan && { plan: { cost: entry.plan.cost + 1000, rows: entry.plan.rows } }) },
    entry,
  ];
}

const principal = {
  person: 'mira',
  groups: ['dev', 'dba'],
  agent: 'claude',
  workspace: '/home/mira/shop',
  task: 'T-1',
};
const sessions: readonly SessionOpened[] = [
  { ...sampleOpened('jon'), principal: { ...principal, person: 'jon', groups: ['dev'] } },
  {
    ...sampleOpened('task'),
    principal: { ...principal, task: 'T-2', workspace: '/elsewhere' },
    client: { address: '127.0.0.1:1', application: 'app' },
  },
  sampleOpened('s'),
  sampleOpened('c', 'shop-db', 'copilot'),
  sampleOpened('gone', 'no-db'),
  {
    ...sampleOpened('other', 'test-db'),
    principal: { person: 'jon', groups: [], agent: 'claude', workspace: '/w', task: 'T-2' },
    client: { address: '127.0.0.1:1', application: 'app' },
  },
];

describe('the record decided again', () => {
  it('comes to the same as deciding each request by itself, whatever the policy reads', async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRequest, { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(fc.array(anyRule, { minLength: 1, maxLength: 5 }), anyMore), {
          minLength: 1,
          maxLength: 4,
        }),
        async (entries, policies) => {
          const folder = await storeOf(t, [...sessions, ...entries.flatMap(siblings)], 6000);
          for (const [rules, more] of policies) {
            const now = policy(rules, more);
            const told = await simulate({ folder, ...now, since, filter: {} }, { threads: 0 });
            const slow = await slowly(folder, now);
            assert.deepEqual(counted(told), slow.totals, policyText(rules, more));
            assert.deepEqual(partsOf(told), slow.parts, policyText(rules, more));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells requests apart by each thing that a condition reads, and by no other', async (t) => {
    const text = (number: number) => `SELECT a FROM public.t WHERE b = ${number}`;
    const plan = (rows: number) => ({ plan: { cost: 1, rows } });
    const entries = [
      ...[3, 17].flatMap((number) => [request('r', text(number)), request('r', text(number), plan(1))]),
      ...[1, 500].map((rows) => request('r', text(1), plan(rows))),
      ...sessions
        .filter(({ session }) => session !== 'gone')
        .map(({ session }) => request('r', text(1), { session })),
      ...Array.from({ length: 30 }, () => request('r', text(1))),
    ];
    const folder = await storeOf(t, [...sessions, ...entries]);
    for (const condition of conditions) {
      const now = policy([
        'effect: allow, sql: { actions: [select] }',
        `effect: deny, sql: { actions: [select] }, ${condition}`,
      ]);
      const { totals } = await simulate({ folder, ...now, since, filter: {} }, { threads: 0 });
      assert.deepEqual(totals, (await slowly(folder, now)).totals, condition);
    }
  });

  it('gives the same in threads, with lines longer than what is read at once', async (t) => {
    const entries = Array.from({ length: 300 }, (_, at) =>
      request(
        `r${at}`,
        `SELECT a FROM public.t WHERE b = ${at} OR c = '${'x'.repeat(at % 10 === 0 ? 90_000 : 5)}'`,
        {
          effect: at % 3 === 0 ? 'deny' : 'allow',
        },
      ),
    );
    const folder = await storeOf(t, [...sessions, ...entries], 2_000_000);
    const now = policy(['effect: allow, sql: { actions: [select] }']);
    const alone = await simulate({ folder, ...now, since, filter: {} }, { threads: 0 });
    const together = await simulate({ folder, ...now, since, filter: {} }, { threads: 2 });
    assert.deepEqual(together, alone);
    assert.deepEqual(counted(alone), { same: 200, allowed: 100, bounds: 0, held: 0, denied: 0, open: 0 });
    assert.deepEqual(counted(alone), (await slowly(folder, now)).totals);
  });

  it('names the rule that makes the difference, not those that let pass all the time', async (t) => {
    const both = [
      {
        kind: 'select',
        facts: { table: 'public.t', columns: ['a'] },
        effect: 'allow' as const,
        rules: ruled('allow'),
      },
      { kind: 'select', facts: { table: 'public.u', columns: ['a'] }, effect: 'deny' as const, rules: [] },
    ];
    const folder = await storeOf(t, [
      sampleOpened('s'),
      request('1', 'SELECT t.a FROM public.t, public.u', { effect: 'deny', actions: both }),
      request('2', 'SELECT a FROM public.t'),
      request('3', 'SELECT a FROM public.t', { limits: { rows: 5 } }),
    ]);
    const now = policy([
      'effect: allow, sql: { tables: [public.t] }',
      'effect: allow, sql: { tables: [public.u] }',
    ]);
    const told = await simulate({ folder, ...now, since, filter: {} });
    assert.deepEqual(
      told.flips.map(({ flip, cause, requests }) => [flip, cause.side, cause.name, cause.line, requests]),
      [
        ['allowed', 'now', 'rule-1', 7, 1],
        ['bounds', 'gone', 'rows 5 → none', undefined, 1],
      ],
    );
    assert.deepEqual(
      told.rules.map(({ rule, hits, changes }) => [rule, hits, changes]),
      [
        ['rule-0', 3, 2],
        ['rule-1', 1, 1],
      ],
    );
    const [example] = told.flips[0]?.examples ?? [];
    assert.equal(example?.text, 'SELECT t.a FROM public.t, public.u');
    assert.deepEqual(
      [example?.agent, example?.before, example?.after, example?.times],
      ['claude', 'deny', 'allow', 1],
    );
  });

  it('counts on when there are too many different requests to be kept', async (t) => {
    const entries = Array.from({ length: 40 }, (_, at) => request('r', `SELECT a${at % 20} FROM public.t`));
    const folder = await storeOf(t, [...sessions, ...entries]);
    const read = {
      text: false,
      plan: false,
      application: false,
      person: false,
      task: false,
      workspace: false,
    };
    const seen: (readonly [string, number])[] = [];
    const gatherer = new Gatherer<string>({
      ...{ read, since, maxGroups: 8 },
      askers: new Askers(read, {}, () => undefined),
      alike: (text) => text,
      keep: ({ text }) => text,
      full: (groups) => {
        for (const { kept, times } of groups) seen.push([kept, times]);
      },
    });
    for (const range of rangesSince(folder, since))
      for (const chunk of readChunks(folder, range)) gatherer.take(chunk);
    for (const { kept, times } of gatherer.groups) seen.push([kept, times]);
    const total = new Map<string, number>();
    for (const [text, times] of seen) total.set(text, (total.get(text) ?? 0) + times);
    assert.equal(gatherer.requests, 40);
    assert.equal(total.size, 20);
    assert.ok([...total.values()].every((times) => times === 2));
    assert.ok(seen.length > 20);
  });

  it('leaves in what is asked for: a resource, an agent, a rule, a time', async (t) => {
    const folder = await storeOf(t, [
      ...sessions,
      request('1', 'SELECT a FROM public.t'),
      request('2', 'SELECT a FROM public.t', { session: 'c', effect: 'deny' }),
      request('3', 'SELECT a FROM public.t', { session: 'other' }),
    ]);
    const now = policy(['effect: allow, sql: { actions: [select] }, when: principal.agent == "claude"']);
    const of = async (filter: SimulationTask['filter'], from = since) =>
      (await simulate({ folder, ...now, since: from, filter })).requests;
    assert.equal(await of({}), 3);
    assert.equal(await of({ resource: 'test-db' }), 1);
    assert.equal(await of({ agent: 'copilot' }), 1);
    assert.equal(await of({ agent: 'claude', resource: 'shop-db' }), 1);
    assert.equal(await of({ rule: 'rule-0' }), 2);
    assert.equal(await of({ rule: 'shop/rule-0' }), 2);
    assert.equal(await of({ rule: 'rule-9' }), 0);
    const times: string[] = [];
    for await (const { line } of readRecords(folder)) times.push(line.at);
    assert.equal(await of({}, times.at(-2)), 2);
  });

  it('reads on beside a line that is being written, and stops at one that is no record', async (t) => {
    const { appendFileSync } = await import('node:fs');
    const { segmentFiles } = await import('../recordings/test-store.ts');
    const folder = await storeOf(t, [sampleOpened('s'), request('1', 'SELECT a FROM public.t')], 100_000);
    const now = policy(['effect: allow, sql: { actions: [select] }']);
    const [file = ''] = segmentFiles(folder);
    appendFileSync(file, '{"prev":"');
    assert.equal((await simulate({ folder, ...now, since, filter: {} })).requests, 1);
    appendFileSync(file, 'no record\n');
    await assert.rejects(simulate({ folder, ...now, since, filter: {} }), { code: 'store-corrupt' });
  });
});
