import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { RecordEntry, RequestDecided } from '../recordings/entry.ts';
import { sampleAnswered, sampleDecided, sampleOpened, sampleSession } from '../recordings/entry-samples.ts';
import { startIndexing } from '../recordings/indexing.ts';
import { openRecorder, type Recorder } from '../recordings/recorder.ts';
import { tempFolder, tickingClock } from '../recordings/test-store.ts';
import type { Redecided, Review, SessionResult } from './questions.ts';
import { openReview } from './review.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`;
const policyPath = '.gatehouse/policies/shop.policy.yaml';
const policyOf = (rules: string, more = '') => `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
${more}rules:
${rules}`;
const readAccounts = `  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.pgbench_accounts] }
`;

async function reviewOf(
  t: TestContext,
  entries: readonly RecordEntry[],
  rules = readAccounts,
  more = '',
): Promise<{ readonly review: Review; readonly recorder: Recorder }> {
  const folder = tempFolder(t);
  const workspaceFolder = tempFolder(t);
  mkdirSync(path.join(workspaceFolder, '.gatehouse/policies'), { recursive: true });
  writeFileSync(path.join(workspaceFolder, '.gatehouse/gatehouse.yaml'), workspace);
  writeFileSync(path.join(workspaceFolder, policyPath), policyOf(rules, more));
  const recorder = await openRecorder(folder, {
    durability: 'written',
    segmentBytes: 3000,
    now: tickingClock(),
  });
  const indexing = startIndexing(recorder, { every: 60_000 });
  const review = openReview({ folder, workspaceFolder, indexing });
  t.after(async () => {
    await review.close();
    await indexing.close();
    await recorder.close();
  });
  for (const entry of entries) await recorder.append(entry);
  return { review, recorder };
}

const select = 'SELECT abalance FROM public.pgbench_accounts WHERE aid = 4711';
const decided = (request: string, more: Partial<RequestDecided> = {}): RequestDecided => ({
  ...sampleDecided('s', request, more.text ?? select),
  limits: {},
  ...more,
});
const actionOn = (kind: string, table: string, effect: RequestDecided['effect'] = 'allow') => ({
  kind,
  facts: { table, columns: ['abalance'] },
  effect,
  rules: [],
});

async function againOf(
  t: TestContext,
  requests: readonly RequestDecided[],
  rules?: string,
  more?: string,
): Promise<readonly Redecided[]> {
  const { review } = await reviewOf(t, [sampleOpened('s'), ...requests], rules, more);
  const result = await review.ask('decideAgain', { of: { kind: 'session', id: 's' } });
  assert.ok(result.kind === 'decided', JSON.stringify(result));
  return result.requests;
}

describe('the whole record decided again', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const actions = [actionOn('select', 'public.pgbench_accounts')];
  const denied = [actionOn('select', 'public.pgbench_tellers', 'deny')];
  const tellers = 'SELECT bid FROM public.pgbench_tellers WHERE tid = ';
  const wider = policyOf(`  - name: read
    effect: allow
    sql: { actions: [select], tables: ["public.pgbench_*"] }
`);

  it('is answered by unsaved texts, again after an edit, and with what came since', async (t) => {
    const { review, recorder } = await reviewOf(t, [
      sampleOpened('s'),
      decided('a', { actions }),
      decided('b', { actions: denied, effect: 'deny', text: `${tellers}1` }),
      decided('c', { actions: denied, effect: 'deny', text: `${tellers}2` }),
    ]);
    const ask = async (
      files: readonly { readonly path: string; readonly text: string }[] = [],
      more = {},
    ) => {
      const told = await review.ask('simulate', { since, files, ...more });
      assert.ok(told.kind === 'simulated', JSON.stringify(told));
      return told;
    };
    assert.deepEqual((await ask()).totals, { same: 3, allowed: 0, bounds: 0, held: 0, denied: 0, open: 0 });
    const edited = await ask([{ path: policyPath, text: wider }]);
    assert.deepEqual(edited.totals, { same: 1, allowed: 2, bounds: 0, held: 0, denied: 0, open: 0 });
    assert.deepEqual(
      edited.rules.map(({ rule, hits, changes, examples }) => [rule, hits, changes, examples[0]?.times]),
      [['read', 3, 2, 2]],
    );
    await recorder.append(decided('d', { actions: denied, effect: 'deny', text: `${tellers}3` }));
    assert.equal((await ask([{ path: policyPath, text: wider }])).totals.allowed, 3);
    // A policy that reads the text tells literals apart.
    const picky = wider.replace('sql:', 'when: request.text.contains("= 2")\n    sql:');
    assert.equal((await ask([{ path: policyPath, text: picky }])).totals.allowed, 1);
    assert.equal((await ask([], { agent: 'nobody' })).requests, 0);
  });

  it('names the errors of texts by which nothing can be decided', async (t) => {
    const { review } = await reviewOf(t, [sampleOpened('s'), decided('a', { actions })]);
    const told = await review.ask('simulate', { files: [{ path: policyPath, text: 'rules: [' }] });
    assert.ok(told.kind === 'broken');
    assert.match(told.problems[0] ?? '', /shop\.policy\.yaml:1:/);
  });
});

