import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { version } from '../core/version.ts';
import { type SampleFolder, sampleFolder, samplePolicy } from '../workspace/samples.ts';
import { sampleSession, writeSampleRecords } from './sample-records.ts';
import { gatehouse } from './test-command.ts';

let sample: SampleFolder;
let recorded: SampleFolder;
before(async () => {
  sample = sampleFolder();
  recorded = sampleFolder();
  await writeSampleRecords(recorded.state.records);
});
after(() => {
  sample.discard();
  recorded.discard();
});

const escapeCode = new RegExp(String.fromCharCode(27));

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('gatehouse itself', () => {
  it('prints its version and a grouped help', async () => {
    assert.equal((await gatehouse(sample, ['--version'])).stdout, `${version}\n`);
    assert.equal((await gatehouse(sample, ['version'])).stdout, `${version}\n`);
    const { stdout, code } = await gatehouse(sample, []);
    assert.equal(code, 0);
    for (const title of ['Write policy:', 'Run the gate:', 'Answer as a person:', 'Look back:']) {
      assert.ok(stdout.includes(title), title);
    }
  });

  it('gives examples in the help of every subcommand', async () => {
    const { stdout } = await gatehouse(sample, []);
    const names = [...stdout.matchAll(/^ {2}(\w+) /gm)]
      .map((match) => match[1])
      .filter((name) => name !== 'help');
    assert.ok(names.length >= 15, names.join(' '));
    // One child for many commands: loading the program costs more than a help.
    const { program } = await import('./program.ts');
    for (const name of names) {
      if (name === 'version') continue;
      const command = program().commands.find((each) => each.name() === name);
      let help = '';
      const writeOut = (text: string) => {
        help += text;
      };
      command?.configureOutput({ writeOut }).outputHelp();
      assert.match(help, /Examples:\n {2}\$ /, name);
    }
    assert.match((await gatehouse(sample, ['help', 'log'])).stdout, /Examples:/);
  });

  it('teaches on wrong usage, and ends with 2', async () => {
    const unknown = await gatehouse(sample, ['stauts']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Did you mean status\?/);
    const option = await gatehouse(sample, ['log', '--folow']);
    assert.equal(option.code, 2);
    assert.match(option.stderr, /Did you mean --follow\?[\s\S]*gatehouse help log/);
    const outside = await gatehouse({ ...sample, folder: path.dirname(sample.folder) }, ['check']);
    assert.equal(outside.code, 2);
    assert.match(outside.stderr, /gatehouse init/);
    for (const command of [
      ['status'],
      ['approvals'],
      ['env', 'shop-db'],
      ['log', '-f'],
      ['down'],
      ['accept'],
    ]) {
      const absent = await gatehouse(sample, command);
      assert.equal(absent.code, 2);
      assert.match(
        absent.stderr,
        /No daemon runs for this workspace; start it with `gatehouse up`/,
        command[0],
      );
    }
  });
});

