import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compilePolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { loadReaders, readers } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { rulingOf } from '@gatehouse/daemon/core/record-entries.ts';
import type { SessionOpened } from '@gatehouse/daemon/recordings/entry.ts';
import { openRecorder, type Recorder } from '@gatehouse/daemon/recordings/recorder.ts';

/**
 * A store of records as a busy team's gate would have written it in a week: several agents and databases, sessions of
 * some hundred requests, statements of an application with values of their own in each, and the answers between them.
 */

export const simulationWorkspace = `gatehouse: v1
kind: Workspace
resources:
${['shop', 'billing', 'support'].map((name) => `  - { name: ${name}-db, protocol: postgres, labels: { env: prod }, host: localhost, database: ${name}, user: rw }\n`).join('')}`;

/** What was in force; `more` rules make it another. */
export function simulationPolicy(more = '', masks = 'with: redact'): string {
  return `gatehouse: v1
kind: Policy
name: team
applies: { to: ["*"] }
rules:
  - name: run-a-session
    effect: allow
    sql: { actions: [begin, commit, rollback, values, show] }
  - name: read
    effect: allow
    sql: { actions: [select], tables: ["public.a*", "public.b*", "public.c*", "public.o*"] }
  - name: call
    effect: allow
    sql: { actions: [call], functions: ["pg_catalog.*"] }
  - name: write-orders
    effect: allow
    sql: { actions: [insert, update], tables: ["public.o*"] }
  - name: deletes-need-a-person
    effect: approve
    sql: { actions: [delete], tables: ["public.o*"] }
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate] }
    message: Schema changes go through a migration.
  - name: no-writes-without-where
    effect: deny
    sql: { actions: [update, delete] }
    when: "!request.sql.hasWhere"
${Array.from({ length: 40 }, (_, at) => `  - { name: area-${at}, effect: ${at % 3 === 0 ? 'deny' : 'allow'}, sql: { tables: ["area${at}.*"] } }\n`).join('')}${more}masks:
  - { columns: ["*.email"], ${masks} }
limits: { rows: 1000, bytes: 5MB }
`;
}

const tables = [
  ...[
    'accounts',
    'addresses',
    'baskets',
    'brands',
    'customers',
    'categories',
    'coupons',
    'orders',
    'order_lines',
  ],
  ...['products', 'payments', 'payrolls', 'reviews', 'suppliers', 'tickets', 'users'],
].map((name) => `public.${name}`);

type Words = (kind: 'id' | 'name' | 'day' | 'money') => string;

/** Statements of an application, by table; each asks `v` for values of its own. */
const statements: readonly ((table: string, v: Words) => string)[] = [
  (t, v) => `SELECT id, name, email FROM ${t} WHERE id = ${v('id')}`,
  (t, v) => `SELECT * FROM ${t} WHERE created_at >= '${v('day')}' ORDER BY id LIMIT 50`,
  (t, v) => `SELECT count(*) FROM ${t} WHERE name = '${v('name')}' AND price < ${v('money')}`,
  (t, v) =>
    `SELECT o.id, o.total, c.name FROM public.orders o JOIN ${t} c ON c.id = o.customer_id WHERE o.id IN (${v('id')}, ${v('id')}, ${v('id')}) AND o.placed_at > '${v('day')}'`,
  (t, v) =>
    `INSERT INTO ${t} (id, name, note, price)\nVALUES (${v('id')}, '${v('name')}', '${v('name')} on ${v('day')}', ${v('money')})`,
  (t, v) => `UPDATE ${t} SET name = '${v('name')}', price = ${v('money')} WHERE id = ${v('id')}`,
  (t, v) => `DELETE FROM ${t} WHERE id = ${v('id')}`,
  (t) => `UPDATE ${t} SET price = 0`,
  (t) => `TRUNCATE ${t}`,
  (t, v) =>
    `WITH late AS (SELECT id FROM ${t} WHERE due < '${v('day')}') SELECT name, lower(email) FROM ${t} WHERE id IN (SELECT id FROM late) AND name LIKE '${v('name')}%'`,
];

const names = [
  'Ada',
  'Grace',
  "O''Neill",
  'Zoë',
  'Łukasz',
  'Jürgen "JJ"',
  '李',
  'back office',
  'a, b; c -- d',
];
const agents = ['claude', 'copilot', 'codex', 'cursor', 'reports', 'support-bot'];
const people = ['mira', 'jon', 'ada', 'li'];

export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