describe('questions about the record', () => {
  it('lists sessions page by page, by what is asked for, and takes in the last record first', async (t) => {
    const entries = ['one', 'two', 'three'].flatMap((id, n) => sampleSession(id, 2, `agent-${n}`));
    const { review, recorder } = await reviewOf(t, entries);
    const first = await review.ask('sessions', { limit: 2 });
    assert.deepEqual(
      first.sessions.map(({ id, denied, approved }) => [id, denied, approved]),
      [
        ['three', 1, 1],
        ['two', 1, 1],
      ],
    );
    const { next } = first;
    assert.ok(next !== undefined);
    const rest = await review.ask('sessions', { limit: 2, before: next });
    assert.deepEqual(
      rest.sessions.map(({ id }) => id),
      ['one'],
    );
    assert.equal(rest.next, undefined);
    await recorder.append(sampleOpened('four', 'other-db', 'agent-0'));
    const open = await review.ask('sessions', { open: true });
    assert.deepEqual(
      open.sessions.map(({ id }) => id),
      ['four'],
    );
    const byAgent = await review.ask('sessions', { agent: 'agent-0' });
    assert.deepEqual(
      byAgent.sessions.map(({ id }) => id),
      ['four', 'one'],
    );
    assert.deepEqual(
      (await review.ask('agentsSeen', {})).map(({ agent, resource, sessions }) => [
        agent,
        resource,
        sessions,
      ]),
      [
        ['agent-0', 'other-db', 1],
        ['agent-2', 'shop-db', 1],
        ['agent-1', 'shop-db', 1],
        ['agent-0', 'shop-db', 1],
      ],
    );
  });

  it('tells a whole session, also in pages of one step', async (t) => {
    const { review } = await reviewOf(t, [...sampleSession('other', 3), ...sampleSession('one', 1)]);
    const whole = await review.ask('session', { id: 'one' });
    assert.deepEqual(
      whole.steps.map((step) =>
        step.kind === 'request'
          ? [step.decided.request, step.decided.effect, step.answered?.outcome, step.approval?.answered?.by]
          : step.kind,
      ),
      [
        ['one-0', 'allow', 'completed', undefined],
        ['one-denied', 'deny', undefined, undefined],
        ['one-held', 'approve', 'completed', 'ada'],
        ['one-prepared', 'allow', undefined, undefined],
        ['one-failed', 'allow', 'failed', undefined],
      ],
    );
    assert.equal(whole.next, undefined);
    assert.equal(whole.session.closedReason, 'the client left');
    const steps = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: SessionResult = await review.ask('session', { id: 'one', limit: 1, after });
      steps.push(...page.steps);
      after = page.next;
    }
    assert.deepEqual(steps, whole.steps);
    await assert.rejects(review.ask('session', { id: 'none' }), { code: 'session-unknown' });
  });

  it('tells an approval that waits, and then its request', async (t) => {
    const entries = sampleSession('one', 0);
    const asked = entries.findIndex(({ kind }) => kind === 'approval.asked');
    const { review, recorder } = await reviewOf(t, entries.slice(0, asked + 1));
    const before = await review.ask('session', { id: 'one' });
    assert.deepEqual(
      before.steps.map(({ kind }) => kind),
      ['request', 'approval'],
    );
    for (const entry of entries.slice(asked + 1)) await recorder.append(entry);
    const after = await review.ask('session', { id: 'one' });
    assert.ok(after.steps.every(({ kind }) => kind === 'request'));
  });

  it('finds requests by effect and text, and says which rules had a part', async (t) => {
    const { review } = await reviewOf(t, [...sampleSession('one', 3), ...sampleSession('two', 1)]);
    const denied = await review.ask('requests', { effect: 'deny' });
    assert.deepEqual(
      denied.requests.map(({ id }) => id),
      ['two-denied', 'one-denied'],
    );
    const found = await review.ask('requests', { text: 'from ORDERS' });
    assert.deepEqual(
      found.requests.map(({ id }) => id),
      ['two-held', 'one-held'],
    );
    assert.deepEqual((await review.ask('requests', { text: '%' })).requests, []);
    const page = await review.ask('requests', { limit: 3 });
    assert.ok(page.next !== undefined);
    const second = await review.ask('requests', { limit: 200, before: page.next });
    assert.equal(page.requests.length + second.requests.length, 12);
    assert.equal(second.next, undefined);
    assert.equal(page.requests.at(-1)?.rules[0]?.rule, 'read-shop');
    const { rules } = await review.ask('ruleCounts', {});
    const [busiest] = rules;
    assert.equal(busiest?.rule, 'read-shop');
    assert.equal(busiest?.requests, 10);
    assert.deepEqual((await review.ask('ruleCounts', { since: '2999-01-01T00:00:00Z' })).rules, []);
  });

  it('answers again after its thread has ended for want of questions', async (t) => {
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'written' });
    const indexing = startIndexing(recorder, { every: 60_000 });
    const review = openReview({ folder, workspaceFolder: folder, indexing, idleMs: 1 });
    for (let n = 0; n < 3; n++) assert.deepEqual((await review.ask('sessions', {})).sessions, []);
    await review.close();
    await assert.rejects(review.ask('sessions', {}), { code: 'store-closed' });
    await indexing.close();
    await recorder.close();
  });
});

