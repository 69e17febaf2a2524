import path from 'node:path';
import { suggest } from '@gatehouse/policy-schema/syntax/suggest.ts';
import { AgentSessions, type ServedResource } from '../agents/agent-sessions.ts';
import type { AccessRequests } from '../core/access-requests.ts';
import type { Approvals } from '../core/approvals.ts';
import { budgetStatuses } from '../core/budget-status.ts';
import { ConfigFault } from '../core/faults.ts';
import type { Usage } from '../core/usage.ts';
import { isControlSecret } from '../identity/control-secret.ts';
import type { Person } from '../identity/person.ts';
import type { SecretText } from '../identity/secret-text.ts';
import type { Tokens } from '../identity/tokens.ts';
import type { RecordLine } from '../recordings/entry.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { Recorder } from '../recordings/recorder.ts';
import type { Review } from '../review/questions.ts';
import { version } from '../core/version.ts';
import type { AcceptedPolicy } from '../workspace/accepted.ts';
import type { Listeners } from '../workspace/listeners.ts';
import type { StatusResult, TokenParams, TokenResult } from './messages.ts';
import { ownOperations } from './own-operations.ts';
import type { ControlService, Role } from './service.ts';

export interface OperationParts {
  readonly workspaceFolder: string;
  /** Where the workspace's state is kept. */
  readonly stateFolder: string;
  readonly person: Person;
  readonly secret: SecretText;
  readonly launchSecret: SecretText;
  readonly tokens: Tokens;
  readonly approvals: Approvals;
  readonly access: AccessRequests;
  readonly usage: Usage;
  readonly accepted: AcceptedPolicy;
  readonly listeners: Listeners;
  readonly recorder: Recorder;
  readonly review: Review;
  readonly durability: string;
  /** The secrets that the daemon was given, by name. */
  readonly given: ReadonlyMap<string, SecretText>;
  /** A PEM file with the daemon's own CA. */
  readonly caFile: string;
  readonly shutdown: () => void;
  readonly log: (line: string) => void;
}

/** What the control socket asks for, done with the parts of the daemon. */
export function controlOperations(parts: OperationParts): ControlService {
  const startedAt = new Date().toISOString();
  const status = (): StatusResult => ({
    version,
    pid: process.pid,
    startedAt,
    workspace: parts.workspaceFolder,
    resources: parts.listeners.list().map((each) => ({ ...each, ...missingSecret(parts, each.name) })),
    policy: parts.accepted.status(),
    approvalsWaiting: parts.approvals.list().length,
    ...budgetsOf(parts),
    records: {
      folder: parts.recorder.folder,
      durability: parts.durability,
      lines: parts.recorder.lines,
    },
  });
  const agents = new AgentSessions({
    workspaceFolder: parts.workspaceFolder,
    stateFolder: parts.stateFolder,
    served: () => servedResources(parts),
    mint: (params) => mintToken(parts, params),
    log: parts.log,
  });
  return {
    version,
    records: parts.recorder,
    log: parts.log,
    recognise(secret) {
      if (isControlSecret(parts.secret, secret)) return { kind: 'operator' };
      if (isControlSecret(parts.launchSecret, secret)) return { kind: 'launcher' };
      const agent = parts.tokens.identify(secret);
      return agent === undefined
        ? undefined
        : { kind: 'agent', resource: agent.resource, principal: agent.principal };
    },
    status: (role) => (role.kind === 'operator' ? status() : reduced(status(), role)),
    mintToken: (params) => mintToken(parts, params),
    own: ownOperations(parts),
    accessRequests: () => parts.access.list(),
    onAccessRequests: (listener) => parts.access.subscribe(listener),
    answerAccess: ({ id, answer, reason }) => parts.access.answer(id, answer, parts.person.name, reason),
    approvals: () => parts.approvals.list(),
    onApprovals: (listener) => parts.approvals.subscribe(listener),
    answer: ({ id, answer, reason, scope }) => {
      const { name, groups } = parts.person;
      return parts.approvals.answer(id, answer, { person: name, groups }, reason, scope);
    },
    acceptPolicy: ({ digest }) => parts.accepted.accept(digest, parts.person.name),
    policyTexts: () => parts.accepted.texts(),
    names: ({ resource }) => served(parts, resource).listener.names(),
    environment: (params) => agents.environment(params),
    hook: (params) => agents.answer(params),
    backlog: (lines) => lastLines(parts.recorder, lines),
    ask: (name, params) => parts.review.ask(name, params),
    shutdown: parts.shutdown,
  };
}

