import type { SQLOutputValue } from 'node:sqlite';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { ApprovalAnswered, PolicyChanged, RequestAnswered } from './entry.ts';

/** What the index answers. Times are ISO 8601 in UTC, durations milliseconds. */

export interface SessionRow {
  readonly id: string;
  /** `lost`: the daemon ended without closing it. */
  readonly state: 'open' | 'closed' | 'lost';
  readonly closedReason?: string;
  readonly openedAt: string;
  /** Of its last record so far. */
  readonly lastAt: string;
  readonly resource: string;
  readonly protocol: string;
  readonly person: string;
  readonly groups: readonly string[];
  readonly agent: string;
  readonly workspace: string;
  readonly task: string;
  readonly client: { readonly address: string; readonly application: string };
  /** Requests that were run or refused; of these, refused, let pass by a person, and not completed. */
  readonly requests: number;
  readonly denied: number;
  readonly approved: number;
  readonly failed: number;
  readonly rows: number;
  readonly bytes: number;
  /** Where its records are. */
  readonly place: {
    readonly segment: number;
    readonly offset: number;
    readonly firstSeq: number;
    readonly lastSeq: number;
  };
}

export interface RequestRow {
  readonly seq: number;
  readonly id: string;
  readonly session: string;
  readonly at: string;
  readonly stage: 'prepare' | 'run';
  readonly text: string;
  /** Only the beginning of the text is here; all of it is in the record `seq`. */
  readonly textCut: boolean;
  readonly effect: Effect;
  readonly observed: Effect;
  readonly reason: string;
  readonly undecidable?: string;
  readonly digest: string;
  readonly policyDigest: string;
  readonly approval?: string;
  readonly decideMs: number;
  readonly resource: string;
  readonly agent: string;
  readonly person: string;
  /** Absent while it runs, and for what was refused. */
  readonly answer?: {
    readonly seq: number;
    readonly outcome: RequestAnswered['outcome'];
    readonly tag?: string;
    readonly rows: number;
    readonly bytes: number;
    readonly durationMs: number;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

export interface RuleRow {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly file: string;
  readonly line: number;
}

export interface RequestRuleRow extends RuleRow {
  readonly error?: string;
}

export interface RuleCount extends RuleRow {
  readonly requests: number;
  /** Of these, those in which its condition failed. */
  readonly errors: number;
  readonly lastAt: string;
}

export interface AgentRow {
  readonly agent: string;
  readonly task: string;
  readonly person: string;
  readonly resource: string;
  readonly sessions: number;
  /** Of these, open now. */
  readonly open: number;
  readonly requests: number;
  readonly denied: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface ApprovalRow {
  readonly id: string;
  readonly session: string;
  readonly askedSeq: number;
  readonly askedAt: string;
  readonly text: string;
  readonly textCut: boolean;
  readonly digest: string;
  readonly by: readonly (readonly string[])[];
  readonly expires: string;
  readonly reason: string;
  readonly policyDigest: string;
  readonly answered?: {
    readonly seq: number;
    readonly at: string;
    readonly answer: ApprovalAnswered['answer'];
    readonly by?: string;
    readonly reason?: string;
  };
}

export interface PolicyChangeRow {
  readonly seq: number;
  readonly at: string;
  readonly state: PolicyChanged['state'];
  readonly policyDigest: string;
  readonly by?: string;
  readonly detail?: string;
}

type Row = Record<string, SQLOutputValue>;

export function sessionRow(row: Row): SessionRow {
  return {
    id: text(row.id),
    state: text(row.state) as SessionRow['state'],
    ...optional('closedReason', row.closed_reason),
    openedAt: text(row.opened_at),
    lastAt: text(row.last_at),
    resource: text(row.resource),
    protocol: text(row.protocol),
    person: text(row.person),
    groups: JSON.parse(text(row.groups)) as string[],
    agent: text(row.agent),
    workspace: text(row.workspace),
    task: text(row.task),
    client: { address: text(row.client_address), application: text(row.client_application) },
    requests: Number(row.requests),
    denied: Number(row.denied),
    approved: Number(row.approved),
    failed: Number(row.failed),
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    place: {
      segment: Number(row.opened_segment),
      offset: Number(row.opened_offset),
      firstSeq: Number(row.opened_seq),
      lastSeq: Number(row.last_seq),
    },
  };
}

export function requestRow(row: Row): RequestRow {
  const error = { code: text(row.error_code), message: text(row.error_message) };
  const answer = {
    seq: Number(row.answered_seq),
    outcome: text(row.outcome) as RequestAnswered['outcome'],
    ...optional('tag', row.tag),
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    durationMs: Number(row.duration_ms),
    ...(row.error_code === null ? {} : { error }),
  };
  return {
    seq: Number(row.seq),
    id: text(row.id),
    session: text(row.session),
    at: text(row.at),
    stage: text(row.stage) as RequestRow['stage'],
    text: text(row.text),
    textCut: row.text_cut === 1,
    effect: text(row.effect) as Effect,
    observed: text(row.observed) as Effect,
    reason: text(row.reason),
    ...optional('undecidable', row.undecidable),
    digest: text(row.digest),
    policyDigest: text(row.policy_digest),
    ...optional('approval', row.approval),
    decideMs: Number(row.decide_ms),
    resource: text(row.resource),
    agent: text(row.agent),
    person: text(row.person),
    ...(row.answered_seq === null ? {} : { answer }),
  };
}

function ruleRow(row: Row): RuleRow {
  return {
    policy: text(row.policy),
    rule: text(row.rule),
    effect: text(row.effect) as Effect,
    file: text(row.file),
    line: Number(row.line),
  };
}

export function requestRuleRow(row: Row): RequestRuleRow {
  return { ...ruleRow(row), ...optional('error', row.error) };
}

export function ruleCount(row: Row): RuleCount {
  return {
    ...ruleRow(row),
    requests: Number(row.requests),
    errors: Number(row.errors),
    lastAt: text(row.last_at),
  };
}

export function agentRow(row: Row): AgentRow {
  return {
    agent: text(row.agent),
    task: text(row.task),
    person: text(row.person),
    resource: text(row.resource),
    sessions: Number(row.sessions),
    open: Number(row.open),
    requests: Number(row.requests),
    denied: Number(row.denied),
    firstAt: text(row.first_at),
    lastAt: text(row.last_at),
  };
}

export function approvalRow(row: Row): ApprovalRow {
  const answered = {
    seq: Number(row.answered_seq),
    at: text(row.answered_at),
    answer: text(row.answer) as ApprovalAnswered['answer'],
    ...optional('by', row.answered_by),
    ...optional('reason', row.answer_reason),
  };
  return {
    id: text(row.id),
    session: text(row.session),
    askedSeq: Number(row.asked_seq),
    askedAt: text(row.asked_at),
    text: text(row.text),
    textCut: row.text_cut === 1,
    digest: text(row.digest),
    by: JSON.parse(text(row.by)) as string[][],
    expires: text(row.expires),
    reason: text(row.reason),
    policyDigest: text(row.policy_digest),
    ...(row.answered_seq === null ? {} : { answered }),
  };
}

export function policyChangeRow(row: Row): PolicyChangeRow {
  return {
    seq: Number(row.seq),
    at: text(row.at),
    state: text(row.state) as PolicyChanged['state'],
    policyDigest: text(row.policy_digest),
    ...optional('by', row.by),
    ...optional('detail', row.detail),
  };
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function optional<Key extends string>(
  key: Key,
  value: SQLOutputValue | undefined,
): { readonly [K in Key]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { readonly [K in Key]?: string };
}
