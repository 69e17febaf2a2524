import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder, samplePolicy } from '../workspace/samples.ts';
import { gatehouse } from './test-command.ts';

let sample: SampleFolder;
const policyFile = '.gatehouse/policies/shop.policy.yaml';

/** Git with a name, and nothing of the person's own settings. */
function git(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', folder, ...who, ...args], { env, encoding: 'utf8' });
}

const edit = (from: string, to: string, text = samplePolicy) => text.replace(from, to);
const wider = edit('[public.products]', '[public.products, public.orders]');

before(() => {
  sample = sampleFolder();
  // The workspace lies below the root of its repository.
  const root = path.dirname(sample.folder);
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'add', 'shop/.gatehouse');
  git(root, 'commit', '--quiet', '-m', 'one');
});
after(() => sample.discard());

describe('gatehouse diff', () => {
  it('says that nothing changed', async () => {
    const { stdout, code } = await gatehouse(sample, ['diff']);
    assert.equal(code, 0);
    assert.match(stdout, /^HEAD \([0-9a-f]{7}\) → the files as they stand\n= same meaning\n/);
  });

  it('shows what an edit newly allows, where, and by which statement', async () => {
    sample.write(policyFile, wider);
    const { stdout, code } = await gatehouse(sample, ['diff']);
    assert.equal(code, 1);
    assert.equal(
      stdout.replace(/\([0-9a-f]{7}\)/, '(COMMIT)'),
      `HEAD (COMMIT) → the files as they stand
↑ looser: now allows SELECT on public.orders

~ policy shop  .gatehouse/policies/shop.policy.yaml
  ~ allow rule read-products (tables +public.orders)  .gatehouse/policies/shop.policy.yaml:6

Newly let through
    SELECT * FROM public.orders
    by claude on shop-db
    before ✗ no rule allows select on public.orders
    after  ✓ allowed by rule read-products (.gatehouse/policies/shop.policy.yaml:6)
`,
    );
  });

  it('tells what each of several changes means by itself', async () => {
    sample.write(policyFile, `${edit('[drop]', '[drop, select]', wider)}limits: { rows: 10 }\n`);
    const { stdout, code } = await gatehouse(sample, ['diff']);
    assert.equal(code, 0);
    assert.match(stdout, /^↓ stricter: now denies SELECT on public\.products/m);
    assert.match(stdout, /read-products .*\n {6}↑ looser: now allows SELECT on public\.orders/);
    assert.match(stdout, /no-drops .*\n {6}↓ stricter: now denies SELECT on public\.products/);
    assert.match(stdout, /limits \(rows none → 10\).*:13\n {6}↓ stricter: limit rows none → 10/);
  });

  it('finds no change in what is only written otherwise, and exits with 0 for it', async () => {
    sample.write(policyFile, edit('actions: [drop]', 'actions: ["drop", drop]'));
    const { stdout, code } = await gatehouse(sample, ['diff', 'HEAD']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /= same meaning/);
  });

  it('gives the verdict, the changes and the examples as JSON', async () => {
    sample.write(policyFile, wider);
    const { stdout, code } = await gatehouse(sample, ['diff', '--json']);
    assert.equal(code, 1);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(told.verdict, 'looser');
    assert.equal((told.loosens as { statement: string }).statement, 'SELECT * FROM public.orders');
    assert.equal((told.changes as { verdict: string }[])[0]?.verdict, 'looser');
  });

  it('compares two revisions, whatever stands in the files', async () => {
    sample.write(policyFile, wider);
    git(sample.folder, 'commit', '--quiet', '-am', 'two');
    sample.write(policyFile, 'not: a policy');
    const { stdout, code } = await gatehouse(sample, ['diff', 'HEAD', 'HEAD~1']);
    assert.equal(code, 0);
    assert.match(stdout, /^HEAD \(\w+\) → HEAD~1 \(\w+\)\n↓ stricter: now denies SELECT on public\.orders/);
    const broken = await gatehouse(sample, ['diff']);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /The policy files have errors; see `gatehouse check`/);
    sample.write(policyFile, wider);
  });

  it('paints in a terminal what it says in words', async () => {
    const { stdout } = await gatehouse(sample, ['diff', 'HEAD~1'], { env: { FORCE_COLOR: '1' } });
    const red = `${String.fromCharCode(27)}[31m`;
    assert.ok(stdout.includes(`${red}`), stdout);
  });

  it('says what is missing: a revision, a commit, a repository', async () => {
    for (const [name, words] of [
      ['nowhere', /No revision is named "nowhere"/],
      ['--output=x', /unknown option/],
    ] as const) {
      const { code, stderr } = await gatehouse(sample, ['diff', name]);
      assert.equal(code, 2);
      assert.match(stderr, words);
    }
    const lone = sampleFolder();
    try {
      const none = await gatehouse(lone, ['diff'], {
        env: { GIT_CEILING_DIRECTORIES: path.dirname(lone.folder) },
      });
      assert.equal(none.code, 2);
      assert.match(none.stderr, /is in no Git repository/);
      git(lone.folder, 'init', '--quiet');
      const empty = await gatehouse(lone, ['diff']);
      assert.equal(empty.code, 2);
      assert.match(empty.stderr, /no commit yet/);
    } finally {
      lone.discard();
    }
  });

  it('takes a revision without policy files as one that allowed nothing', async () => {
    const fresh = sampleFolder();
    try {
      const root = path.dirname(fresh.folder);
      git(root, 'init', '--quiet');
      git(root, 'commit', '--quiet', '--allow-empty', '-m', 'zero');
      mkdirSync(path.join(root, 'other'));
      cpSync(path.join(fresh.folder, '.gatehouse'), path.join(root, 'other', '.gatehouse'), {
        recursive: true,
      });
      const { stdout, code } = await gatehouse(fresh, ['diff']);
      assert.equal(code, 1);
      assert.match(stdout, /looser: now allows SELECT on public\.products/);
      assert.match(stdout, /^\+ policy shop \(2 rules\)/m);
    } finally {
      fresh.discard();
    }
  });
});
