import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { builtFolder } from '../built.ts';
import { oldestNode } from '../editor/install.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';
import { DaemonWorkspace } from './daemon-process.ts';
import { type McpClient, startMcpClient, type Told } from './mcp-client.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.products, public.orders, public.customers] }
  - name: run-a-session
    effect: allow
    sql: { actions: [begin, commit, rollback, show, values] }
  - name: sleep
    effect: allow
    sql: { actions: [call], functions: [pg_catalog.pg_sleep] }
  - name: place-orders
    effect: allow
    sql: { actions: [insert], tables: [public.orders] }
  - name: changes-need-a-person
    effect: approve
    sql: { actions: [update], tables: [public.orders] }
    approval: { by: ["*"], within: 10m }
    message: A change to orders is seen by a person first.
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate, grant] }
    message: Schema changes go through a migration.
masks:
  - { columns: [public.customers.email], with: redact }
limits: { rows: 500 }
`;
const resource = 'shop-db';

let server: RunningPostgres;
let gate: RunningGate;
let mcp: McpClient;

before(async () => {
  server = await startPostgres({ database: 'shop' });
  await createShop(server);
  gate = await startGate({
    resources: [{ name: resource, server, ...shopRole, labels: { env: 'test' } }],
    policies: { shop: policy },
  });
  mcp = await startMcpClient(gate);
});
after(async () => {
  await mcp?.close();
  await gate?.stop();
  await server?.stop();
});

interface ProblemShape {
  readonly id?: string;
  readonly message: string;
  readonly detail?: string;
  readonly allowed?: readonly { readonly rule: string }[];
}
const problemOf = (told: Told) => told.structured.problem as ProblemShape;
const query = (statement: string, more: Readonly<Record<string, unknown>> = {}) =>
  mcp.call('query', { resource, statement, ...more });
/** What a person's command prints. */
async function gatehouse(...args: readonly string[]): Promise<string> {
  const main = fileURLToPath(new URL('../../daemon/src/cli/main.ts', import.meta.url));
  const env = { ...process.env, GATEHOUSE_STATE: gate.stateRoot, NO_COLOR: '1' };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: gate.folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}
/** The first held request, now or later. */
async function held(statement: string) {
  const line = await gate.line((each) => each.kind === 'approval.asked' && each.text === statement);
  assert.ok(line.kind === 'approval.asked');
  return line;
}

describe('the tools', () => {
  test('are named, described, and told apart by what they may do', async () => {
    const { tools } = await mcp.client.listTools();
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    const told = tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => {
      assert.ok((title ?? '').length > 5 && (description ?? '').length > 80, name);
      ajv.compile(inputSchema);
      ajv.compile(outputSchema ?? assert.fail(name));
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations ?? {};
      return [
        name,
        { readOnlyHint, destructiveHint, idempotentHint, openWorldHint },
        (inputSchema.required ?? []).toSorted(),
        Object.keys(outputSchema?.properties ?? {}).toSorted(),
      ];
    });
    const reads = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
    const statement = [
      ...['approval', 'columns', 'command', 'cutValues', 'notices', 'outcome', 'problem', 'resource'],
      ...['rowCount', 'rows', 'truncated'],
    ];
    const explanation = [
      ...['actions', 'allowed', 'approval', 'bounds', 'denial', 'effect', 'hint', 'masks', 'needsPlan'],
      ...['problem', 'reason', 'resource', 'trace'],
    ];
    assert.deepEqual(told, [
      ['list_resources', reads, [], ['agent', 'problem', 'resources']],
      ['schema', reads, ['resource'], ['partial', 'problem', 'resource', 'tables']],
      ['query', reads, ['resource', 'statement'], statement],
      [
        'run',
        { ...reads, readOnlyHint: false, destructiveHint: true, idempotentHint: false },
        ['resource', 'statement'],
        statement,
      ],
      ['explain', reads, ['resource', 'statement'], explanation],
      ['explain_denial', reads, [], explanation],
      [
        'request_access',
        { ...reads, readOnlyHint: false },
        ['reason', 'resource'],
        ['id', 'next', 'problem', 'resource', 'state', 'words'],
      ],
    ]);
    assert.match(mcp.client.getInstructions() ?? '', /Begin with list_resources/);
  });

  test('list_resources says in plain words what this agent may do', async () => {
    const { text: words, structured } = await mcp.call('list_resources', {});
    assert.equal(structured.agent, 'claude-code');
    const [only] = structured.resources as readonly Record<string, unknown>[];
    assert.deepEqual(
      { name: only?.name, protocol: only?.protocol, labels: only?.labels, available: only?.available },
      { name: resource, protocol: 'postgres', labels: { env: 'test' }, available: true },
    );
    assert.deepEqual(
      (only?.rules as readonly { rule: string; effect: string }[] | undefined)?.map(
        ({ rule, effect }) => `${effect} ${rule}`,
      ),
      [
        'allow read-shop',
        'allow run-a-session',
        'allow sleep',
        'allow place-orders',
        'approve changes-need-a-person',
        'deny no-schema-changes',
      ],
    );
    assert.match(words, /Makes every agent wait to run `update` on `public.orders`/);
    assert.match(words, /Of `public.customers.email`, agents see a fixed text/);
    assert.match(words, /at most 500 rows/);
  });

  test('schema marks masked columns and tables that may not be read', async () => {
    const { structured } = await mcp.call('schema', { resource });
    const tables = structured.tables as readonly {
      readonly name: string;
      readonly reading: string;
      readonly columns: readonly { readonly name: string; readonly masked?: string }[];
    }[];
    const reading = Object.fromEntries(tables.map(({ name, reading: effect }) => [name, effect]));
    assert.equal(reading['public.customers'], 'allow');
    assert.equal(reading['public.secrets'], 'deny');
    const masked = tables.flatMap(({ name, columns }) =>
      columns
        .filter((column) => column.masked !== undefined)
        .map((column) => `${name}.${column.name} ${column.masked}`),
    );
    assert.deepEqual(masked, ['public.customers.email redact']);
    const some = await mcp.call('schema', { resource, table: 'ORDER_' });
    assert.deepEqual(
      (some.structured.tables as typeof tables).map(({ name }) => name),
      ['public.order_items'],
    );
  });

  test('query gives rows as objects, with types, parameters, and masked values', async () => {
    const told = await query('select id, name, email, marketing from customers where id = $1', {
      parameters: [1],
    });
    assert.deepEqual(told.structured, {
      outcome: 'completed',
      resource,
      command: 'SELECT',
      columns: [
        { name: 'id', type: 'int4' },
        { name: 'name', type: 'text' },
        { name: 'email', type: 'text', masked: 'redact' },
        { name: 'marketing', type: 'bool' },
      ],
      rows: [{ id: 1, name: 'Bo Moreau', email: '[redacted]', marketing: false }],
      rowCount: 1,
      truncated: false,
    });
    assert.match(told.text, /not the real values: email/);
  });

  test('query bounds rows and values, and says so', async () => {
    const told = await query('select id, id from orders order by 1', { maxRows: 3 });
    assert.deepEqual(told.structured.rows, [
      { id: 1, id_2: 1 },
      { id: 2, id_2: 2 },
      { id: 3, id_2: 3 },
    ]);
    assert.equal(told.structured.truncated, true);
    assert.match(told.text, /There are more rows/);
    const wide = await query("select repeat('x', 5000) as wide from products", { maxRows: 1000 });
    const rows = wide.structured.rows as readonly { readonly wide: string }[];
    assert.ok(rows.length < 40 && wide.structured.truncated === true);
    assert.match(rows[0]?.wide ?? '', /^x{4000}… \(1000 more characters\)$/);
  });

  test('query asks no person about a statement that writes, and run does', async () => {
    const told = await query("update orders set note = 'never' where id = 1");
    assert.ok(told.isError);
    assert.match(told.text, /does more than read \(update on public.orders\).*\nUse `run`/);
    assert.deepEqual(await gate.control.approvals(), []);
  });

  test('run writes and commits', async () => {
    const statement = 'insert into orders (customer_id, note) values ($1, $2) returning note';
    const told = await mcp.call('run', { resource, statement, parameters: [1, 'by mcp'] });
    assert.deepEqual([told.structured.command, told.structured.rowCount], ['INSERT', 1]);
    assert.deepEqual(told.structured.rows, [{ note: 'by mcp' }]);
    const found = await server.sql(`select count(*)::int as n from orders where note = 'by mcp'`);
    assert.deepEqual(found, [{ n: 1 }]);
  });

  test('a denial teaches: the rule, what is allowed, what to do', async () => {
    const told = await mcp.call('run', { resource, statement: 'drop table orders' });
    assert.ok(told.isError);
    assert.equal(told.structured.outcome, 'denied');
    const problem = problemOf(told);
    assert.match(problem.message, /Schema changes go through a migration/);
    assert.match(problem.detail ?? '', /rule no-schema-changes \(.*shop\.policy\.yaml:\d+\)/);
    assert.equal(problem.allowed?.[0]?.rule, 'read-shop');
    assert.match(told.text, /Lets every agent run `select`/);
    assert.match(told.text, /request_access/);
    const explained = await mcp.call('explain_denial', { id: problem.id });
    assert.match(explained.text, /^denial-\d+ at .*Schema changes go through a migration/);
    assert.match(explained.text, /deny no-schema-changes of shop/);
    assert.equal((explained.structured.denial as { statement: string }).statement, 'drop table orders');
    const last = await mcp.call('explain_denial', {});
    assert.deepEqual(last.structured.denial, explained.structured.denial);
    const unknown = await mcp.call('explain_denial', { id: 'denial-999' });
    assert.ok(unknown.isError);
    assert.match(unknown.text, /no denial denial-999/);
  });

  test("the database's own errors are told apart from denials", async () => {
    const told = await query('selec 1');
    assert.deepEqual(
      [told.isError, told.structured.outcome, problemOf(told).message],
      [true, 'failed', 'syntax error at or near "selec"'],
    );
  });

  test('explain decides without running, and says who would be asked', async () => {
    const told = await mcp.call('explain', { resource, statement: 'update orders set note = null' });
    assert.equal(told.structured.effect, 'approve');
    assert.deepEqual(told.structured.approval, { by: [['*']], withinSeconds: 600 });
    const denied = await mcp.call('explain', { resource, statement: 'select * from secrets' });
    assert.equal(denied.structured.effect, 'deny');
    assert.match(denied.text, /no rule lets it pass/);
    const unreadable = await mcp.call('explain', { resource, statement: 'selec' });
    assert.equal(unreadable.structured.effect, 'deny');
    assert.ok(!gate.lines.some((line) => line.kind === 'request.decided' && line.text === 'selec'));
  });

  test('the record knows the agent and its task', () => {
    const opened = gate.lines.filter((line) => line.kind === 'session.opened');
    assert.ok(opened.length > 0);
    for (const { principal } of opened) {
      assert.equal(principal.agent, 'claude-code');
      assert.match(principal.task, /^mcp [0-9a-f]{8}$/);
    }
    assert.equal(new Set(opened.map(({ principal }) => principal.task)).size, 1);
  });
});

describe('people', () => {
  test('approve while the agent hears that it waits', async () => {
    const statement = "update orders set note = 'seen' where id = 2";
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    const answer = mcp.call(
      'run',
      { resource, statement, timeoutSeconds: 10 },
      {
        onProgress: ({ message = '', total = 0, progress }) => {
          heard.push(message);
          assert.ok(progress <= total && total <= 600);
          first.resolve();
        },
      },
    );
    const { approval } = await held(statement);
    await first.promise;
    assert.match(
      heard[0] ?? '',
      new RegExp(
        `^Waiting for any person to answer request ${approval}: .*seen by a person first.*(9|10) min left`,
      ),
    );
    await gate.control.answer({ id: approval, answer: 'approve' });
    const told = await answer;
    assert.deepEqual([told.isError, told.structured.command], [false, 'UPDATE']);
    assert.equal((told.structured.approval as { id: string }).id, approval);
    assert.deepEqual(await server.sql('select note from orders where id = 2'), [{ note: 'seen' }]);
  });

  test('deny with a reason that the agent reads', async () => {
    const statement = "update orders set note = 'no' where id = 3";
    const answer = mcp.call('run', { resource, statement });
    const { approval } = await held(statement);
    await gate.control.answer({ id: approval, answer: 'deny', reason: 'use the staging database' });
    const told = await answer;
    assert.equal(told.structured.outcome, 'denied');
    assert.match(told.text, /use the staging database/);
  });

  test('are asked no more when the agent takes its call back', async () => {
    const statement = "update orders set note = 'gone' where id = 4";
    const taken = new AbortController();
    const answer = mcp.call('run', { resource, statement }, { signal: taken.signal });
    const { approval } = await held(statement);
    taken.abort();
    await assert.rejects(answer);
    const line = await gate.line((each) => each.kind === 'approval.answered' && each.approval === approval);
    assert.ok(line.kind === 'approval.answered');
    assert.equal(line.answer, 'withdrawn');
  });

  test('are asked for access, and what they say reaches the agent', async () => {
    const asked = { resource, reason: 'to mend the totals', statement: 'delete from orders where id = 5' };
    const told = await mcp.call('request_access', asked);
    assert.equal(told.structured.state, 'waiting');
    assert.match(told.text, /shown to a person, who decides/);
    const again = await mcp.call('request_access', asked);
    assert.equal(again.structured.id, told.structured.id);
    const [waiting] = await gate.control.accessRequests();
    assert.deepEqual(
      [waiting?.agent, waiting?.reason, waiting?.statement],
      ['claude-code', asked.reason, asked.statement],
    );
    assert.ok(gate.lines.some((line) => line.kind === 'access.asked' && line.reason === asked.reason));
    const id = String(told.structured.id);
    assert.match(await gatehouse('approvals'), new RegExp(`${id} .*asks for access[^]*to mend the totals`));
    assert.match(await gatehouse('deny', id, '--reason', 'Cancel the order instead.'), /declined/);
    assert.doesNotMatch(await gatehouse('approvals'), new RegExp(id));
    const answered = await mcp.call('request_access', asked);
    assert.equal(answered.structured.state, 'declined');
    assert.match(answered.text, /Cancel the order instead/);
    assert.match(
      (await mcp.call('list_resources', {})).text,
      /declined\): to mend the totals; the person says/,
    );
    const denied = await mcp.call('run', { resource, statement: asked.statement });
    assert.equal(denied.structured.outcome, 'denied');
  });
});

describe('a client', () => {
  test('that cancels ends its statement in the database', async () => {
    const taken = new AbortController();
    const statement = 'select pg_sleep(40)';
    const answer = mcp.call('query', { resource, statement, timeoutSeconds: 60 }, { signal: taken.signal });
    const line = await gate.line((each) => each.kind === 'request.decided' && each.text === statement);
    assert.ok(line.kind === 'request.decided');
    taken.abort();
    await assert.rejects(answer);
    const done = await gate.line((each) => each.kind === 'request.answered' && each.request === line.request);
    assert.ok(done.kind === 'request.answered');
    assert.notEqual(done.outcome, 'completed');
  });

  test('is told of a statement that takes too long', async () => {
    const told = await query('select pg_sleep(41)', { timeoutSeconds: 1 });
    assert.equal(told.structured.outcome, 'cancelled');
    assert.match(told.text, /longer than 1 s/);
  });

  test('may ask many things at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, id) =>
        query('select id from products where id = $1', { parameters: [id + 1] }),
      ),
    );
    assert.deepEqual(
      answers.map(({ structured }) => structured.rows),
      Array.from({ length: 12 }, (_, id) => [{ id: id + 1 }]),
    );
  });

  test('is an agent by its name, or by what it is told to be, beside others', async () => {
    const others = await Promise.all([
      startMcpClient({ ...gate, name: 'Visual Studio Code' }),
      startMcpClient({ ...gate, name: 'My "Client" 2' }),
      startMcpClient({ ...gate, args: ['--agent', 'nightly', '--task', 'TASK-7'] }),
    ]);
    try {
      const names = await Promise.all(
        others.map(async (each) => (await each.call('list_resources', {})).structured.agent),
      );
      assert.deepEqual(names, ['copilot', 'my-client-2', 'nightly']);
      const statement = "select 'nightly' from orders limit 1";
      await others[2]?.call('query', { resource, statement });
      assert.ok(
        gate.lines.some(
          (line) =>
            line.kind === 'session.opened' &&
            line.principal.agent === 'nightly' &&
            line.principal.task === 'TASK-7',
        ),
      );
      // What was denied to one is not another's to ask about.
      const last = await others[1]?.call('explain_denial', {});
      assert.match(last?.text ?? '', /Nothing was denied to this agent yet/);
    } finally {
      await Promise.all(others.map((each) => each.close()));
    }
  });

  test('that asks wrongly is told what is wrong', async () => {
    for (const [tool, input, words] of [
      ['query', { resource }, /statement/],
      ['query', { resource, statement: 7 }, /statement/],
      ['query', { resource, statement: 'select 1', maxRows: 100_000 }, /maxRows/],
      ['query', { resource, statement: 'select $1::text', parameters: [{ a: 1 }] }, /parameters/],
      [
        'query',
        { resource: 'shop-d', statement: 'select 1' },
        /No resource is named "shop-d".*Did you mean shop-db/,
      ],
      ['request_access', { resource, reason: '' }, /reason/],
      ['no_such_tool', {}, /no_such_tool/],
    ] as const) {
      const told = await mcp.call(tool, input);
      assert.ok(told.isError, tool);
      assert.match(told.text, words);
    }
    assert.equal((await query('values (1)')).isError, false);
  });

  test('that writes no JSON is not answered, and the next message is', async () => {
    const main = fileURLToPath(new URL('../../daemon/src/cli/mcp-main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], {
      cwd: gate.folder,
      env: { ...process.env, GATEHOUSE_STATE: gate.stateRoot },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.end('no json\n{"jsonrpc":"2.0"}\n[]\n{"jsonrpc":"2.0","id":7,"method":"ping"}\n');
    const said = await text(child.stdout);
    assert.match(said, /"id":7/);
    if (child.exitCode === null) await once(child, 'exit');
    // It ends with its standard input.
    assert.equal(child.exitCode, 0);
  });

  test('is served on the oldest Node of editors, too', async () => {
    const other = await startMcpClient({ ...gate, command: [oldestNode(), `${builtFolder()}/gatehouse.js`] });
    try {
      const told = await other.call('query', {
        resource,
        statement: 'select count(*)::int as n from products',
      });
      assert.deepEqual(told.structured.rows, [{ n: 40 }]);
    } finally {
      await other.close();
    }
  });
});

test('a daemon that is gone is told, and found once it is back', async (t) => {
  const workspace = new DaemonWorkspace({ port: server.port, policy });
  t.after(() => workspace.discard());
  const client = await startMcpClient({ folder: workspace.folder, stateRoot: workspace.stateRoot });
  t.after(() => client.close());
  const read = () => client.call('query', { resource, statement: 'select count(*)::int as n from products' });
  for (const when of ['before the first start', 'after it was killed']) {
    for (const [tool, input] of [
      ['list_resources', {}],
      ['query', { resource, statement: 'select 1' }],
      ['explain', { resource, statement: 'select 1' }],
    ] as const) {
      const told = await client.call(tool, input);
      assert.ok(told.isError, when);
      assert.match(told.text, /The gate of this workspace does not run.*\n.*\n.*`gatehouse up`/, when);
    }
    const daemon = await workspace.start();
    const told = await read();
    assert.deepEqual(told.structured.rows, [{ n: 40 }], told.text);
    const sleeping = client.call('query', { resource, statement: 'select pg_sleep(30)' });
    const control = await workspace.control();
    while ((await control.status()).resources[0]?.sessions !== 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    control.close();
    await daemon.end('SIGKILL');
    assert.equal((await sleeping).structured.outcome, 'unavailable');
  }
});