describe('recorded requests decided again', () => {
  it('marks what would change, with the rules behind both answers', async (t) => {
    const held = decided('held', {
      text: 'DELETE FROM public.orders WHERE id = 1',
      effect: 'deny',
      approval: 'a1',
      reason: 'Gatehouse: ada denied request a1.',
      actions: [actionOn('delete', 'public.orders', 'approve')],
    });
    const [same, dropped, refused] = await againOf(
      t,
      [
        decided('same', { actions: [actionOn('select', 'public.pgbench_accounts')] }),
        decided('gone', {
          text: 'SELECT abalance FROM public.orders',
          actions: [actionOn('select', 'public.orders')],
        }),
        held,
      ],
      `${readAccounts}  - { name: careful, effect: deny, sql: { actions: [delete] }, message: Never delete. }\n`,
    );
    assert.equal(same?.kind, 'same');
    assert.deepEqual(dropped?.kind === 'changed' && [dropped.before.effect, dropped.after.effect], [
      'allow',
      'deny',
    ]);
    assert.ok(refused?.kind === 'changed');
    assert.equal(refused.before.effect, 'approve');
    assert.deepEqual(refused.after.rules, [
      { policy: 'shop', rule: 'careful', effect: 'deny', file: policyPath, line: 9 },
    ]);
    assert.match(refused.after.reason, /Never delete/);
  });

  it('takes unsaved texts, and says where they have errors', async (t) => {
    const request = decided('r', { actions: [actionOn('select', 'public.pgbench_accounts')] });
    const { review } = await reviewOf(t, [sampleOpened('s'), request]);
    const ask = (text: string) =>
      review.ask('decideAgain', { of: { kind: 'requests', seqs: [2] }, files: [{ path: policyPath, text }] });
    const denied = await ask(policyOf('  - { name: closed, effect: deny }\n'));
    assert.ok(denied.kind === 'decided');
    assert.equal(denied.requests[0]?.kind, 'changed');
    const broken = await ask('gatehouse: v1\nkind: Policy\nrules: 1\n');
    assert.ok(broken.kind === 'broken');
    assert.match(broken.problems[0] ?? '', /^\.gatehouse\/policies\/shop\.policy\.yaml:\d+:\d+ /);
    await assert.rejects(
      review.ask('decideAgain', {
        of: { kind: 'session', id: 's' },
        files: [{ path: '../secrets.yaml', text: '' }],
      }),
      { code: 'usage' },
    );
  });

  it('says that it cannot tell where a rule asks for what the record lacks', async (t) => {
    const actions = [actionOn('select', 'public.pgbench_accounts')];
    const asks = (when: string) => `${readAccounts}    when: ${when}\n`;
    const kindFor = async (when: string, more: Partial<RequestDecided> = {}) => {
      const [answer] = await againOf(t, [decided('r', { actions, ...more })], asks(when));
      return answer?.kind === 'open' ? `open: ${answer.why}` : answer?.kind;
    };
    assert.match((await kindFor('request.sql.inTransaction')) ?? '', /^open: .*inside of a transaction/);
    assert.equal(await kindFor('request.sql.inTransaction || request.sql.hasWhere'), 'same');
    assert.match((await kindFor('request.sql.application == "psql"')) ?? '', /^open: .*application name/);
    assert.match((await kindFor('request.sql.plannerCost < 10.0')) ?? '', /^open: .*planner/);
    assert.equal(await kindFor('request.sql.plannerCost < 10.0', { plan: { cost: 5, rows: 1 } }), 'same');
    assert.equal(await kindFor('request.sql.plannerCost < 10.0', { plan: { cost: 50, rows: 1 } }), 'changed');
    assert.equal(await kindFor('principal.task == "T-1" && request.sql.tables.size() == 1'), 'same');
    const executed = { text: 'EXECUTE p' };
    assert.match((await kindFor('request.sql.hasLimit', executed)) ?? '', /^open: .*prepared statement/);
  });

  it('leaves open what was refused by no rule, and keeps what nobody could read refused', async (t) => {
    const actions = [actionOn('select', 'public.pgbench_accounts')];
    const [rate, unread, limit] = await againOf(t, [
      decided('rate', {
        actions,
        effect: 'deny',
        reason: 'Gatehouse: the limit statementsPerMinute is reached',
      }),
      decided('unread', { text: 'SELEC', actions: [], effect: 'deny', undecidable: 'syntax' }),
      decided('limit', { actions, effect: 'deny', limits: { cost: 10 }, plan: { cost: 20, rows: 1 } }),
    ]);
    assert.ok(rate?.kind === 'open');
    assert.match(rate.why, /statementsPerMinute/);
    assert.equal(unread?.kind, 'same');
    assert.deepEqual(limit?.kind === 'changed' && limit.after.effect, 'allow');
  });

  it('tells limits that change for a request that still passes', async (t) => {
    const actions = [actionOn('select', 'public.pgbench_accounts')];
    const [told, denied] = await againOf(
      t,
      [
        decided('r', { actions, limits: { rows: 10, bytes: 5 } }),
        decided('d', { actions: [actionOn('select', 'public.other', 'deny')], effect: 'deny' }),
      ],
      readAccounts,
      'limits: { rows: 100, bytes: 5B, cost: 9 }\n',
    );
    assert.ok(told?.kind === 'open', 'a limit on the plan asks for what was not recorded');
    assert.equal(denied?.kind, 'same');
    const [changed] = await againOf(
      t,
      [decided('r', { actions, limits: { rows: 10, duration: 50 } })],
      readAccounts,
      'limits: { rows: 100, statementsPerMinute: 5 }\n',
    );
    assert.ok(changed?.kind === 'changed');
    assert.deepEqual(changed.limits, [
      { limit: 'rows', before: 10, after: 100 },
      { limit: 'duration', before: 50 },
      { limit: 'statementsPerMinute', after: 5 },
    ]);
    assert.equal(changed.masks, undefined);
  });

  it('tells masks that come and go, of columns that the request names alone', async (t) => {
    const actions = [actionOn('select', 'public.pgbench_accounts')];
    const masks = [
      { columns: ['public.pgbench_accounts.abalance'], with: 'redact', policy: 'shop' },
    ] as const;
    const more = 'masks:\n  - { columns: ["public.orders.*"], with: redact }\n';
    const [gone, none] = await againOf(
      t,
      [decided('gone', { actions, masks }), decided('none', { actions })],
      readAccounts,
      more,
    );
    assert.ok(gone?.kind === 'changed');
    assert.deepEqual(gone.masks, { gone: masks, come: [] });
    assert.equal(none?.kind, 'same');
  });

  it('goes on behind a session of very many requests', async (t) => {
    const many = Array.from({ length: 1001 }, (_, n) => decided(`r${n}`, { actions: [] }));
    const { review } = await reviewOf(t, [sampleOpened('s'), ...many, sampleAnswered('s', 'r0')]);
    const first = await review.ask('decideAgain', { of: { kind: 'session', id: 's' } });
    assert.ok(first.kind === 'decided' && first.next !== undefined);
    assert.equal(first.requests.length, 1000);
    const rest = await review.ask('decideAgain', { of: { kind: 'session', id: 's', after: first.next } });
    assert.ok(rest.kind === 'decided');
    assert.deepEqual(
      rest.requests.map(({ request }) => request),
      ['r1000'],
    );
  });
});

