import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AccessRequests } from '../core/access-requests.ts';
import { Approvals } from '../core/approvals.ts';
import { PolicyFault } from '../core/faults.ts';
import { isControlSecret, provideControlSecret, provideLaunchSecret } from '../identity/control-secret.ts';
import { Tokens } from '../identity/tokens.ts';
import type { RecordLine } from '../recordings/entry.ts';
import { type MemoryRecords, memoryRecords, type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { writePrivateFile } from '../core/private-file.ts';
import { controlSocketPath } from '../workspace/state.ts';
import { type ControlClient, connectControl } from './client.ts';
import type { OwnDecision, OwnPolicy, StatusResult } from './messages.ts';
import { type ControlServer, serveControl } from './server.ts';
import type { ControlService } from './service.ts';

let sample: SampleFolder;
let records: MemoryRecords;
let approvals: Approvals;
let tokens: Tokens;
let server: ControlServer;
let clients: ControlClient[];
let stops: number;
let backlogGate: Promise<void>;

const principal = { person: 'ada', groups: [], agent: 'claude', workspace: 'w', task: '' };

beforeEach(async () => {
  sample = sampleFolder();
  records = memoryRecords();
  approvals = new Approvals();
  const access = new AccessRequests(records);
  tokens = new Tokens();
  clients = [];
  stops = 0;
  backlogGate = Promise.resolve();
  const secret = provideControlSecret(sample.state.controlSecret, undefined);
  const launchSecret = provideLaunchSecret(sample.state.launchSecret);
  const service: ControlService = {
    version: '1.2.3',
    records,
    log: () => {},
    recognise(given) {
      if (isControlSecret(secret, given)) return { kind: 'operator' };
      if (isControlSecret(launchSecret, given)) return { kind: 'launcher' };
      const found = tokens.identify(given);
      return found === undefined
        ? undefined
        : { kind: 'agent', resource: found.resource, principal: found.principal };
    },
    status: (role) => ({ workspace: role.kind }) as StatusResult,
    mintToken: ({ resource, ttl }) => {
      const { token, expires } = tokens.mint({ principal, resource, ttl });
      return { token, expires: expires.toISOString(), host: 'h', port: 1, user: 'u', database: 'd', ca: 'c' };
    },
    own: {
      ownPolicy: ({ resource, principal: { agent } }) => ({ resource, agent }) as OwnPolicy,
      ownDecision: async (_role, { text }) => ({ reason: text }) as OwnDecision,
      ownSchema: async () => ({ tables: [], partial: false }),
      ownDenials: async () => [],
      requestAccess: (role, params) => access.ask(role, params),
    },
    accessRequests: () => access.list(),
    onAccessRequests: (listener) => access.subscribe(listener),
    answerAccess: ({ id, answer, reason }) => access.answer(id, answer, 'ada', reason),
    approvals: () => approvals.list(),
    onApprovals: (listener) => approvals.subscribe(listener),
    answer: ({ id, answer, reason }) => approvals.answer(id, answer, { person: 'ada', groups: [] }, reason),
    acceptPolicy: async () => {
      throw new PolicyFault('policy-missing', 'There is nothing to accept: no change waits.');
    },
    policyTexts: () => ({ accepted: [] }),
    names: async ({ resource }) => ({
      tables: [{ name: `public.${resource}`, kind: 'table', columns: [] }],
      partial: false,
    }),
    environment: ({ agent }) => ({
      variables: { GATEHOUSE_AGENT: agent },
      entry: { sh: '', powershell: '' },
    }),
    hook: ({ event }) => (event.kind === 'tool' ? { kind: 'deny', words: event.name } : { kind: 'none' }),
    async backlog(lines) {
      const last = records.lines.slice(-lines);
      await backlogGate;
      return last;
    },
    ask: async (name) => {
      throw new Error(`nobody asks for ${name} here`);
    },
    shutdown: () => {
      stops++;
    },
  };
  const socket = controlSocketPath(sample.state, { GATEHOUSE_STATE: sample.stateRoot });
  server = await serveControl(socket, service);
  writePrivateFile(sample.state.daemon, JSON.stringify({ socket }));
});
afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
  sample.discard();
});

async function dial(secret?: string): Promise<ControlClient> {
  const client = await connectControl({
    state: sample.state,
    client: 'test',
    ...(secret === undefined ? {} : { secret }),
  });
  clients.push(client);
  return client;
}

