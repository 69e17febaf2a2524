import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { builtFolder } from '../built.ts';

/** The scripts of the Action and of the GitLab template, as they would run, on a repository that a pull request changes. */

const repository = fileURLToPath(new URL('../../', import.meta.url));
let root: string;
let project: string;

function git(...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', project, ...who, ...args], { env, encoding: 'utf8' }).trim();
}

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    host: 127.0.0.1
    port: 5432
    database: shop
    user: shop
    password: { env: SHOP_PASSWORD }
    tls: { mode: disable }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-products
    effect: allow
    sql: { actions: [select], tables: [public.products] }
`;
const tests = `gatehouse: v1
kind: Test
cases:
  - name: products are read
    resource: shop-db
    principal: { agent: claude }
    request: select * from products
    expect: { decision: allow }
`;
const policyFile = '.gatehouse/policies/shop.policy.yaml';

function write(file: string, text: string): void {
  const whole = path.join(project, 'services/shop', file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}

before(() => {
  builtFolder();
  root = mkdtempSync(path.join(os.tmpdir(), 'gh-ci-'));
  project = path.join(root, 'work');
  mkdirSync(project);
  git('init', '--quiet', '--initial-branch=main');
  write('.gatehouse/gatehouse.yaml', workspace);
  write(policyFile, policy);
  write('.gatehouse/tests/shop.test.yaml', tests);
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
});
after(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() =>
  git('checkout', '--quiet', '--force', '-B', 'main', git('rev-list', '--max-parents=0', 'HEAD')),
);

/** A pull request in several commits, checked out as GitHub does: merged into its base. */
function pullRequest(...texts: readonly string[]): void {
  git('checkout', '--quiet', '-B', 'topic');
  for (const text of texts) {
    write(policyFile, text);
    git('add', '.');
    git('commit', '--quiet', '-m', 'change');
  }
  git('checkout', '--quiet', '--detach', 'main');
  git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly summary: string;
  readonly outputs: ReadonlyMap<string, string>;
}

const action = parse(readFileSync(path.join(repository, 'action.yml'), 'utf8'));

/** The Action's one step: its environment filled from inputs as the runner does, its line run by bash. */
function runAction(
  inputs: Readonly<Record<string, string>> = {},
  github: Readonly<Record<string, string>> = {},
): Ran {
  const [step] = action.runs.steps;
  const temporary = mkdtempSync(path.join(root, 'runner-'));
  const files = {
    GITHUB_OUTPUT: path.join(temporary, 'output'),
    GITHUB_STEP_SUMMARY: path.join(temporary, 'summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = Object.entries(step.env as Record<string, string>).map(([name, value]) => {
    const [, input] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
    if (input === undefined) assert.match(value, /^\$\{\{ github\.action_path \}\}$/);
    return [name, input === undefined ? repository : (inputs[input] ?? action.inputs[input].default)];
  });
  const { GITHUB_ACTIONS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
    {
      cwd: project,
      encoding: 'utf8',
      env: {
        ...env,
        ...Object.fromEntries(given),
        ...files,
        RUNNER_TEMP: temporary,
        GITHUB_WORKSPACE: project,
        GITHUB_SHA: git('rev-parse', 'HEAD'),
        GITHUB_BASE_REF: 'main',
        GITHUB_REF: 'refs/pull/7/merge',
        ...github,
      },
    },
  );
  assert.equal(stderr, '');
  const outputs = new Map<string, string>();
  for (const [, name = '', , value = ''] of readFileSync(files.GITHUB_OUTPUT, 'utf8').matchAll(
    /^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2\n/gm,
  ))
    outputs.set(name, value);
  return { code: status, stdout, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'), outputs };
}

const inShop = { 'working-directory': 'services/shop' };
const looser = policy.replace('[public.products]', '[public.products, public.orders]');
const stricter = `${policy}limits: { rows: 10 }\n`;

describe('the GitHub Action', () => {
  it('fails a pull request that loosens, with the example in the summary', () => {
    pullRequest(looser, `# said again\n${looser}`);
    const { code, stdout, summary, outputs } = runAction(inShop);
    assert.equal(code, 1, stdout);
    assert.match(summary, /## Gatehouse: ↑ looser/);
    assert.match(summary, /### Newly allowed\n\n```sql\nSELECT \* FROM public\.orders\n```/);
    assert.match(summary, /\| ✓ \| tests \| 1 passed \|/);
    assert.equal(outputs.get('result'), 'failed');
    assert.equal(outputs.get('summary')?.trim(), summary.trim());
    assert.match(stdout, /^::error title=Gatehouse::gatehouse: the change allows more/m);
  });

  it('passes one that tightens, with SARIF and JUnit', () => {
    pullRequest(stricter);
    const { code, stdout, summary, outputs } = runAction(inShop);
    assert.equal(code, 0, stdout);
    assert.match(summary, /## Gatehouse: ↓ stricter/);
    assert.equal(outputs.get('result'), 'passed');
    const sarif = JSON.parse(readFileSync(outputs.get('sarif-file') ?? '', 'utf8'));
    assert.equal(sarif.version, '2.1.0');
    assert.match(
      readFileSync(outputs.get('junit-file') ?? '', 'utf8'),
      /<testsuites name="gatehouse" tests="1"/,
    );
  });

  it('fails for the reasons that are asked for alone', () => {
    pullRequest(looser);
    assert.equal(runAction({ ...inShop, 'fail-on': 'findings' }).code, 0);
    assert.equal(runAction({ ...inShop, 'fail-on': 'none' }).code, 0);
    assert.equal(runAction({ ...inShop, 'fail-on': 'losened' }).outputs.get('result'), 'broken');
  });

  it('annotates findings and failed tests by the names that the repository knows', () => {
    pullRequest(policy.replace('effect: allow', 'effect: alow'));
    const broken = runAction(inShop);
    assert.equal(broken.code, 1);
    assert.match(
      broken.stdout,
      /^::error file=services\/shop\/\.gatehouse\/policies\/shop\.policy\.yaml,line=7,/m,
    );
    assert.match(broken.summary, /✗ not compared/);
    git('checkout', '--quiet', '--force', 'main');
    pullRequest(policy.replace('[public.products]', '[public.other]'));
    const failing = runAction(inShop);
    assert.equal(failing.code, 1);
    assert.match(
      failing.stdout,
      /^::error file=services\/shop\/\.gatehouse\/tests\/shop\.test\.yaml,line=\d+,/m,
    );
    assert.match(failing.summary, /### Failed tests/);
  });

  it('compares the whole pull request where its last commit alone is checked out', () => {
    pullRequest(looser, `# harmless\n${looser}`);
    git('update-ref', 'refs/remotes/origin/main', 'main');
    git('checkout', '--quiet', '--detach', 'topic');
    const { code, summary } = runAction(inShop);
    assert.equal(code, 1);
    assert.match(summary, /↑ looser/);
    git('update-ref', '-d', 'refs/remotes/origin/main');
  });

  it('says how to fetch the base of a shallow clone', () => {
    pullRequest(stricter);
    const [whole, clone] = [project, path.join(root, 'shallow')];
    git('branch', '--force', 'merged');
    git('clone', '--quiet', '--depth=1', '--branch=merged', `file://${whole}`, clone);
    try {
      project = clone;
      const { code, stdout, outputs } = runAction(inShop);
      assert.equal(code, 1);
      assert.equal(outputs.get('result'), 'broken');
      assert.match(stdout, /^::error title=Gatehouse::.*shallow clone.*`fetch-depth: 0`/m);
    } finally {
      project = whole;
    }
  });

  it('runs nothing that stands in a name', () => {
    const proof = path.join(root, 'ran');
    pullRequest(stricter);
    const broken = (inputs: Readonly<Record<string, string>>, github?: Readonly<Record<string, string>>) => {
      const { code, stdout, outputs } = runAction({ ...inShop, ...inputs }, github);
      assert.equal(code, 1);
      assert.equal(outputs.get('result'), 'broken');
      assert.doesNotMatch(stdout, /^\s*::(?!error )/m);
    };
    const substituted = `$(touch ${proof})\`touch ${proof}\``;
    const ended = `"; touch ${proof}; "\n::add-mask::y`;
    broken({ base: substituted });
    broken({ base: ended });
    broken({ 'fail-on': ended });
    broken({ 'working-directory': substituted });
    broken({ simulation: ended });
    broken({}, { GITHUB_BASE_REF: ended, GITHUB_SHA: 'other' });
    assert.equal(existsSync(proof), false);
  });
});

