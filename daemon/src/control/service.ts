import type { Principal } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { RecordLine } from '../recordings/entry.ts';
import type { Records } from '../recordings/record.ts';
import type { Review } from '../review/questions.ts';
import type {
  AcceptParams,
  AccessRequest,
  AnswerAccessParams,
  AnswerParams,
  HeldApproval,
  EnvironmentParams,
  EnvironmentResult,
  HookAnswer,
  HookParams,
  KnownNames,
  NamesParams,
  OwnDecision,
  OwnDecisionParams,
  OwnDenial,
  OwnDenialsParams,
  OwnPolicy,
  OwnSchema,
  OwnSchemaParams,
  PolicyStatus,
  RequestAccessParams,
  PolicyTextsResult,
  StatusResult,
  TokenParams,
  TokenResult,
} from './messages.ts';

/** What a caller is, by the secret that it said hello with. */
export type Role =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'operator' }
  /** Starts agents: it may make tokens for them, and answer nothing. */
  | { readonly kind: 'launcher' }
  | AgentRole;

/** An agent's token: it may ask about itself on its own resource, and nothing else. */
export interface AgentRole {
  readonly kind: 'agent';
  readonly resource: string;
  readonly principal: Principal;
}

/** What an agent may ask about itself, and ask for. */
export interface OwnService {
  ownPolicy(role: AgentRole): OwnPolicy;
  ownDecision(role: AgentRole, params: OwnDecisionParams): Promise<OwnDecision>;
  ownSchema(role: AgentRole, params: OwnSchemaParams): Promise<OwnSchema>;
  ownDenials(role: AgentRole, params: OwnDenialsParams): Promise<readonly OwnDenial[]>;
  requestAccess(role: AgentRole, params: RequestAccessParams): Promise<AccessRequest>;
}

/** What the control socket can ask of the daemon. Every method that refuses throws a fault whose message may go out. */
export interface ControlService {
  readonly version: string;
  readonly records: Records;
  readonly log: (line: string) => void;
  /** Undefined: the secret is nobody's. */
  recognise(secret: string): Exclude<Role, { kind: 'stranger' }> | undefined;
  status(role: Role): StatusResult;
  mintToken(params: TokenParams): TokenResult;
  readonly own: OwnService;
  accessRequests(): readonly AccessRequest[];
  onAccessRequests(listener: () => void): () => void;
  answerAccess(params: AnswerAccessParams): Promise<AccessRequest>;
  approvals(): readonly HeldApproval[];
  onApprovals(listener: () => void): () => void;
  answer(params: AnswerParams): HeldApproval;
  acceptPolicy(params: AcceptParams): Promise<PolicyStatus>;
  policyTexts(): PolicyTextsResult;
  names(params: NamesParams): Promise<KnownNames>;
  environment(params: EnvironmentParams): EnvironmentResult;
  hook(params: HookParams): HookAnswer;
  /** The last lines of the store, oldest first. */
  backlog(lines: number): Promise<readonly RecordLine[]>;
  /** Questions about the record. */
  readonly ask: Review['ask'];
  /** Asks the daemon to end; returns before it has. */
  shutdown(): void;
}