const note = (detail: string) => records.note({ kind: 'daemon.started', detail });
const details = (lines: readonly RecordLine[]) =>
  lines.map((line) => (line.kind === 'daemon.started' ? line.detail : line.kind));

/** Collects lines until there are so many. */
function collect(client: ControlClient, backlog: number) {
  const lines: RecordLine[] = [];
  const missed: number[] = [];
  let check = () => {};
  const started = client.follow(
    backlog,
    (line) => {
      lines.push(line);
      check();
    },
    (count) => {
      missed.push(count);
      check();
    },
  );
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => (done() ? resolve() : undefined);
      check();
    });
  return { lines, missed, started, until };
}

describe('the control socket', () => {
  it('is 0600 and asks for hello with the right secret', async () => {
    assert.equal(statSync(server.socket).mode & 0o777, 0o600);
    await assert.rejects(dial('ghc_wrong'), { code: 1, message: 'That is not the secret of this daemon.' });
    const client = await dial();
    assert.deepEqual(client.hello, { version: '1.2.3', role: 'operator', pid: process.pid });
    assert.equal((await client.status()).workspace, 'operator');
  });

  it('lets a launcher make tokens and answer nothing', async () => {
    rmSync(sample.state.controlSecret);
    await assert.rejects(dial(), { code: 'secret-unavailable' });
    const launcher = await connectControl({ state: sample.state, client: 'test', as: 'launcher' });
    clients.push(launcher);
    assert.equal(launcher.hello.role, 'launcher');
    const { token } = await launcher.mintToken({ resource: 'shop-db', agent: 'x', ttl: 1000 });
    assert.equal(tokens.identify(token)?.resource, 'shop-db');
    const asked = {
      harness: 'codex',
      session: 's',
      cwd: '/',
      event: { kind: 'tool', name: 'x', use: { kind: 'other' } },
    } as const;
    assert.deepEqual(await launcher.hook(asked), { kind: 'deny', words: 'x' });
    const { variables } = await launcher.environment({ agent: 'x', session: 's', ttl: 1 });
    assert.deepEqual(variables, { GATEHOUSE_AGENT: 'x' });
    const wrong = { ...asked, harness: 'nobody' } as unknown as typeof asked;
    await assert.rejects(launcher.hook(wrong), { message: /harness must be one of/ });
    const forbidden = { code: 2, message: /A launcher of agents may not ask for / };
    await assert.rejects(launcher.approvals(), forbidden);
    await assert.rejects(launcher.answer({ id: 'x', answer: 'approve' }), forbidden);
    await assert.rejects(launcher.acceptPolicy('x'), forbidden);
    await assert.rejects(launcher.shutdown(), forbidden);
  });

  it('answers an agent about itself, by its token', async () => {
    const { token } = tokens.mint({ principal, resource: 'shop-db', ttl: 60_000 });
    const agent = await dial(token);
    assert.deepEqual(await agent.own.policy(), { resource: 'shop-db', agent: 'claude' });
    assert.equal((await agent.own.decision({ text: 'select 1' })).reason, 'select 1');
    await assert.rejects(agent.own.decision({ text: 'x'.repeat(200_001) }), { message: /at most 200000/ });
    await assert.rejects(agent.own.denials({ limit: 0 }), { message: /1 to 50/ });
    for (const secret of [undefined, readFileSync(sample.state.launchSecret, 'utf8').trim()]) {
      const other = await dial(secret);
      await assert.rejects(other.own.policy(), { code: 2 });
      await assert.rejects(other.own.requestAccess({ reason: 'x' }), { code: 2 });
    }
  });

  it('brings what an agent asks for to a person, and the answer back, on the record', async () => {
    const { token } = tokens.mint({ principal, resource: 'shop-db', ttl: 60_000 });
    const agent = await dial(token);
    const operator = await dial();
    const asked = await agent.own.requestAccess({ reason: 'to mend it', statement: 'delete from t' });
    assert.deepEqual(
      await agent.own.requestAccess({ reason: 'to mend it', statement: 'delete from t' }),
      asked,
    );
    await assert.rejects(agent.own.requestAccess({ reason: ' ' }), { message: /Say why/ });
    assert.deepEqual(await operator.accessRequests(), [asked]);
    await assert.rejects(agent.answerAccess({ id: asked.id, answer: 'granted' }), { code: 2 });
    const answered = await operator.answerAccess({ id: asked.id, answer: 'declined', reason: 'use staging' });
    assert.equal(answered.answer?.words, 'use staging');
    await assert.rejects(operator.answerAccess({ id: asked.id, answer: 'granted' }), { code: 3 });
    assert.deepEqual(
      records.lines.map(({ kind }) => kind),
      ['access.asked', 'access.answered'],
    );
  });

  it('lets no agent ask without end', async () => {
    const { token } = tokens.mint({ principal, resource: 'shop-db', ttl: 60_000 });
    const agent = await dial(token);
    for (let n = 0; n < 20; n++) await agent.own.requestAccess({ reason: `reason ${n}` });
    await assert.rejects(agent.own.requestAccess({ reason: 'one more' }), {
      message: /wait for a person already/,
    });
  });

  it('refuses every request of an agent but a status of its own', async () => {
    const { token } = tokens.mint({ principal, resource: 'shop-db', ttl: 60_000 });
    const agent = await dial(token);
    assert.equal(agent.hello.role, 'agent');
    assert.equal((await agent.status()).workspace, 'agent');
    const forbidden = { code: 2, message: /An agent may not ask for / };
    await assert.rejects(agent.mintToken({ resource: 'shop-db', agent: 'x', ttl: 1000 }), forbidden);
    await assert.rejects(agent.approvals(), forbidden);
    await assert.rejects(agent.answer({ id: 'x', answer: 'approve' }), forbidden);
    await assert.rejects(agent.acceptPolicy('x'), forbidden);
    await assert.rejects(
      agent.follow(
        0,
        () => {},
        () => {},
      ),
      forbidden,
    );
    await assert.rejects(agent.ask('sessions', {}), forbidden);
    await assert.rejects(agent.ask('decideAgain', { of: { kind: 'session', id: 'x' } }), forbidden);
    await assert.rejects(agent.ask('simulate', {}), forbidden);
    await assert.rejects(agent.shutdown(), forbidden);
    assert.equal(stops, 0);
  });

  it('refuses every request before hello, unknown ones and wrong parameters', async () => {
    const ask = await rawCaller();
    for (const method of [
      'status',
      'mintToken',
      'approvals',
      'answer',
      'acceptPolicy',
      'sessions',
      'decideAgain',
      'hook',
      'follow',
      'shutdown',
    ]) {
      assert.equal((await ask(`gatehouse/${method}`, {})).error?.code, 1, method);
    }
    assert.equal((await ask('gatehouse/none', {})).error?.code, -32601);
    assert.equal((await ask('gatehouse/hello', { secret: 5 })).error?.code, -32602);
    assert.equal((await ask('gatehouse/hello', [])).error?.code, -32602);
    assert.equal(stops, 0);
  });

  it('cuts off a caller whose message has no end', async () => {
    const socket = connect(server.socket);
    await once(socket, 'connect');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.resume();
    socket.write('Content-Length: 99999999999\r\n\r\n');
    const filler = Buffer.alloc(256 * 1024, 'x');
    for (let count = 0; count < 8; count++) socket.write(filler);
    await closed;
  });

  it('passes on the words of a refusal and keeps the words of a crash to itself', async () => {
    const client = await dial();
    await assert.rejects(client.acceptPolicy('x'), { code: 3, message: /nothing to accept/ });
    await assert.rejects(client.answer({ id: 'zzz', answer: 'deny' }), {
      code: 3,
      message: /No request waits/,
    });
    await assert.rejects(client.mintToken({ resource: 'r', agent: 'a', ttl: 0 }), {
      code: 3,
      message: /at most a day/,
    });
  });

  it('tells operators of held requests and takes their answers', async () => {
    const client = await dial();
    const seen: number[] = [];
    let told = () => {};
    client.onApprovals((held) => {
      seen.push(held.length);
      told();
    });
    await client.status();
    const first = new Promise<void>((resolve) => {
      told = resolve;
    });
    const ticket = approvals.hold(
      {
        session: 's',
        resource: 'shop-db',
        person: 'ada',
        agent: 'claude',
        text: 'delete from orders',
        reason: 'big',
        actions: ['delete public.orders'],
        rules: ['shop/big'],
        sources: [],
        protocol: 'postgres',
        task: '',
        tables: ['public.orders'],
        plan: { cost: 42.5, rows: 7 },
        need: { by: [['*']], within: 60_000 },
      },
      new AbortController().signal,
    );
    await first;
    assert.equal((await client.approvals())[0]?.id, ticket.id);
    await client.answer({ id: ticket.id, answer: 'deny', reason: 'no' });
    assert.deepEqual(await ticket.verdict, { kind: 'denied', by: 'ada', reason: 'no' });
    assert.equal(seen[0], 1);
  });

  it('says what to do when no daemon runs', async () => {
    await server.close();
    await assert.rejects(dial(), { code: 'daemon-absent', message: /start it with `gatehouse up`/ });
    server = await serveControl(server.socket, {} as ControlService);
  });

  it('takes over a socket that a killed daemon left', async () => {
    const { createServer } = await import('node:net');
    await server.close();
    const dead = createServer().listen(server.socket);
    await once(dead, 'listening');
    // Not closed: the file stays, as after a kill, and is taken over.
    server = await serveControl(server.socket, {} as ControlService);
    dead.close();
  });
});

