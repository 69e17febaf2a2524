/**
 * The control API: JSON-RPC 2.0 (vscode-jsonrpc) over the daemon's local socket. The extension imports these types and
 * nothing else of the daemon. Requests other than `hello` need a `hello` with the right secret on the connection.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type {
  OwnDecision,
  OwnDecisionParams,
  OwnDenial,
  OwnDenialsParams,
  OwnPolicy,
  OwnSchema,
  OwnSchemaParams,
  RequestAccessParams,
} from '../agents/own.ts';
import type { AccessAnswer, AccessRequest } from '../core/access-requests.ts';
import type { BudgetStatus } from '../core/budget-status.ts';
import type { HeldApproval } from '../core/held-approval.ts';
import type { KnownNames } from '../core/known-names.ts';
import type { EnvironmentParams, EnvironmentResult, HookAnswer, HookParams } from '../agents/hook.ts';
import type { RecordLine } from '../recordings/entry.ts';
import type { Questions } from '../review/questions.ts';

export type {
  OwnDecision,
  OwnDecisionParams,
  OwnDenial,
  OwnDenialsParams,
  OwnMask,
  OwnPolicy,
  OwnRule,
  OwnSchema,
  OwnSchemaParams,
  OwnTable,
  RequestAccessParams,
} from '../agents/own.ts';
export type { AccessAnswer, AccessRequest } from '../core/access-requests.ts';
export type { BudgetStatus } from '../core/budget-status.ts';
export type { HeldApproval } from '../core/held-approval.ts';
export type { KnownNames, KnownTable } from '../core/known-names.ts';
export type { EnvironmentParams, EnvironmentResult, HookAnswer, HookParams } from '../agents/hook.ts';
export type { FileEdit } from '../agents/connect/plan.ts';
export type { ToldAgent, ToldPlan } from '../agents/connect/told.ts';
export type { Exposure, Finding, FindingKind, FindingPlace, Fix } from '../agents/exposure/finding.ts';
export type { RecordLine } from '../recordings/entry.ts';
export type { AgentRow, RequestRow, RuleCount, RuleRow, SessionRow } from '../recordings/index-rows.ts';
export type { RecordedApproval } from '../recordings/session-page.ts';
export type {
  Answered,
  DecideAgainParams,
  DecideAgainResult,
  Questions,
  Redecided,
  RequestsParams,
  RequestsResult,
  RuleCountsParams,
  RuleCountsResult,
  RuledRequestRow,
  SessionParams,
  SessionResult,
  SessionsParams,
  SessionsResult,
  SimulateParams,
  SimulateResult,
  SuggestRulesParams,
  SuggestRulesResult,
  ToldMask,
  ToldStep,
  WhichRequest,
  ToldSuggestion,
} from '../review/questions.ts';

export interface HelloParams {
  /** The control secret makes the caller an operator, the launch secret a launcher, a token the agent that it is for. */
  readonly secret: string;
  readonly client: string;
}
export interface HelloResult {
  readonly version: string;
  readonly role: 'operator' | 'launcher' | 'agent';
  readonly pid: number;
}

export interface ResourceStatus {
  readonly name: string;
  readonly protocol: string;
  /** Where agents connect. Absent while the listener is down; then `problem` says why. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly upstream: string;
  readonly sessions: number;
  readonly problem?: string;
  /** The name of a secret that the daemon was to be given and was not; without it the resource cannot be reached. */
  readonly missingSecret?: string;
}

export interface PolicyStatus {
  readonly accepted: { readonly digest: string; readonly policies: number; readonly rules: number };
  /** A change that waits for a person, with one line for each thing that it could newly allow. */
  readonly pending?: { readonly digest: string; readonly loosens: readonly string[] };
  /** What is wrong with the files as they stand; the accepted policy stays in force. */
  readonly broken?: readonly string[];
}

export interface StatusResult {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly workspace: string;
  readonly resources: readonly ResourceStatus[];
  readonly policy: PolicyStatus;
  readonly approvalsWaiting: number;
  /** Of open sessions, and of agents that were here today. */
  readonly budgets: readonly BudgetStatus[];
  /** Why nobody knows what was used today; requests under budgets of a day are denied until that is mended. */
  readonly budgetsProblem?: string;
  readonly records: { readonly folder: string; readonly durability: string; readonly lines: number };
}

export interface TokenParams {
  readonly resource: string;
  readonly agent: string;
  readonly task?: string;
  /** Milliseconds; at most a day. */
  readonly ttl: number;
}
export interface TokenResult {
  readonly token: string;
  readonly expires: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** A PEM file with the daemon's own CA, for clients that want TLS to the daemon. */
  readonly ca: string;
}

export interface AnswerParams {
  readonly id: string;
  readonly answer: 'approve' | 'deny';
  readonly reason?: string;
  /** `shape`: also all requests that differ from this one in nothing but values, for the rest of the session. Default `once`. */
  readonly scope?: 'once' | 'shape';
}

