import type { Socket } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  NullLogger,
  type RequestType,
  ResponseError,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { AnswerRefused } from '../core/approvals.ts';
import { ConfigFault, PolicyFault, RecordFault, TargetFault } from '../core/faults.ts';
import { BoundedReader } from './bounded-reader.ts';
import { Follower } from './follower.ts';
import * as messages from './messages.ts';
import { Newest } from './newest.ts';
import * as params from './params.ts';
import { questionParams } from './question-params.ts';
import type { AgentRole, ControlService, Role } from './service.ts';

/** Requests are small; nothing that a caller says is long. */
const maxMessageBytes = 1024 * 1024;
const helloWithinMs = 5000;
/** An answer that is on its way is handed to the socket by then, and taken by the caller by the other. */
const answersWithinMs = 20;
const partingMs = 500;

/** Who may ask what. `stranger` is anybody who reached the socket. */
const allowed = {
  hello: ['stranger'],
  status: ['operator', 'launcher', 'agent'],
  mintToken: ['operator', 'launcher'],
  approvals: ['operator'],
  answer: ['operator'],
  accessRequests: ['operator'],
  answerAccess: ['operator'],
  ownPolicy: ['agent'],
  ownDecision: ['agent'],
  ownSchema: ['agent'],
  ownDenials: ['agent'],
  requestAccess: ['agent'],
  acceptPolicy: ['operator'],
  policyTexts: ['operator'],
  names: ['operator', 'launcher'],
  sessions: ['operator'],
  session: ['operator'],
  requests: ['operator'],
  ruleCounts: ['operator'],
  agentsSeen: ['operator'],
  decideAgain: ['operator'],
  suggestRules: ['operator'],
  simulate: ['operator'],
  environment: ['operator', 'launcher'],
  hook: ['operator', 'launcher'],
  follow: ['operator'],
  shutdown: ['operator'],
} as const satisfies Record<string, readonly Role['kind'][]>;

const withArticle = { operator: 'An operator', launcher: 'A launcher of agents', agent: 'An agent' } as const;

/** One connection to the control socket, from `hello` to its end. */
export class Caller {
  readonly #socket: Socket;
  readonly #connection: MessageConnection;
  readonly #service: ControlService;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #closeTimers: NodeJS.Timeout[] = [];
  #role: Role = { kind: 'stranger' };
  /** One guess a connection; the next one ends it. */
  #guessed = false;
  #follower: Follower | undefined;
  readonly #unsubscribe: (() => void)[] = [];