describe('following the records', () => {
  it('gives two followers the backlog and then each new line, without a gap or a repetition', async () => {
    for (let count = 1; count <= 30; count++) note(`old ${count}`);
    let open = () => {};
    backlogGate = new Promise((resolve) => {
      open = resolve;
    });
    const [a, b] = [collect(await dial(), 10), collect(await dial(), 3)];
    await Promise.all([a.started, b.started]);
    // These come while the backlog is being read; two of them are in the next reading too.
    for (let count = 1; count <= 20; count++) note(`new ${count}`);
    open();
    for (let count = 21; count <= 40; count++) {
      note(`new ${count}`);
      await turn();
    }
    await Promise.all([a.until(() => a.lines.length >= 50), b.until(() => b.lines.length >= 43)]);
    const fresh = Array.from({ length: 40 }, (_, index) => `new ${index + 1}`);
    const old = Array.from({ length: 10 }, (_, index) => `old ${index + 21}`);
    assert.deepEqual(details(a.lines), [...old, ...fresh]);
    assert.deepEqual(details(b.lines), [...old.slice(-3), ...fresh]);
  });

  it('never waits for a follower that does not read, and tells it how much it missed', {
    timeout: 30_000,
  }, async () => {
    const slow = await rawCaller();
    await slow.hello();
    await slow('gatehouse/follow', { backlog: 0 });
    slow.socket.pause();
    const quick = collect(await dial(), 0);
    await quick.started;
    const large = 'x'.repeat(64 * 1024);
    for (let count = 0; count < 1500; count++) {
      note(large);
      if (count % 50 === 0) await turn();
    }
    await quick.until(() => quick.lines.length + quick.missed.reduce((sum, each) => sum + each, 0) >= 1500);
    slow.socket.resume();
    const { lines } = await slow.notified('gatehouse/missed');
    assert.ok(typeof lines === 'number' && lines > 0);
  });
});