describe('rules made from recorded requests', () => {
  const ordersOf = (request: string, text: string) =>
    decided(request, {
      text,
      effect: 'deny',
      actions: [actionOn('select', 'public.orders', 'deny')],
    });

  it('are edits of the files as they stand, also unsaved, with what else they would have let pass', async (t) => {
    const { review } = await reviewOf(t, [
      sampleOpened('s'),
      ordersOf('one', 'SELECT abalance FROM public.orders WHERE id = 1'),
      ordersOf('two', 'SELECT abalance FROM public.orders WHERE id = 2'),
      ordersOf('again', 'SELECT abalance FROM public.orders WHERE id = 1'),
      ordersOf('all', 'SELECT abalance FROM public.orders'),
    ]);
    const found = await review.ask('suggestRules', { seq: 2 });
    assert.ok(found.kind === 'suggested', JSON.stringify(found));
    assert.equal(found.effect, 'deny');
    assert.equal(found.looked, 2);
    const [first] = found.suggestions;
    assert.equal(first?.file, policyPath);
    assert.equal(first.title, 'Allow select on public.orders (abalance) for claude with WHERE');
    assert.equal(first.evidence.loosened, 1);
    assert.deepEqual(
      first.evidence.examples.map(({ text, agent }) => [text, agent]),
      [['SELECT abalance FROM public.orders WHERE id = 2', 'claude']],
    );
    const entry = found.suggestions.find(({ kind }) => kind === 'entry');
    assert.equal(entry?.title, 'Add public.orders to the tables of read');
    assert.equal(entry?.evidence.loosened, 2);
    // As the editor's text has it, every place is further down.
    const text = `# New.\n${policyOf(readAccounts)}`;
    const unsaved = await review.ask('suggestRules', { seq: 2, files: [{ path: policyPath, text }] });
    assert.ok(unsaved.kind === 'suggested');
    assert.equal(unsaved.suggestions[0]?.edits[0]?.start, (first.edits[0]?.start ?? 0) + '# New.\n'.length);
  });

  it('are made of a request that still waits for an answer', async (t) => {
    const { digest, policyDigest } = decided('held');
    const asked: RecordEntry = {
      kind: 'approval.asked',
      session: 's',
      approval: 'ask-1',
      text: 'SELECT abalance FROM public.orders WHERE id = 1',
      digest,
      by: [['*']],
      expires: '2030-01-01T00:00:00.000Z',
      reason: 'Somebody looks first.',
      actions: [actionOn('select', 'public.orders', 'approve')],
      policyDigest,
    };
    const held = `${readAccounts}  - name: orders-need-a-person
    effect: approve
    sql: { actions: [select], tables: [public.orders] }
`;
    const { review } = await reviewOf(t, [sampleOpened('s'), asked], held);
    const found = await review.ask('suggestRules', { approval: 'ask-1' });
    assert.ok(found.kind === 'suggested', JSON.stringify(found));
    assert.equal(found.effect, 'approve');
    assert.deepEqual(
      found.obstacles.map(({ rule }) => rule),
      ['orders-need-a-person'],
    );
    assert.equal(found.suggestions[0]?.file, policyPath);
    await assert.rejects(review.ask('suggestRules', { approval: 'ask-2' }), { code: 'usage' });
  });

  it('are none for files with errors, and for what is no request', async (t) => {
    const { review } = await reviewOf(t, [sampleOpened('s'), ordersOf('one', 'SELECT 1 FROM public.orders')]);
    const files = [{ path: policyPath, text: 'gatehouse: v2' }];
    assert.equal((await review.ask('suggestRules', { seq: 2, files })).kind, 'broken');
    await assert.rejects(review.ask('suggestRules', { seq: 1 }), { code: 'usage' });
  });
});