/** A small generator of numbers, so that each run has the same traffic. */
function numbers(): (below: number) => number {
  let state = 0x2545f491;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Write `count` requests of the last six days into a store. */
export async function writeTraffic(folder: string, count: number): Promise<Traffic> {
  await loadReaders();
  const { set, workspace } = checkWorkspace({
    workspace: { file: workspaceFile, text: simulationWorkspace },
    policies: new Map([['.gatehouse/policies/team.policy.yaml', simulationPolicy()]]),
    checks: [],
  });
  if (set === undefined || workspace === undefined)
    throw new Error('The policy of the benchmark has errors.');
  const compiled = compilePolicies(set);
  const pick = numbers();
  const from = Date.now() - 6 * 86_400_000;
  let made = 0;
  const recorder = await openRecorder(folder, {
    durability: 'written',
    now: () => new Date(from + (made / count) * 6 * 86_400_000),
  });
  const words: Words = (kind) => {
    switch (kind) {
      case 'id':
        return String(pick(1_000_000));
      case 'name':
        return `${names[pick(names.length)]} ${pick(10_000)}`;
      case 'day':
        return `2026-${String(1 + pick(12)).padStart(2, '0')}-${String(1 + pick(28)).padStart(2, '0')}`;
      case 'money':
        return `${pick(9000) + 1}.${10 + pick(90)}`;
    }
  };
  const decisions = new Map<string, Decision>();
  for (let session = 0; made < count; session++) {
    const resource = workspace.resources[pick(3)];
    if (resource === undefined) throw new Error('The workspace of the benchmark has too few resources.');
    const opened = openedBy(`s${session}-${pick(1e9).toString(36)}`, resource.name, {
      agent: agents[pick(agents.length)] ?? '',
      person: people[pick(people.length)] ?? '',
      task: `T-${pick(5000)}`,
    });
    recorder.note(opened);
    for (let left = 50 + pick(200); left > 0 && made < count; left--) {
      const which = Math.min(pick(statements.length), pick(statements.length));
      const table = tables[Math.min(pick(tables.length), pick(tables.length))] ?? '';
      const text = statements[which]?.(table, words) ?? '';
      const key = `${which} ${table} ${opened.principal.agent} ${resource.name} ${opened.principal.person}`;
      let decision = decisions.get(key);
      if (decision === undefined) {
        const request = readers.postgres.read(text, { inTransaction: false, application: 'app' });
        decision = decide(compiled, { request, principal: opened.principal, resource, now: new Date(from) });
        decisions.set(key, decision);
      }
      await ask(recorder, { opened, id: `r${made}`, text, decision, rows: pick(20) });
      made += 1;
      if (made % 4000 === 0) await recorder.append({ kind: 'daemon.started', detail: 'a beat' });
    }
  }
  await recorder.close();
  const segments = join(folder, 'segments');
  const bytes = readdirSync(segments).reduce((sum, name) => sum + statSync(join(segments, name)).size, 0);
  return { requests: made, bytes };
}

function openedBy(
  session: string,
  resource: string,
  who: { readonly agent: string; readonly person: string; readonly task: string },
): SessionOpened {
  return {
    kind: 'session.opened',
    session,
    resource,
    protocol: 'postgres',
    principal: { ...who, groups: ['dev'], workspace: '/home/team/shop' },
    client: { address: '127.0.0.1:50000', application: `app ${session}` },
  };
}

async function ask(
  recorder: Recorder,
  asked: {
    readonly opened: SessionOpened;
    readonly id: string;
    readonly text: string;
    readonly decision: Decision;
    readonly rows: number;
  },
): Promise<void> {
  const { opened, id, text, decision, rows } = asked;
  const { effect, observed, reason, hint, policyDigest } = decision;
  const kept = recorder.decided(
    {
      kind: 'request.decided',
      session: opened.session,
      request: id,
      text,
      digest: createHash('sha256').update(text).digest('hex'),
      effect,
      observed,
      reason,
      policyDigest,
      decideMs: 0.034,
      ...(hint === undefined ? {} : { hint }),
    },
    rulingOf(decision),
  );
  if (effect === 'allow') {
    recorder.note({
      kind: 'request.answered',
      session: opened.session,
      request: id,
      outcome: 'completed',
      tag: `SELECT ${rows}`,
      rows,
      bytes: rows * 40,
      durationMs: 1.25,
      result: {
        columns: ['id', 'name', 'email'],
        rows: Array.from({ length: Math.min(rows, 8) }, (_, at) => [String(at), 'somebody', '[redacted]']),
        truncated: rows > 8,
      },
    });
  }
  if (rows === 0) await kept;
  else kept.catch(() => {});
}