describe('the GitLab job', () => {
  const template = parse(readFileSync(path.join(repository, 'ci/gitlab.yml'), 'utf8'));

  function runJob(): { code: number | null; stdout: string } {
    const { status, stdout } = spawnSync('bash', [path.join(repository, 'ci/gitlab.sh')], {
      cwd: project,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...template.variables,
        CI_PROJECT_DIR: project,
        GATEHOUSE_FOLDER: 'services/shop',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: git('rev-parse', 'main'),
      },
    });
    return { code: status, stdout };
  }

  it('writes the files that the template names, and fails what loosens', () => {
    pullRequest(looser);
    const { code, stdout } = runJob();
    assert.equal(code, 1);
    assert.match(stdout, /looser: now allows SELECT on public\.orders/);
    const { reports, paths } = template.gatehouse.artifacts;
    assert.match(readFileSync(path.join(project, reports.junit), 'utf8'), /^<\?xml/);
    assert.ok(Array.isArray(JSON.parse(readFileSync(path.join(project, reports.codequality), 'utf8'))));
    assert.match(readFileSync(path.join(project, paths[0]), 'utf8'), /### Newly allowed/);
  });

  it('passes what tightens', () => {
    pullRequest(stricter);
    assert.equal(runJob().code, 0);
  });
});
