import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { mayUseResource, objectionTo } from './judge.ts';
import type { Surroundings } from './reach.ts';
import type { Dialect } from './shell-words.ts';
import type { Upstream } from './upstreams.ts';

const shop: Upstream = {
  resource: 'shop-db',
  protocol: 'postgres',
  host: '127.0.0.1',
  port: 5432,
  database: 'shop',
};
const ledger: Upstream = {
  resource: 'ledger',
  protocol: 'postgres',
  host: 'db.internal',
  port: 6432,
  database: 'ledger',
};

const files: Readonly<Record<string, string>> = {
  '/work/shop/.env': 'DATABASE_URL="postgres://shop_app:s3cret@localhost:5432/shop"\n',
  '/work/shop/.env.local': 'PGPASSWORD=s3cret\n',
  '/work/shop/.env.gate': 'DATABASE_URL=postgres://shop_app:gha_x@127.0.0.1:40001/shop\nPGPASSWORD=gha_x\n',
  '/work/shop/.env.other': 'DB_HOST=elsewhere.example\nDB_PASSWORD=x\n',
  '/work/shop/.env.example': 'DATABASE_URL=postgres://user:password@localhost:5432/shop\n',
};

const around: Surroundings = {
  workspaceFolder: '/work/shop',
  cwd: '/work/shop',
  home: '/home/ada',
  stateFolders: ['/home/ada/.local/state/gatehouse'],
  upstreams: [shop, ledger],
  served: new Map([['shop-db', 40001]]),
  gate: 'up',
  readText: (file) => files[file],
};

function shell(command: string, more: Partial<Surroundings> = {}, dialect: Dialect = 'sh'): string {
  return objectionTo({ kind: 'shell', command, dialect }, { ...around, ...more })?.cause ?? 'none';
}

/** Every command has this objection. */
function all(cause: string, commands: readonly string[], more: Partial<Surroundings> = {}): void {
  const got = commands.map((command) => [command, shell(command, more)]);
  assert.deepEqual(
    got,
    commands.map((command) => [command, cause]),
  );
}