  constructor(socket: Socket, service: ControlService, closed: () => void) {
    this.#socket = socket;
    this.#service = service;
    this.#helloTimer = setTimeout(() => socket.destroy(), helloWithinMs);
    this.#connection = createMessageConnection(
      new BoundedReader(socket, maxMessageBytes),
      new StreamMessageWriter(socket),
      NullLogger,
    );
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#end();
      closed();
    });
    this.#connection.onError(() => socket.destroy());
    this.#serve();
    this.#connection.listen();
  }

  /** Ends the connection. What was answered before still goes out, unless the caller does not take it. */
  close(): void {
    this.#closeTimers.push(
      setTimeout(() => this.#socket.destroySoon(), answersWithinMs),
      setTimeout(() => this.#socket.destroy(), partingMs),
    );
  }

  #end(): void {
    clearTimeout(this.#helloTimer);
    for (const timer of this.#closeTimers) clearTimeout(timer);
    this.#follower?.close();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#connection.dispose();
  }

  #serve(): void {
    const service = this.#service;
    this.#on('hello', messages.hello, (value) => this.#hello(params.helloParams(value)));
    this.#on('status', messages.status, () => service.status(this.#role));
    this.#on('mintToken', messages.mintToken, (value) => service.mintToken(params.tokenParams(value)));
    this.#on('approvals', messages.approvals, () => service.approvals());
    this.#on('answer', messages.answer, (value) => service.answer(params.answerParams(value)));
    this.#on('accessRequests', messages.accessRequests, () => service.accessRequests());
    this.#on('answerAccess', messages.answerAccess, (value) =>
      service.answerAccess(params.answerAccessParams(value)),
    );
    this.#serveAgent();
    this.#on('acceptPolicy', messages.acceptPolicy, (value) =>
      service.acceptPolicy(params.acceptParams(value)),
    );
    this.#on('policyTexts', messages.policyTexts, () => service.policyTexts());
    this.#on('names', messages.names, (value) => service.names(params.namesParams(value)));
    for (const name of Object.keys(messages.questions)) this.#onQuestion(name as keyof messages.Questions);
    this.#on('environment', messages.environment, (value) =>
      service.environment(params.environmentParams(value)),
    );
    this.#on('hook', messages.hook, (value) => service.hook(params.hookParams(value)));
    this.#on('follow', messages.follow, (value) => this.#follow(params.followParams(value).backlog));
    this.#on('shutdown', messages.shutdown, () => service.shutdown());
    this.#connection.onRequest((method) => {
      throw new ResponseError(
        ErrorCodes.MethodNotFound,
        `There is no request ${String(method).slice(0, 100)}.`,
      );
    });
  }

  /** What an agent asks about itself. */
  #serveAgent(): void {
    const { own } = this.#service;
    this.#on('ownPolicy', messages.ownPolicy, () => own.ownPolicy(this.#agent()));
    this.#on('ownDecision', messages.ownDecision, (value) =>
      own.ownDecision(this.#agent(), params.ownDecisionParams(value)),
    );
    this.#on('ownSchema', messages.ownSchema, (value) =>
      own.ownSchema(this.#agent(), params.ownSchemaParams(value)),
    );
    this.#on('ownDenials', messages.ownDenials, (value) =>
      own.ownDenials(this.#agent(), params.ownDenialsParams(value)),
    );
    this.#on('requestAccess', messages.requestAccess, (value) =>
      own.requestAccess(this.#agent(), params.requestAccessParams(value)),
    );
  }

  #agent(): AgentRole {
    if (this.#role.kind === 'agent') return this.#role;
    throw new ResponseError(messages.controlErrors.forbidden, 'Only an agent asks about itself.');
  }

  /** Every request passes here: first the role, then the parameters, and no error but in words that were meant to go out. */
  #on<Params, Result>(
    name: keyof typeof allowed,
    type: RequestType<Params, Result, void>,
    handle: (value: unknown) => Result | Promise<Result>,
  ): void {
    this.#connection.onRequest<unknown, void>(type.method, async (value: unknown) => {
      try {
        this.#authorise(name);
        return await handle(value);
      } catch (error) {
        throw this.#presentable(error);
      }
    });
  }

  #onQuestion<Name extends keyof messages.Questions>(name: Name): void {
    this.#on(name, messages.questions[name], (value) => this.#service.ask(name, questionParams[name](value)));
  }

  #authorise(name: keyof typeof allowed): void {
    const roles: readonly Role['kind'][] = allowed[name];
    if (roles.includes(this.#role.kind)) return;
    if (this.#role.kind === 'stranger') {
      throw new ResponseError(
        messages.controlErrors.unauthenticated,
        'Say hello first, with the control secret.',
      );
    }
    const words =
      name === 'hello'
        ? 'This connection has said hello already.'
        : `${withArticle[this.#role.kind]} may not ask for ${name}.`;
    throw new ResponseError(messages.controlErrors.forbidden, words);
  }

  #presentable(error: unknown): ResponseError<void> {
    if (error instanceof ResponseError) return error;
    const known = [AnswerRefused, ConfigFault, PolicyFault, RecordFault, TargetFault].some(
      (fault) => error instanceof fault,
    );
    if (known && error instanceof Error)
      return new ResponseError(messages.controlErrors.refused, error.message);
    this.#service.log(
      `A control request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return new ResponseError(
      ErrorCodes.InternalError,
      "Something failed unexpectedly; the daemon's output says what.",
    );
  }

  #hello(said: messages.HelloParams): messages.HelloResult {
    if (this.#guessed) this.#socket.destroy();
    this.#guessed = true;
    const role = this.#service.recognise(said.secret);
    if (role === undefined) {
      throw new ResponseError(
        messages.controlErrors.unauthenticated,
        'That is not the secret of this daemon.',
      );
    }
    clearTimeout(this.#helloTimer);
    this.#role = role;
    if (role.kind === 'operator') {
      const service = this.#service;
      const send = this.#connection;
      this.#tell(
        () => send.sendNotification(messages.approvalsChanged, service.approvals()),
        service.onApprovals,
      );
      this.#tell(
        () => send.sendNotification(messages.accessRequestsChanged, service.accessRequests()),
        service.onAccessRequests,
      );
    }
    return { version: this.#service.version, role: role.kind, pid: process.pid };
  }

  /** Tell an operator of each new list. */
  #tell(send: () => Promise<void>, on: (listener: () => void) => () => void): void {
    const newest = new Newest(send, () => this.#socket.destroy());
    this.#unsubscribe.push(on(newest.changed));
  }

  #follow(backlog: number): void {
    this.#follower?.close();
    const follower = new Follower({
      records: this.#service.records,
      backlog: (lines) => this.#service.backlog(lines),
      send: (line) => this.#connection.sendNotification(messages.recorded, line),
      sendMissed: (lines) => this.#connection.sendNotification(messages.missed, { lines }),
    });
    this.#follower = follower;
    follower.start(backlog).catch((error: unknown) => {
      this.#service.log(
        `Following the records failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.#socket.destroy();
    });
  }
}
