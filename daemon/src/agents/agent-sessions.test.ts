import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { TokenParams } from '../control/messages.ts';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { AgentSessions, type ServedResource } from './agent-sessions.ts';
import type { HookAnswer, HookParams } from './hook.ts';

const shop: ServedResource = {
  resource: 'shop-db',
  protocol: 'postgres',
  host: '127.0.0.1',
  port: 5432,
  database: 'shop',
  gatePort: 40001,
};
const ledger: ServedResource = {
  ...shop,
  resource: 'ledger',
  host: 'db.internal',
  database: "led'ger",
  gatePort: 40002,
};

let sample: SampleFolder;
let served: ServedResource[];
let minted: TokenParams[];
let now: number;
let sessions: AgentSessions;
let logged: string[];

beforeEach(() => {
  sample = sampleFolder();
  served = [shop];
  minted = [];
  logged = [];
  now = 0;
  sessions = open();
});
afterEach(() => sample.discard());

function open(): AgentSessions {
  return new AgentSessions({
    workspaceFolder: sample.folder,
    stateFolder: sample.state.folder,
    served: () => served,
    mint: (params) => {
      minted.push(params);
      const { gatePort, database } = served.find(({ resource }) => resource === params.resource) ?? shop;
      return {
        token: `gha_${minted.length}`,
        expires: '',
        host: '127.0.0.1',
        port: gatePort,
        user: 'shop_app',
        database,
        ca: '',
      };
    },
    log: (line) => logged.push(line),
    now: () => now,
  });
}

function ask(command: string, session = 'session-1', more: Partial<HookParams> = {}): HookAnswer {
  return sessions.answer({
    harness: 'claude-code',
    session,
    cwd: sample.folder,
    event: { kind: 'tool', name: 'Bash', use: { kind: 'shell', command, dialect: 'sh' } },
    ...more,
  });
}

function rewritten(command: string, session?: string): string {
  const answer = ask(command, session);
  assert.equal(answer.kind, 'rewrite');
  return answer.kind === 'rewrite' ? answer.command : '';
}

