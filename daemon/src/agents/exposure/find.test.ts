import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findExposure } from './find.ts';
import type { Exposure, Finding, FindingKind } from './finding.ts';
import { inOwnSources } from './own-sources.ts';
import { type Target, targetsOf } from './targets.ts';

/** Each planted secret has it in it, so that a leak is seen wherever it is. */
const needle = 'N33dle';

const shop: Target = {
  resource: 'shop-db',
  protocol: 'postgres',
  host: 'localhost',
  port: 5433,
  database: 'shop',
  user: 'shop_app',
  password: { stdin: 'shop-password' },
};
const stock: Target = {
  ...shop,
  resource: 'stock-db',
  host: 'db.example.com',
  port: 5432,
  password: { stdin: 'stock' },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'gh-exposure-'));
  mkdirSync(path.join(root, 'home'));
  mkdirSync(path.join(root, 'shop'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(file: string, text: string, mode = 0o600): string {
  const whole = path.join(root, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text, { mode });
  return whole;
}

const around = (env: Readonly<Record<string, string>> = {}) => ({
  workspaceFolder: path.join(root, 'shop'),
  home: path.join(root, 'home'),
  platform: 'linux' as const,
  env,
});

async function find(
  env: Readonly<Record<string, string>> = {},
  targets: readonly Target[] = [shop, stock],
): Promise<Exposure> {
  const found = await findExposure(targets, around(env));
  assert.ok(!JSON.stringify(found).includes(needle), 'a secret leaked');
  return found;
}

const told = ({ findings }: Exposure, level: Finding['level'] = 'direct'): readonly string[] =>
  findings
    .filter((each) => each.level === level)
    .map(({ kind, place, resource }) =>
      [
        kind,
        place.kind === 'file' ? `${path.basename(place.file)}:${place.line ?? ''}` : `$${place.name}`,
        ...(resource === undefined ? [] : [resource]),
      ].join(' '),
    );

/** What moving would store and leave behind. */
function moved(found: Exposure, kind: FindingKind): { secret: string; name: string; left: string } {
  const finding = found.findings.find((each) => each.kind === kind && each.level === 'direct');
  const fix = finding?.fixes.find((each) => each.kind === 'move');
  assert.ok(finding?.place.kind === 'file' && fix?.kind === 'move');
  const text = readFileSync(finding.place.file, 'utf8');
  const { start, end, cut } = fix.span;
  return {
    secret: text.slice(start, end),
    name: fix.secret,
    left: text.slice(0, cut.start) + text.slice(cut.end),
  };
}

test('with nothing planted there is nothing to find', async () => {
  const found = await find();
  assert.deepEqual(found.findings, []);
  assert.deepEqual(found.unread, []);
});

test('.pgpass is read as libpq reads it, and told line by line', async () => {
  plant(
    'home/.pgpass',
    [
      '# comment',
      `elsewhere.example:5432:*:ann:${needle}0`,
      `localhost:5433:shop:shop_app:${needle}\\:\\\\1`,
      `db.example.com:*:*:reader:${needle}2`,
      'localhost:5433:shop:x:gha_token',
      'broken:line',
      '',
    ].join('\n'),
  );
  const found = await find();
  assert.deepEqual(told(found), ['pgpass .pgpass:3 shop-db', 'pgpass .pgpass:4 stock-db']);
  assert.deepEqual(told(found, 'note'), ['pgpass .pgpass:2']);
  const { secret, name, left } = moved(found, 'pgpass');
  assert.equal(secret, `${needle}\\:\\\\1`);
  assert.equal(name, 'shop-password');
  assert.ok(!left.includes(':shop_app:') && left.includes(':reader:') && left.startsWith('# comment\n'));
  const other = found.findings.find(({ resource }) => resource === 'stock-db')?.fixes[0];
  assert.equal(other?.kind === 'move' && other.secret, 'stock-reader');
});

test('a line of wildcards in .pgpass leads to a resource, too', async () => {
  plant('home/.pgpass', `*:*:*:*:${needle}`);
  const found = await find();
  assert.deepEqual(told(found), ['pgpass .pgpass:1 shop-db']);
  assert.equal(moved(found, 'pgpass').left, '');
});

test('PGPASSFILE moves .pgpass, and other users of the machine are said', async () => {
  const file = plant('home/elsewhere', `127.0.0.1:5433:*:shop_app:${needle}\n`, 0o644);
  const found = await find({ PGPASSFILE: file });
  assert.deepEqual(told(found), ['pgpass elsewhere:1 shop-db']);
  assert.match(found.findings[0]?.words ?? '', /Other users of this machine/);
  assert.ok(found.findings[0]?.fixes.some(({ kind }) => kind === 'chmod'));
});

test('.env files of the workspace are told where they lead to a resource, samples and others are not', async () => {
  plant(
    'shop/.env',
    `PORT=3000\nDATABASE_URL="postgres://shop_app:${needle}%21@localhost:5433/shop?sslmode=disable"\n`,
  );
  plant(
    'shop/api/.env.local',
    `# db\nPGHOST=db.example.com\nPGUSER=reader\nexport PGPASSWORD='${needle}' # x\n`,
  );
  plant('shop/.env.example', `DATABASE_URL=postgres://user:${needle}@localhost:5433/shop\n`);
  plant('shop/.env.test', `DATABASE_URL=postgres://test:${needle}@localhost:6000/test\n`);
  plant('shop/.env.gate', 'DATABASE_URL=postgres://shop_app:gha_x@localhost:5433/shop\nPGPASSWORD=$SECRET\n');
  plant('shop/node_modules/x/.env', `PGPASSWORD=${needle}\n`);
  const found = await find();
  assert.deepEqual(told(found), ['env-file .env:2 shop-db', 'env-file .env.local:4 stock-db']);
  assert.deepEqual(moved(found, 'env-file'), {
    secret: `${needle}%21`,
    name: 'shop-password',
    left: 'PORT=3000\nDATABASE_URL="postgres://shop_app@localhost:5433/shop?sslmode=disable"\n',
  });
  const fix = found.findings[1]?.fixes[0];
  assert.equal(fix?.kind === 'move' && fix.secret, 'stock-reader');
});

test('service files are read by their sections', async () => {
  plant(
    'home/.pg_service.conf',
    `[other]\nhost=elsewhere.example\npassword=${needle}1\n\n[shop]\nhost=localhost\nport=5433\nuser=shop_app\npassword=${needle}2\ndbname=shop\n`,
  );
  const found = await find();
  assert.deepEqual(told(found), ['service-file .pg_service.conf:9 shop-db']);
  assert.deepEqual(told(found, 'note'), ['service-file .pg_service.conf:3']);
  assert.ok(moved(found, 'service-file').left.endsWith('user=shop_app\ndbname=shop\n'));
});

test('a compose file is told where it publishes the port of a resource', async () => {
  const compose = (port: number) =>
    `services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_USER: shop_app\n      POSTGRES_PASSWORD: ${needle}\n    ports:\n      - "${port}:5432"\n`;
  plant('shop/docker-compose.yml', compose(5433));
  plant('shop/other/compose.yaml', compose(6000));
  assert.deepEqual(told(await find()), ['compose docker-compose.yml:6 shop-db']);
});

test('the environment of the editor counts, and a variable that gatehouse.yaml names counts once', async () => {
  const found = await find({
    PATH: '/bin',
    DATABASE_URL: `postgres://shop_app:${needle}@127.0.0.1:5433/shop`,
    NOTE: 'two\nlines',
    PGPASSWORD: needle,
    PGHOST: 'elsewhere.example',
  });
  assert.deepEqual(told(found), ['environment $DATABASE_URL shop-db']);
  const named: Target = { ...shop, password: { env: 'PGPASSWORD' } };
  const own = await find({ PGPASSWORD: needle }, [named]);
  assert.deepEqual(told(own), ['resource-env $PGPASSWORD shop-db']);
  assert.deepEqual(own.findings[0]?.fixes, []);
});

test('a source in gatehouse.yaml is mended where it stands', () => {
  const text = `gatehouse: v1
kind: Workspace
resources:
  - { name: a, protocol: postgres, host: x, database: d, user: u, password: { env: A } } # first
  - name: b
    protocol: postgres
    host: y
    database: d
    user: u
    password:
      file: secret.txt # second
    tls: { mode: disable }
`;
  const targets = targetsOf('/w/.gatehouse/gatehouse.yaml', text);
  const fixed = inOwnSources(targets ?? [], {
    workspaceFolder: '/w',
    env: { A: needle },
    isReadable: () => true,
  });
  const texts = fixed.map(({ fixes: [fix] }) => {
    assert.ok(fix?.kind === 'stdin');
    return `${text.slice(0, fix.at.start)}{ stdin: ${fix.secret} }${text.slice(fix.at.end)}`;
  });
  assert.match(texts[0] ?? '', /user: u, password: \{ stdin: a \} \} # first/);
  assert.match(texts[1] ?? '', /password:\n {6}\{ stdin: b \} # second\n {4}tls/);
  for (const mended of texts) assert.ok(targetsOf('/w/.gatehouse/gatehouse.yaml', mended));
});

test('sources of gatehouse.yaml count where they can be read from here', async () => {
  plant('shop/secret.txt', needle);
  const of = (password: NonNullable<Target['password']>): Promise<Exposure> =>
    find({}, [{ ...shop, password }]);
  assert.deepEqual(told(await of({ file: 'secret.txt' })), ['resource-file secret.txt: shop-db']);
  assert.deepEqual(told(await of({ file: 'missing.txt' })), []);
  assert.deepEqual(told(await of({ env: 'UNSET' })), []);
  const command = await of({ command: ['pass', 'show', 'shop'] });
  assert.deepEqual(told(command), []);
  assert.deepEqual(told(command, 'note'), ['resource-command gatehouse.yaml: shop-db']);
});

test('servers that agents start with a URL of a resource count', async () => {
  plant(
    'shop/.vscode/mcp.json',
    `{"servers":{"pg":{"command":"x","args":["postgresql://shop_app:${needle}@localhost:5433/shop"]}}}`,
  );
  plant(
    'home/.codex/config.toml',
    `[mcp_servers.pg]\nargs = ["postgresql://a:${needle}@db.example.com/x"]\n`,
  );
  assert.deepEqual(told(await find()).toSorted(), [
    'agent-settings config.toml:2 stock-db',
    'agent-settings mcp.json:1 shop-db',
  ]);
});

test('shells that start with a password count', async () => {
  plant('home/.bashrc', `alias ll=ls\nexport PGPORT=5433\nexport PGPASSWORD=${needle}\n`);
  plant(
    'home/.config/fish/config.fish',
    `set -gx DATABASE_URL postgres://shop_app:${needle}@localhost:5433/shop\n`,
  );
  assert.deepEqual(told(await find()), [
    'shell-start .bashrc:3 shop-db',
    'shell-start config.fish:1 shop-db',
  ]);
});

test('what no resource is behind is noted', async () => {
  plant('home/.my.cnf', `[client]\nuser=root\npassword=${needle}\n`);
  plant('home/.kube/config', `users:\n- name: a\n  user:\n    token: ${needle}\n`);
  plant('home/.git-credentials', `https://ann:${needle}@git.example\n`);
  const pem = (passphrase?: string): string =>
    generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: {
        type: 'pkcs8',
        format: 'pem',
        ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
      },
    }).privateKey;
  const openssh = (cipher: string): string => {
    const name = Buffer.concat([Buffer.from([0, 0, 0, cipher.length]), Buffer.from(cipher)]);
    const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), name, Buffer.alloc(80, 7)]).toString(
      'base64',
    );
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
  };
  plant('home/.ssh/id_open', openssh('none'));
  plant('home/.ssh/id_locked', openssh('aes256-ctr'));
  plant('home/.ssh/id_pem', pem());
  plant('home/.ssh/id_pem_locked', pem('a passphrase'));
  const found = await find();
  assert.deepEqual(told(found), []);
  assert.deepEqual(told(found, 'note').toSorted(), [
    'git-credentials .git-credentials:1',
    'kubeconfig config:4',
    'my-cnf .my.cnf:3',
    'ssh-key id_open:',
    'ssh-key id_pem:',
  ]);
});

test('a search ends at its bounds, and says so', async () => {
  plant('shop/a/b/.env', `PGPASSWORD=${needle}\nPGPORT=5433\n`);
  plant('shop/big.env', `${'#'.repeat(100)}\nPGPASSWORD=${needle}\nPGPORT=5433\n`);
  const found = await findExposure([shop], around(), undefined, { depth: 1, folders: 100, size: 100 });
  assert.deepEqual(told(found), []);
  assert.deepEqual(
    found.unread.map(({ file }) => path.basename(file)),
    ['big.env'],
  );
  const few = await findExposure([shop], around(), undefined, { depth: 9, folders: 1, size: 1000 });
  assert.match(few.unread.map(({ why }) => why).join(), /more than 1 folders/);
});

test('a search that is not wanted any more ends', async () => {
  await assert.rejects(findExposure([shop], around(), AbortSignal.abort(new Error('enough'))), /enough/);
});
