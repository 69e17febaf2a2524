import { readFileSync } from 'node:fs';
import { ConfigFault } from '../core/faults.ts';
import { readControlSecret } from '../identity/control-secret.ts';
import type { RecordLine } from '../recordings/entry.ts';
import type { StatePaths } from '../workspace/state.ts';
import { type Dialled, dial, isAnswer } from './dial.ts';
import * as messages from './messages.ts';

export interface ControlClient {
  readonly hello: messages.HelloResult;
  /** Settles when the daemon or this side has ended the connection. */
  readonly closed: Promise<void>;
  status(): Promise<messages.StatusResult>;
  mintToken(params: messages.TokenParams): Promise<messages.TokenResult>;
  approvals(): Promise<readonly messages.HeldApproval[]>;
  onApprovals(listener: (held: readonly messages.HeldApproval[]) => void): void;
  answer(params: messages.AnswerParams): Promise<messages.HeldApproval>;
  accessRequests(): Promise<readonly messages.AccessRequest[]>;
  answerAccess(params: messages.AnswerAccessParams): Promise<messages.AccessRequest>;
  /** With an agent's token, about that agent. */
  own: {
    policy(): Promise<messages.OwnPolicy>;
    decision(params: messages.OwnDecisionParams): Promise<messages.OwnDecision>;
    schema(params: messages.OwnSchemaParams): Promise<messages.OwnSchema>;
    denials(params: messages.OwnDenialsParams): Promise<readonly messages.OwnDenial[]>;
    requestAccess(params: messages.RequestAccessParams): Promise<messages.AccessRequest>;
  };
  acceptPolicy(digest: string): Promise<messages.PolicyStatus>;
  /** The last `backlog` lines, then each new one. `missed`: this side was too slow for so many lines. */
  follow(backlog: number, line: (line: RecordLine) => void, missed: (lines: number) => void): Promise<void>;
  names(resource: string): Promise<messages.KnownNames>;
  /** Questions about the record. */
  ask<Name extends keyof messages.Questions>(
    name: Name,
    params: messages.Questions[Name]['params'],
  ): Promise<messages.Questions[Name]['result']>;
  environment(params: messages.EnvironmentParams): Promise<messages.EnvironmentResult>;
  hook(params: messages.HookParams): Promise<messages.HookAnswer>;
  shutdown(): Promise<void>;
  close(): void;
}

export interface ConnectOptions {
  readonly state: StatePaths;
  /** Who calls, for the daemon's log. */
  readonly client: string;
  /** Absent: read from the state folder. An agent gives its token. */
  readonly secret?: string;
  /** A launcher does with the launch secret where the operator's is not to be had. */
  readonly as?: 'operator' | 'launcher';
}

/**
 * Connect to the daemon of a workspace and say hello.
 * @throws ConfigFault `daemon-absent` when none runs, `secret-unavailable` when its secret is not to be had
 */
export async function connectControl(options: ConnectOptions): Promise<ControlClient> {
  const secret = options.secret ?? secretOf(options);
  const dialled = await dial(socketOf(options.state));
  if (dialled === undefined) throw absent();
  if (secret === undefined) {
    dialled.destroy();
    throw new ConfigFault(
      'secret-unavailable',
      'The daemon of this workspace keeps its control secret to the program that started it (standard input); ask there, or start it with `gatehouse up`.',
    );
  }
  try {
    const hello = await dialled.connection.sendRequest(messages.hello, { secret, client: options.client });
    return clientOver(dialled, hello);
  } catch (error) {
    dialled.destroy();
    // It may end just now; what it answers itself is thrown as it is.
    throw isAnswer(error) ? error : absent();
  }
}

function secretOf({ state, as = 'operator' }: ConnectOptions): string | undefined {
  const files = as === 'operator' ? [state.controlSecret] : [state.controlSecret, state.launchSecret];
  for (const file of files) {
    const secret = readControlSecret(file);
    if (secret !== undefined) return secret.reveal();
  }
  return undefined;
}

/** Where the daemon said that it listens. */
function socketOf(state: StatePaths): string {
  try {
    const value: unknown = JSON.parse(readFileSync(state.daemon, 'utf8'));
    if (
      typeof value === 'object' &&
      value !== null &&
      'socket' in value &&
      typeof value.socket === 'string'
    ) {
      return value.socket;
    }
  } catch {
    // Never started, or ended.
  }
  throw absent();
}

function absent(): ConfigFault {
  return new ConfigFault('daemon-absent', 'No daemon runs for this workspace; start it with `gatehouse up`.');
}

function clientOver({ connection, closed, close }: Dialled, hello: messages.HelloResult): ControlClient {
  return {
    hello,
    closed,
    status: () => connection.sendRequest(messages.status, {}),
    mintToken: (params) => connection.sendRequest(messages.mintToken, params),
    approvals: () => connection.sendRequest(messages.approvals, {}),
    onApprovals: (listener) => void connection.onNotification(messages.approvalsChanged, listener),
    answer: (params) => connection.sendRequest(messages.answer, params),
    accessRequests: () => connection.sendRequest(messages.accessRequests, {}),
    answerAccess: (params) => connection.sendRequest(messages.answerAccess, params),
    own: {
      policy: () => connection.sendRequest(messages.ownPolicy, {}),
      decision: (params) => connection.sendRequest(messages.ownDecision, params),
      schema: (params) => connection.sendRequest(messages.ownSchema, params),
      denials: (params) => connection.sendRequest(messages.ownDenials, params),
      requestAccess: (params) => connection.sendRequest(messages.requestAccess, params),
    },
    acceptPolicy: (digest) => connection.sendRequest(messages.acceptPolicy, { digest }),
    async follow(backlog, line, missed) {
      connection.onNotification(messages.recorded, line);
      connection.onNotification(messages.missed, ({ lines }) => missed(lines));
      await connection.sendRequest(messages.follow, { backlog });
    },
    names: (resource) => connection.sendRequest(messages.names, { resource }),
    ask: (name, params) => connection.sendRequest(messages.questions[name].method, params),
    environment: (params) => connection.sendRequest(messages.environment, params),
    hook: (params) => connection.sendRequest(messages.hook, params),
    shutdown: () => connection.sendRequest(messages.shutdown, {}),
    close,
  };
}