describe('what a shell text reaches for', () => {
  it('is let pass where it goes through the gate or elsewhere', () => {
    all('none', [
      'psql -c "select 1"',
      'psql service=shop-db -c "select 1"',
      'psql "host=127.0.0.1 port=40001 dbname=shop"',
      'psql -h 127.0.0.1 -p 40001',
      'psql -h localhost',
      'psql -h elsewhere.example -p 5432 -U me',
      'pg_dump --schema-only shop > schema.sql',
      'npm test',
      'npm run migrate && psql -f check.sql',
      'curl http://localhost:3000/health',
      'docker compose up -d',
      'docker exec web ls',
      'cat README.md .env.example .env.gate .env.other',
      'grep -rn "localhost:5432" .',
      'git commit -m "Leave localhost:5432 to the gate"',
      'echo "never use db.internal:6432"',
      'gatehouse status; gatehouse log; npx gatehouse approvals',
      'cat > notes.md <<EOF\nRun psql -h 127.0.0.1 -p 5432 yourself.\nEOF',
    ]);
  });

  it('is denied where a client is sent to an upstream', () => {
    all('direct', [
      'psql -h 127.0.0.1 -p 5432',
      'psql -h127.0.0.1 -p5432 shop',
      'psql --host=localhost --port=5432',
      'psql --host ::1 --port 5432',
      'psql -h db.internal',
      'psql "host=db.internal dbname=ledger"',
      'psql postgres://shop_app:x@localhost:5432/shop',
      'psql postgresql://localhost/shop',
      'psql -d "postgresql://db.internal:6432/ledger?sslmode=require"',
      'psql -p 5432',
      'psql -h /var/run/postgresql',
      'psql "port=5432 host=127.0.0.1"',
      'pg_dump -h localhost -p 5432 shop | gzip > shop.gz',
    ]);
  });

  it('is denied where its environment is turned to an upstream', () => {
    all('direct', [
      'PGHOST=localhost PGPORT=5432 psql',
      'export PGHOST=127.0.0.1 PGPORT=5432; psql',
      'PGPORT=5432; psql -c "select 1"',
      'unset PGHOST PGPORT PGPASSWORD && psql',
      'env -u PGHOST -u PGPORT psql',
      'env -i psql',
      'PGHOST= psql',
      'DATABASE_URL=postgres://shop_app:x@localhost:5432/shop npm test',
      'env DATABASE_URL=postgres://localhost/shop node server.js',
      'export DATABASE_URL="postgres://localhost:5432/shop"; npm start',
    ]);
  });

  it('is seen through wrappers, inner shells, pipes and substitutions', () => {
    all('direct', [
      'sudo -u postgres psql -p 5432',
      'timeout -k 1 30 psql -h localhost -p 5432',
      'nohup nice -n 5 psql -h db.internal &',
      'bash -lc "cd /tmp && psql -h db.internal -c \'select 1\'"',
      "sh -c 'PGHOST=db.internal psql'",
      'eval "psql -h db.internal"',
      'echo "$(psql -h db.internal -Atc "select 1")"',
      'true || (psql -h db.internal)',
      'if true; then psql -h db.internal; fi',
      'bash <<EOF\npsql -h db.internal\nEOF',
      '/usr/lib/postgresql/15/bin/psql -h db.internal',
      'p""sql -h "db".internal',
    ]);
  });

  it('is seen in programs that are no clients', () => {
    all('direct', [
      `python3 -c "import psycopg2; psycopg2.connect(host='db.internal', user='x')"`,
      'python3 - <<EOF\npsycopg2.connect(host="localhost", port=5432)\nEOF',
      `node -e "new Client({ host: 'localhost', port: 5432 })"`,
      'nc db.internal 6432',
      'socat - TCP:localhost:5432',
      'exec 3<>/dev/tcp/127.0.0.1/5432; bash -c "cat < /dev/tcp/127.0.0.1/5432"',
      'docker exec -it shop-postgres psql -U postgres',
      'docker compose exec db pg_dump shop',
      'ssh -L 7000:db.internal:6432 jump',
    ]);
  });

  it('is denied where it reads a credential', () => {
    all('credential', [
      'cat ~/.pgpass',
      'cat $HOME/.pgpass',
      'cp ~/.pgpass /tmp/x',
      'PGPASSFILE=/home/ada/.pgpass psql',
      'cat ~/.pg*',
      'cd ~ && cat .pgpass',
      'cat < ~/.pg_service.conf',
      'cat .env',
      'set -a; . ./.env; set +a',
      'docker run --env-file=.env.local app',
      'base64 .env.local | cat',
    ]);
  });

  it("is denied where it reaches into Gatehouse's own state", () => {
    all('state', [
      'cat ~/.local/state/gatehouse/shop-1234/control-secret',
      'ls ~/.local/state/gatehouse',
      'rm -rf ~/.local/state/gatehouse/',
      'find / -name control-secret',
      'echo "$GATEHOUSE_CONTROL_SECRET"',
      'cat ~/.local/state/gate*',
    ]);
  });

  it('is denied where it would answer in place of a person', () => {
    all('answering', [
      'gatehouse approve a1',
      'gatehouse -C /work/shop accept',
      'npx gatehouse deny a1 --reason no',
      'node dist/gatehouse.js down',
      './node_modules/.bin/gatehouse approve x',
      'bash -c "gatehouse approve a1"',
    ]);
    assert.equal(shell('git commit -m "let gatehouse approve this"'), 'none');
  });

  it('is asked about where it writes policy', () => {
    all('policy', [
      'echo x >> .gatehouse/policies/shop.policy.yaml',
      'sed -i s/deny/allow/ .gatehouse/policies/shop.policy.yaml',
      'rm .gatehouse/gatehouse.yaml',
      'tee .gatehouse/policies/new.policy.yaml < x',
    ]);
    all('none', [
      'cat .gatehouse/policies/shop.policy.yaml',
      'ls .gatehouse',
      'sed -n 1p .gatehouse/gatehouse.yaml',
    ]);
  });

  it('is told to wait where the gate is down and a client would use it', () => {
    const down = { gate: 'down', served: new Map<string, number>() } as const;
    all('gate-down', ['psql -c "select 1"', 'cd db && pg_dump shop'], down);
    all('none', ['npm test', 'ls', 'psql -h elsewhere.example', 'echo psql'], down);
    assert.equal(shell('psql -h db.internal', down), 'direct');
    assert.equal(shell('psql', { ...down, upstreams: [] }), 'none');
  });

  it('is read in PowerShell', () => {
    assert.equal(shell("$env:PGHOST = 'db.internal'; psql", {}, 'powershell'), 'direct');
    assert.equal(
      shell('Get-Content $env:USERPROFILE\\.pgpass', {}, 'powershell'),
      process.platform === 'win32' ? 'credential' : 'none',
    );
    assert.equal(shell('psql.exe -h db.internal', {}, 'powershell'), 'direct');
    assert.equal(shell('psql -c "select 1"', {}, 'powershell'), 'none');
  });

  it('is judged without an error, whatever it is', () => {
    const words = fc.constantFrom(
      'psql',
      '-h',
      '-p',
      '5432',
      'env',
      '-u',
      '$(',
      ')',
      "'",
      '"',
      '<<X',
      '\n',
      ';',
      'bash',
      '-c',
      '~/.pgpass',
      '=',
      '://',
      '@',
      'xargs',
      '&',
      '[',
      '*',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), fc.constantFrom('', ' '), (parts, glue) => {
        assert.equal(typeof shell(parts.join(glue)), 'string');
      }),
    );
  });
});

