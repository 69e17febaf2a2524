/**
 * The GitHub Action: findings as SARIF and annotations, tests as JUnit and annotations, and a summary of what the change means.
 *
 * Names of branches, files, rules and tests may be anybody's who opens a pull request. They reach commands as arguments alone,
 * the job's output only as data of workflow commands, and outputs only between lines that nobody can guess.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { annotation } from '../daemon/src/cli/workflow-commands.ts';
import { commitOf, gatehouse } from './gatehouse.ts';

const { env } = process;
const folder = path.resolve(env.GITHUB_WORKSPACE ?? '.', env.GATEHOUSE_FOLDER || '.');
const kept = env.RUNNER_TEMP ?? os.tmpdir();
mkdirSync(kept, { recursive: true });
const results = mkdtempSync(path.join(kept, 'gatehouse-'));

type Result = 'passed' | 'failed' | 'broken';

function write(name: string, text: string): string {
  const file = path.join(results, name);
  writeFileSync(file, text);
  return file;
}

function output(name: string, value: string): void {
  if (env.GITHUB_OUTPUT === undefined) return;
  const end = randomUUID();
  appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
}

function complain(message: string): void {
  console.log(annotation({ level: 'error', title: 'Gatehouse', message: message.trim() }));
}

/**
 * What a change is compared with, unless it is said: what the pull request goes into, else the commit before. Of a pull request
 * GitHub checks out how it would be merged, whose first parent is that base. Where something else was checked out, the parent
 * may be a commit of the pull request's own, which would hide all that came before it.
 */
function base(): string {
  if (env.GATEHOUSE_BASE) return env.GATEHOUSE_BASE;
  if (!env.GITHUB_BASE_REF) return 'HEAD^1';
  const into = `refs/remotes/origin/${env.GITHUB_BASE_REF}`;
  const isMerge = commitOf(folder, 'HEAD') === env.GITHUB_SHA && commitOf(folder, 'HEAD^2') !== undefined;
  return isMerge ? 'HEAD^1' : into;
}

function runAll(): Result {
  const sarif = gatehouse(folder, ['check', '--reporter', 'sarif']);
  if (sarif.code > 1) {
    complain(sarif.stderr);
    return 'broken';
  }
  output('sarif-file', write('gatehouse.sarif', sarif.stdout));
  process.stdout.write(gatehouse(folder, ['check', '--reporter', 'github']).stdout);

  const junit = gatehouse(folder, ['test', '--reporter', 'junit']);
  if (junit.stdout !== '') {
    output('junit-file', write('gatehouse-junit.xml', junit.stdout));
    process.stdout.write(gatehouse(folder, ['test', '--reporter', 'github']).stdout);
  }

  const reasons = (env.GATEHOUSE_FAIL_ON ?? '')
    .split(/[\s,]+/)
    .filter((each) => each !== '' && each !== 'none');
  const summary = gatehouse(folder, [
    'summary',
    ...(env.GATEHOUSE_SIMULATION
      ? [`--simulation=${path.resolve(env.GITHUB_WORKSPACE ?? '.', env.GATEHOUSE_SIMULATION)}`]
      : []),
    ...reasons.map((each) => `--fail-on=${each}`),
    '--',
    base(),
  ]);
  if (summary.code > 1) {
    complain(summary.stderr);
    return 'broken';
  }
  output('summary-file', write('gatehouse-summary.md', summary.stdout));
  output('summary', summary.stdout);
  if (env.GITHUB_STEP_SUMMARY !== undefined) appendFileSync(env.GITHUB_STEP_SUMMARY, `${summary.stdout}\n`);
  if (summary.code === 0) return 'passed';
  complain(summary.stderr);
  return 'failed';
}

const result = runAll();
output('result', result);
process.exitCode = result === 'passed' ? 0 : 1;