export interface AnswerAccessParams {
  readonly id: string;
  readonly answer: AccessAnswer['kind'];
  /** For the agent. */
  readonly reason?: string;
}

export interface NamesParams {
  readonly resource: string;
}

export interface AcceptParams {
  /** The digest that the person saw; refused if the files have changed since. */
  readonly digest: string;
}

export interface PolicyText {
  /** Relative to the workspace folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** Texts for a person who looks at a change: what is in force, and what waits. */
export interface PolicyTextsResult {
  readonly accepted: readonly PolicyText[];
  readonly pending?: { readonly digest: string; readonly files: readonly PolicyText[] };
}

export const hello = new RequestType<HelloParams, HelloResult, void>('gatehouse/hello');
export const status = new RequestType<Record<string, never>, StatusResult, void>('gatehouse/status');
export const mintToken = new RequestType<TokenParams, TokenResult, void>('gatehouse/mintToken');
export const approvals = new RequestType<Record<string, never>, readonly HeldApproval[], void>(
  'gatehouse/approvals',
);
export const answer = new RequestType<AnswerParams, HeldApproval, void>('gatehouse/answer');
/** What agents asked people for; their answers let nothing pass, the policy does. */
export const accessRequests = new RequestType<Record<string, never>, readonly AccessRequest[], void>(
  'gatehouse/accessRequests',
);
export const answerAccess = new RequestType<AnswerAccessParams, AccessRequest, void>(
  'gatehouse/answerAccess',
);
/** Asked with an agent's token, about that agent on its resource. */
export const ownPolicy = new RequestType<Record<string, never>, OwnPolicy, void>('gatehouse/ownPolicy');
export const ownDecision = new RequestType<OwnDecisionParams, OwnDecision, void>('gatehouse/ownDecision');
export const ownSchema = new RequestType<OwnSchemaParams, OwnSchema, void>('gatehouse/ownSchema');
export const ownDenials = new RequestType<OwnDenialsParams, readonly OwnDenial[], void>(
  'gatehouse/ownDenials',
);
export const requestAccess = new RequestType<RequestAccessParams, AccessRequest, void>(
  'gatehouse/requestAccess',
);
export const acceptPolicy = new RequestType<AcceptParams, PolicyStatus, void>('gatehouse/acceptPolicy');
export const policyTexts = new RequestType<Record<string, never>, PolicyTextsResult, void>(
  'gatehouse/policyTexts',
);
/** Tables and columns of a resource, asked of it now. */
export const names = new RequestType<NamesParams, KnownNames, void>('gatehouse/names');
/** The environment of an agent that is started by hand. */
export const environment = new RequestType<EnvironmentParams, EnvironmentResult, void>(
  'gatehouse/environment',
);
/** What to say to an agent that is about to use a tool, or begins a session. */
export const hook = new RequestType<HookParams, HookAnswer, void>('gatehouse/hook');
export const follow = new RequestType<{ readonly backlog: number }, void, void>('gatehouse/follow');
/** Questions about the record; they are answered in a thread of its own. */
export const questions: {
  readonly [Name in keyof Questions]: RequestType<Questions[Name]['params'], Questions[Name]['result'], void>;
} = {
  sessions: new RequestType('gatehouse/sessions'),
  session: new RequestType('gatehouse/session'),
  requests: new RequestType('gatehouse/requests'),
  ruleCounts: new RequestType('gatehouse/ruleCounts'),
  agentsSeen: new RequestType('gatehouse/agentsSeen'),
  decideAgain: new RequestType('gatehouse/decideAgain'),
  suggestRules: new RequestType('gatehouse/suggestRules'),
  simulate: new RequestType('gatehouse/simulate'),
};
export const shutdown = new RequestType<Record<string, never>, void, void>('gatehouse/shutdown');
/** Sent after `follow` for each record line as it becomes safe. */
export const recorded = new NotificationType<RecordLine>('gatehouse/recorded');
/** Sent to operators when a held request appears or goes. */
export const approvalsChanged = new NotificationType<readonly HeldApproval[]>('gatehouse/approvalsChanged');
/** Sent to operators when an agent asked for access, or was answered. */
export const accessRequestsChanged = new NotificationType<readonly AccessRequest[]>(
  'gatehouse/accessRequestsChanged',
);
/** Sent in place of record lines that a slow follower did not take in time; `gatehouse verify` and the store have them. */
export const missed = new NotificationType<{ readonly lines: number }>('gatehouse/missed');

/** The closed list of codes that the control server's errors carry, beside those of JSON-RPC. */
export const controlErrors = {
  /** `hello` comes first, with the right secret. */
  unauthenticated: 1,
  /** The caller's role may not do this. */
  forbidden: 2,
  /** It was asked rightly, and refused for the reason that the message gives. */
  refused: 3,
} as const;