/** What a shell prints, with nothing of this process's environment but what is given. */
function run(command: string, env: Readonly<Record<string, string>> = {}, shell = 'sh'): string {
  return execFileSync(shell, ['-c', command], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
}

describe('the environment of an agent', () => {
  it('is set before its command and names agent, session and the only database', () => {
    const command = rewritten(
      'echo $PGHOST $PGPORT $PGUSER $PGDATABASE $PGPASSWORD $PGSSLMODE $GATEHOUSE_AGENT "$GATEHOUSE_SESSION"; true',
    );
    for (const shell of ['sh', 'bash', 'dash'])
      assert.equal(
        run(command, {}, shell),
        '127.0.0.1 40001 shop_app shop gha_1 disable claude-code session-1\n',
        shell,
      );
    assert.deepEqual(minted, [
      { resource: 'shop-db', agent: 'claude-code', task: 'session-1', ttl: 2 * 60 * 60 * 1000 },
    ]);
  });

  it('has the programs of Gatehouse at the end of its path, once', () => {
    const command = rewritten('echo $PATH');
    const bin = path.join(sample.stateRoot, 'bin');
    assert.equal(run(command).trim(), `${process.env.PATH}:${bin}`);
    assert.equal(run(`${command}; ${command}`).trim().split('\n').at(-1), `${process.env.PATH}:${bin}`);
  });

  it('lies in files that only their owner can read, in the state of the workspace', () => {
    ask('psql');
    const folder = path.join(sample.state.folder, 'agents');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const names = readdirSync(folder).sort();
    assert.equal(names.length, 3);
    for (const [index, pattern] of [
      /^env-claude-code-[0-9a-f]{10}\.ps1$/,
      /^env-claude-code-[0-9a-f]{10}\.sh$/,
      /^pg_service-claude-code-[0-9a-f]{10}\.conf$/,
    ].entries())
      assert.match(names[index] ?? '', pattern);
    for (const name of names) assert.equal(statSync(path.join(folder, name)).mode & 0o777, 0o600);
  });

  it('names each database as a service where there are several, and none as the usual one', () => {
    served = [shop, ledger];
    assert.equal(run(rewritten('echo "[$PGHOST]"')), '[]\n');
    const services = run(rewritten('cat "$PGSERVICEFILE" | cat'));
    assert.match(
      services,
      /\[shop-db\]\nhost=127\.0\.0\.1\nport=40001\ndbname=shop\nuser=shop_app\npassword=gha_1\n/,
    );
    assert.match(services, /\[ledger\]\nhost=127\.0\.0\.1\nport=40002\ndbname=led'ger\n/);
  });

  it('changes DATABASE_URL only where it leads to a resource of the workspace', () => {
    served = [shop, ledger];
    const command = rewritten('echo $DATABASE_URL');
    const url = (value: string) => run(command, { DATABASE_URL: value }).trim();
    const gate = 'postgres://shop_app:gha_1@127.0.0.1:40001/shop?sslmode=disable';
    for (const direct of [
      'postgres://shop_app:secret@localhost:5432/shop',
      'postgresql://127.0.0.1/shop',
      'postgres://u@[::1]:5432/shop?sslmode=require',
    ])
      assert.equal(url(direct), gate, direct);
    assert.equal(
      url("postgres://u:p@db.internal/led'ger"),
      "postgres://shop_app:gha_2@127.0.0.1:40002/led'ger?sslmode=disable",
    );
    for (const other of [
      'postgres://u:p@elsewhere.example:5432/shop',
      'postgres://u:p@localhost:5432/other',
      'postgres://u:p@localhost:5433/shop',
      'mysql://localhost/shop',
      '',
    ])
      assert.equal(url(other), other);
  });

  it('is nobody else`s: each session has tokens of its own', () => {
    const first = run(rewritten('echo $PGPASSWORD', 'one'));
    const second = run(rewritten('echo $PGPASSWORD', '../../two words'));
    assert.notEqual(first, second);
    const entries = readdirSync(path.join(sample.state.folder, 'agents'));
    assert.ok(entries.every((name) => /^[\w.-]+$/.test(name)));
    assert.equal(minted[1]?.task, '../../two words');
  });

  it('is kept while its tokens live long enough, and renewed in the same files before they expire', () => {
    const before = rewritten('npm test');
    now = 59 * 60 * 1000;
    assert.equal(rewritten('npm test'), before);
    assert.equal(minted.length, 1);
    now = 61 * 60 * 1000;
    assert.equal(rewritten('npm test'), before);
    assert.equal(minted.length, 2);
    assert.match(run(rewritten('echo $PGPASSWORD')), /gha_2/);
    served = [{ ...shop, gatePort: 40009 }];
    assert.match(run(rewritten('echo $PGPORT')), /40009/);
  });

  it('is forgotten when a daemon starts anew, and of sessions long unused', () => {
    ask('psql');
    sessions = open();
    const folder = path.join(sample.state.folder, 'agents');
    assert.equal(existsSync(folder), false);
    ask('psql', 'first');
    const [oldest] = readdirSync(folder);
    for (let count = 0; count < 200; count++) ask('psql', `s${count}`);
    const left = readdirSync(folder);
    assert.equal(left.filter((name) => name.endsWith('.sh')).length, 200);
    assert.ok(oldest !== undefined && !left.includes(oldest));
  });

  it('is not put before a command twice, nor before one that uses no resource', () => {
    const once = rewritten('psql -c "select 1"');
    assert.equal(rewritten(once), once);
    assert.deepEqual(ask('ls -la && git status'), { kind: 'none' });
  });

  it('is read by the harness itself where that can', () => {
    const welcome = ask('', 'session-1', { event: { kind: 'session-start', sources: true } });
    assert.ok(welcome.kind === 'welcome');
    assert.match(welcome.words, /shop-db through Gatehouse.*`psql` alone/);
    assert.match(readFileSync(welcome.file, 'utf8'), /export PGPORT='40001'/);
    assert.deepEqual(ask('psql'), { kind: 'none' });
    assert.equal(ask('psql', 'another').kind, 'rewrite');
  });
});

describe('the environment of a terminal', () => {
  it('is handed out as variables, with tokens that live as long as asked', () => {
    const { variables } = sessions.environment({ agent: 'agent', session: 'terminal 1', ttl: 5000 });
    assert.equal(variables.PGPASSWORD, 'gha_1');
    assert.equal(variables.GATEHOUSE_SESSION, 'terminal 1');
    assert.ok(existsSync(variables.PGSERVICEFILE ?? ''));
    assert.deepEqual(minted, [{ resource: 'shop-db', agent: 'agent', task: 'terminal 1', ttl: 5000 }]);
  });
});

describe('what a hook is told', () => {
  it('is a denial with words, or a question for a person, and never that a tool may run', () => {
    const denied = ask('psql -h localhost -p 5432');
    assert.ok(denied.kind === 'deny');
    assert.match(denied.words, /shop-db directly.*through Gatehouse \(plain `psql`/);
    assert.match(logged.join(), /claude-code: Bash was met with deny \(direct\)/);
    const edit = {
      kind: 'tool',
      name: 'Edit',
      use: { kind: 'write', files: ['.gatehouse/gatehouse.yaml'] },
    } as const;
    assert.equal(ask('', 's', { event: edit }).kind, 'ask');
    assert.equal(ask(`cat ${sample.state.controlSecret}`).kind, 'deny');
    assert.equal(minted.length, 0);
  });

  it('heeds a file that holds the password of a resource, and no pipe', () => {
    writeFileSync(
      path.join(sample.folder, '.env'),
      'DATABASE_URL=postgres://shop_app:x@localhost:5432/shop\n',
    );
    assert.equal(ask('cat .env').kind, 'deny');
    mkdirSync(path.join(sample.folder, 'sub'));
    execFileSync('mkfifo', [path.join(sample.folder, 'sub/.env')]);
    assert.deepEqual(ask('cat sub/.env'), { kind: 'none' });
  });
});