function missingSecret({ listeners, given }: OperationParts, name: string) {
  const source = listeners.find(name)?.resource.password;
  if (source === undefined || !('stdin' in source) || given.has(source.stdin)) return {};
  return { missingSecret: source.stdin };
}

function budgetsOf({ usage, accepted, listeners, person, workspaceFolder }: OperationParts) {
  const workspace = path.basename(workspaceFolder);
  const resources = listeners.list().flatMap(({ name }) => listeners.find(name)?.resource ?? []);
  const { problem } = usage;
  return {
    budgets: budgetStatuses({
      policies: accepted.current.compiled,
      usage,
      resources: resources.map(({ name, protocol, labels }) => ({ name, protocol, labels })),
      principal: (name, agent) => ({
        person: name,
        groups: name === person.name ? person.groups : [],
        agent,
        workspace,
        task: '',
      }),
    }),
    ...(problem === undefined ? {} : { budgetsProblem: problem }),
  };
}

/** What an agent may know: where its own resource is and which policy holds. A launcher knows the resources of all. */
function reduced(whole: StatusResult, role: Role): StatusResult {
  const knows = (name: string) =>
    role.kind === 'launcher' || (role.kind === 'agent' && role.resource === name);
  return {
    version: whole.version,
    pid: whole.pid,
    startedAt: whole.startedAt,
    workspace: path.basename(whole.workspace),
    resources: whole.resources
      .filter((resource) => knows(resource.name))
      .map((resource) => ({ ...resource, upstream: '', sessions: 0 })),
    policy: { accepted: whole.policy.accepted },
    approvalsWaiting: 0,
    budgets: [],
    records: { folder: '', durability: whole.records.durability, lines: 0 },
  };
}

const agentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const taskName = /^[^\p{Cc}]{0,200}$/u;

function mintToken(parts: OperationParts, params: TokenParams): TokenResult {
  const { agent, task = '', ttl } = params;
  if (!agentName.test(agent)) {
    throw new ConfigFault('usage', 'An agent is named by letters, digits, ".", "_" and "-", 64 at most.');
  }
  if (!taskName.test(task)) throw new ConfigFault('usage', 'A task is one line of at most 200 characters.');
  const found = served(parts, params.resource);
  const { person } = parts;
  const workspace = path.basename(parts.workspaceFolder);
  const principal = { person: person.name, groups: person.groups, agent, workspace, task };
  const { token, expires } = parts.tokens.mint({ principal, resource: params.resource, ttl });
  return {
    token,
    expires: expires.toISOString(),
    host: found.listener.host,
    port: found.listener.port,
    user: found.resource.user,
    database: found.resource.database,
    ca: parts.caFile,
  };
}

/** @throws ConfigFault when there is no such resource, or it is not served now */
function served({ listeners }: OperationParts, name: string) {
  const found = listeners.find(name);
  if (found === undefined) throw unknownResource(listeners, name);
  const { resource, listener, problem } = found;
  if (listener === undefined) {
    throw new ConfigFault('usage', `The resource ${name} is not served now: ${problem ?? 'unknown'}`);
  }
  return { resource, listener };
}

function servedResources({ listeners }: OperationParts): readonly ServedResource[] {
  return listeners.list().flatMap(({ name, listen }) => {
    const resource = listeners.find(name)?.resource;
    if (resource === undefined || listen === undefined) return [];
    const { protocol, host, port, database } = resource;
    return [{ resource: name, protocol, host, port, database, gatePort: listen.port }];
  });
}

function unknownResource(listeners: Listeners, name: string): ConfigFault {
  const names = listeners.list().map((resource) => resource.name);
  const close = suggest(name, names);
  const words = close === undefined ? `There are: ${names.join(', ') || 'none'}.` : `Did you mean ${close}?`;
  return new ConfigFault('resource-unknown', `No resource is named "${name}". ${words}`);
}

async function lastLines(recorder: Recorder, count: number): Promise<readonly RecordLine[]> {
  const lines: RecordLine[] = [];
  const from = Math.max(1, recorder.lines - count + 1);
  for await (const { line } of readRecords(recorder.folder, { from })) lines.push(line);
  return lines;
}