describe('closing', () => {
  it('does not wait for a caller that never reads', async () => {
    const stuck = await rawCaller();
    await stuck.hello();
    await stuck('gatehouse/follow', { backlog: 0 });
    stuck.socket.pause();
    for (let count = 0; count < 200; count++) note('x'.repeat(64 * 1024));
    await turn();
    await server.close();
    server = await serveControl(server.socket, {} as ControlService);
  });
});

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly error?: { readonly code: number };
}

/** A caller that follows no client library's rules. */
async function rawCaller() {
  const socket = connect(server.socket);
  await once(socket, 'connect');
  let buffer = Buffer.alloc(0);
  let ids = 0;
  const waiting = new Map<number, (reply: Reply) => void>();
  const notices = new Map<string, (params: Record<string, unknown>) => void>();
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(buffer.subarray(0, 64).toString('latin1'));
      if (head === null) return;
      const [start, end] = [head[0].length, head[0].length + Number(head[1])];
      if (buffer.length < end) return;
      const reply = JSON.parse(buffer.toString('utf8', start, end)) as Reply;
      buffer = buffer.subarray(end);
      if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
      else if (reply.method !== undefined) notices.get(reply.method)?.(reply.params ?? {});
    }
  });
  const ask = (method: string, params: unknown) =>
    new Promise<Reply>((resolve) => {
      const id = ++ids;
      waiting.set(id, resolve);
      const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  const { readControlSecret } = await import('../identity/control-secret.ts');
  return Object.assign(ask, {
    socket,
    hello: () =>
      ask('gatehouse/hello', {
        client: 'raw',
        secret: readControlSecret(sample.state.controlSecret)?.reveal(),
      }),
    notified: (method: string) =>
      new Promise<Record<string, unknown>>((resolve) => notices.set(method, resolve)),
  });
}