describe('gatehouse init', () => {
  it('writes samples that check, and never changes a file that is there', async () => {
    const folder = path.join(path.dirname(sample.folder), 'fresh');
    mkdirSync(folder);
    const fresh = { ...sample, folder };
    assert.equal((await gatehouse(fresh, ['init'])).code, 0);
    const checked = await gatehouse(fresh, ['check', '--strict']);
    assert.equal(checked.code, 0, checked.stdout);
    const policy = path.join(folder, '.gatehouse/policies/shop.policy.yaml');
    appendFileSync(policy, '# mine\n');
    rmSync(path.join(folder, '.gatehouse/README.md'));
    const again = await gatehouse(fresh, ['init']);
    assert.match(again.stdout, /kept +\.gatehouse\/policies\/shop\.policy\.yaml/);
    assert.match(again.stdout, /wrote +\.gatehouse\/README\.md/);
    assert.match(readFileSync(policy, 'utf8'), /# mine\n$/);
  });

  it('writes the schemas beside the samples, and each sample names its own', async () => {
    const folder = path.join(path.dirname(sample.folder), 'with-schemas');
    mkdirSync(folder);
    const fresh = { ...sample, folder };
    assert.equal((await gatehouse(fresh, ['init', '--schema'])).code, 0);
    for (const [file, kind] of [
      ['.gatehouse/policies/shop.policy.yaml', 'policy'],
      ['.gatehouse/gatehouse.yaml', 'workspace'],
    ] as const) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const [, address = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const schema = JSON.parse(readFileSync(path.join(folder, path.dirname(file), address), 'utf8'));
      assert.equal(schema.$id, `urn:gatehouse:schema:v1:${kind}`);
    }
    const checked = await gatehouse(fresh, ['check', '--strict']);
    assert.equal(checked.code, 0, checked.stdout);
    const laidOut = await gatehouse(fresh, ['fmt', '--check']);
    assert.equal(laidOut.code, 0, laidOut.stdout);
  });
});

describe('gatehouse check', () => {
  it('is 0 for sound files, and finds the workspace from below or with -C', async () => {
    assert.equal((await gatehouse(sample, ['check'])).stdout, '✓ sound: 1 policy in 2 files\n');
    const below = { ...sample, folder: path.join(sample.folder, '.gatehouse/policies') };
    assert.equal((await gatehouse(below, ['check'])).code, 0);
    assert.equal((await gatehouse({ ...sample, folder: '/' }, ['-C', sample.folder, 'check'])).code, 0);
  });

  it('is 1 for findings: file:line:column: severity: message [code]', async () => {
    const broken = sampleFolder({ shop: samplePolicy.replace('effect: deny', 'effect: dney') });
    try {
      const found = await gatehouse(broken, ['check']);
      assert.equal(found.code, 1);
      assert.match(
        found.stdout,
        /^\.gatehouse\/policies\/shop\.policy\.yaml:10:13: error: .*deny.* \[[a-z-]+\]$/m,
      );
      const [first] = jsonLines((await gatehouse(broken, ['check', '--json'])).stdout);
      assert.deepEqual([first?.line, first?.column, first?.severity], [10, 13, 'error']);
      const coloured = await gatehouse(broken, ['check'], { env: { FORCE_COLOR: '1' } });
      assert.match(coloured.stdout, escapeCode);
      const plain = await gatehouse(broken, ['check'], { env: { NO_COLOR: '1' } });
      assert.doesNotMatch(plain.stdout, escapeCode);
      broken.remove('.gatehouse/gatehouse.yaml');
      assert.equal((await gatehouse(broken, ['check'])).code, 1);
    } finally {
      broken.discard();
    }
  });
});

describe('gatehouse decide', () => {
  const decide = (...args: string[]) => gatehouse(sample, ['decide', ...args]);

  it('is 0, 1 and 3 for allow, deny and approve, with the trace', async () => {
    const policy = `${samplePolicy}  - name: ask
    effect: approve
    sql: { actions: [delete], tables: [public.products] }
    when: '"dba" in principal.groups'
`;
    sample.write('.gatehouse/policies/shop.policy.yaml', policy);
    const allowed = await decide('--agent', 'claude', 'select * from products');
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.match(allowed.stdout, /^✓ allow: /);
    assert.match(
      allowed.stdout,
      /✓ allow: select on public\.products\n {4}allow read-products of shop, .*:6: matches/,
    );
    const denied = await decide('with gone as (delete from orders returning *) select * from products');
    assert.equal(denied.code, 1);
    assert.match(denied.stdout, /✗ deny: delete on public\.orders/);
    const asked = await decide('--group', 'dba', '--json', 'delete from products');
    assert.equal(asked.code, 3, asked.stdout + asked.stderr);
    const { effect, trace, principal } = JSON.parse(asked.stdout);
    assert.equal(effect, 'approve');
    assert.deepEqual(trace.map((step: { rule: string }) => step.rule).sort(), [
      'ask',
      'no-drops',
      'read-products',
    ]);
    assert.ok(principal.groups.includes('dba'));
    const ask = trace.find((step: { rule: string }) => step.rule === 'ask');
    assert.deepEqual(
      ask.parts.map(({ text, outcome }: { text: string; outcome: { value: string } }) => [
        text,
        outcome.value,
      ]),
      [
        ['"dba" in principal.groups', 'true'],
        ['principal.groups', JSON.stringify(principal.groups).replaceAll(',', ', ')],
      ],
    );
  });

  it('says where a statement cannot be read', async () => {
    assert.match((await decide('select * frm orders')).stdout, /at line 1, column 10 of the statement/);
  });

  it('says where the plan has a say, and takes what it would be', async () => {
    sample.write('.gatehouse/policies/shop.policy.yaml', `${samplePolicy}limits: { cost: 500 }\n`);
    const open = await decide('select * from products');
    assert.equal(open.code, 0);
    assert.match(open.stdout, /may change with the server's plan, which is not known here/);
    const costly = await decide('--cost', '501', '--estimated-rows', '3', 'select * from products');
    assert.equal(costly.code, 1);
    assert.match(
      costly.stdout,
      /deny: by the plan it would cost 501 planner units, over the limit cost of 500 \(.*:\d+\)/,
    );
    assert.equal((await decide('--cost', '500', 'select * from products')).code, 0);
    assert.equal((await decide('--cost', 'much', 'select * from products')).code, 2);
    sample.write('.gatehouse/policies/shop.policy.yaml', samplePolicy);
  });

  it('reads standard input, and a workspace elsewhere', async () => {
    const piped = await gatehouse({ ...sample, folder: '/' }, ['decide', '--policy', sample.folder], {
      input: 'drop table orders',
    });
    assert.equal(piped.code, 1);
    assert.match(piped.stdout, /Schema changes go through a migration/);
  });

  it('denies what it cannot read, and says what it needs', async () => {
    assert.equal((await decide('selec 1')).code, 1);
    const unknown = await decide('--resource', 'shopdb', 'select 1');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Did you mean shop-db\?/);
    assert.equal((await decide('--at', 'soon', 'select 1')).code, 2);
  });
});

describe('looking back without a daemon', () => {
  it('log: one line for each request, nothing that acts on the terminal', async () => {
    const { stdout, code } = await gatehouse(recorded, ['log']);
    assert.equal(code, 0);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 5);
    assert.match(
      lines[0] ?? '',
      /^\d\d:\d\d:\d\d {2}claude {2}shop-db {2}✓ allow +shop\/read-shop +3\.4 ms {2}select id.* 2 rows$/,
    );
    assert.match(lines[1] ?? '', /✗ deny .* drop table orders {2}Schema changes go through a migration\.$/);
    assert.match(lines[2] ?? '', /\\u\{1b\}\[2J\\u\{202e\} tidy/);
    assert.match(lines[3] ?? '', /✓ approved .*48 ms/);
    assert.match(lines[4] ?? '', /failed: 22012 division by zero$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  });

  it('log: filters, counts and JSON', async () => {
    const denied = jsonLines((await gatehouse(recorded, ['log', '--effect', 'deny', '--json'])).stdout);
    assert.deepEqual(
      denied.map((event) => event.standing),
      ['deny', 'deny'],
    );
    assert.equal(denied[0]?.text, 'drop table\n  orders');
    assert.equal(denied[0]?.place, '.gatehouse/policies/shop.policy.yaml:12');
    assert.equal(jsonLines((await gatehouse(recorded, ['log', '-n', '2', '--json'])).stdout).length, 2);
    assert.equal((await gatehouse(recorded, ['log', '--agent', 'nobody'])).stdout, '');
    assert.equal((await gatehouse(recorded, ['log', '-n', 'x'])).code, 2);
  });

  it('sessions: a table, or JSON', async () => {
    const { stdout } = await gatehouse(recorded, ['sessions']);
    assert.match(stdout, /^SESSION +OPENED +AGENT/);
    assert.match(stdout, new RegExp(`${sampleSession} .* claude +shop-db +closed +5 +2 +1`));
    const [one, ...more] = jsonLines(
      (await gatehouse(recorded, ['sessions', '--agent', 'claude', '--json'])).stdout,
    );
    assert.equal(one?.id, sampleSession);
    assert.equal(more.length, 0);
  });

  it('replay: statements, decisions, rules and masked results', async () => {
    const { stdout, code } = await gatehouse(recorded, ['replay', sampleSession.slice(0, 4)]);
    assert.equal(code, 0);
    assert.match(stdout, /claude for ada on shop-db, task close the month/);
    assert.match(stdout, /allow by shop\/read-shop \(\.gatehouse\/policies\/shop\.policy\.yaml:12\)/);
    assert.match(stdout, /│ 1 +│ Ada Lovelace │ \[redacted\] │/);
    assert.match(stdout, /│ 2 +│ 山田太郎 +│ NULL +│/);
    assert.match(stdout, /approval k7m2pq approved by ada/);
    assert.match(stdout, /failed · 22012 division by zero/);
    const steps = jsonLines((await gatehouse(recorded, ['replay', sampleSession, '--json'])).stdout);
    assert.deepEqual(
      steps.map((step) => step.kind),
      ['opened', 'request', 'request', 'request', 'request', 'request', 'closed'],
    );
    const unknown = await gatehouse(recorded, ['replay', 'zz']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /gatehouse sessions/);
  });

  it('verify: 0 with an anchor, 1 with the place of the first bad record', async () => {
    const { stdout, code } = await gatehouse(recorded, ['verify']);
    assert.equal(code, 0);
    const anchor = /anchor (\d+:[0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
    assert.equal((await gatehouse(recorded, ['verify', '--anchor', anchor])).code, 0);
    assert.equal((await gatehouse(recorded, ['verify', '--anchor', 'x'])).code, 2);
    const file = path.join(recorded.state.records, 'segments/00000001.ndjson');
    const text = readFileSync(file, 'utf8');
    try {
      writeFileSync(file, text.replace('drop table', 'drop tabel'));
      const broken = await gatehouse(recorded, ['verify']);
      assert.equal(broken.code, 1);
      assert.match(broken.stdout, /✗ Broken at 00000001\.ndjson:4 \(altered\)/);
      assert.equal(jsonLines((await gatehouse(recorded, ['verify', '--json'])).stdout)[0]?.ok, false);
    } finally {
      writeFileSync(file, text);
    }
  });

  it('says so when nothing is recorded yet', async () => {
    for (const command of [['log'], ['sessions'], ['replay', 'x'], ['verify']]) {
      const empty = await gatehouse(sample, command);
      assert.equal(empty.code, 2);
      assert.match(empty.stderr, /Nothing is recorded for this workspace yet/);
    }
  });
});