describe('file tools', () => {
  const cause = (kind: 'read' | 'write', ...names: readonly string[]) =>
    objectionTo({ kind, files: names }, around)?.cause;

  it('read what holds no credential', () => {
    assert.equal(
      cause('read', '/work/shop/src/a.ts', '.gatehouse/gatehouse.yaml', '.env.example'),
      undefined,
    );
    assert.equal(cause('read', 'a.ts', '/work/shop/.env'), 'credential');
    assert.equal(cause('read', '/home/ada/.pgpass'), 'credential');
    assert.equal(cause('read', '/home/ada/.local/state/gatehouse/x/launch-secret'), 'state');
  });

  it('write anything but policy, hooks and state', () => {
    assert.equal(cause('write', 'src/a.ts', '.env'), undefined);
    assert.equal(cause('write', 'src/a.ts', '/work/shop/.gatehouse/policies/a.policy.yaml'), 'policy');
    assert.equal(cause('write', '.claude/settings.json'), 'hooks');
    // Its settings switch hooks off for the folder.
    assert.equal(cause('write', '.vscode/settings.json'), 'hooks');
    assert.equal(cause('write', '/home/ada/.codex/config.toml'), 'hooks');
    assert.equal(cause('write', '../shop/.gatehouse/gatehouse.yaml'), 'policy');
    assert.equal(cause('write', '.gatehouse/a.yaml', '~/.local/state/gatehouse/x/accepted.json'), 'state');
  });
});

describe('which commands get the environment', () => {
  it('is every one but those that surely use no resource', () => {
    const may = (command: string) => mayUseResource({ kind: 'shell', command, dialect: 'sh' });
    for (const command of ['ls -la', 'cat a | grep b', 'git status && git diff', 'cd src; pwd', '# nothing'])
      assert.equal(may(command), false, command);
    for (const command of [
      'psql',
      'npm test',
      'git commit -m x',
      'ls; make',
      '$X',
      'cat $(psql -Atc x)',
      './run.sh',
    ])
      assert.equal(may(command), true, command);
    assert.equal(mayUseResource({ kind: 'read', files: ['a'] }), false);
  });
});
