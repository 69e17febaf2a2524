/**
 * The GitLab job: findings as code quality, tests as JUnit, and a summary of what the change means, as files in the project's
 * folder. What it prints is what people of the terminal get, in which nothing can act on it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gatehouse } from './gatehouse.ts';

const { env } = process;
const project = env.CI_PROJECT_DIR ?? '.';
const folder = path.resolve(project, env.GATEHOUSE_FOLDER || '.');

/** What a change is compared with, unless it is said: where the merge request began, else the commit before. */
const base = env.GATEHOUSE_BASE || env.CI_MERGE_REQUEST_DIFF_BASE_SHA || 'HEAD^1';

function write(name: string, text: string): void {
  if (text !== '') writeFileSync(path.join(project, name), text);
}

function runAll(): number {
  const findings = gatehouse(folder, ['check', '--reporter', 'gitlab']);
  write('gatehouse-code-quality.json', findings.stdout);
  process.stdout.write(gatehouse(folder, ['check']).stdout);
  const tests = gatehouse(folder, ['test', '--reporter', 'junit']);
  write('gatehouse-junit.xml', tests.stdout);
  if (tests.stdout !== '') process.stdout.write(gatehouse(folder, ['test']).stdout);
  const reasons = (env.GATEHOUSE_FAIL_ON ?? '')
    .split(/[\s,]+/)
    .filter((each) => each !== '' && each !== 'none');
  const summary = gatehouse(folder, ['summary', ...reasons.map((each) => `--fail-on=${each}`), '--', base]);
  write('gatehouse-summary.md', summary.stdout);
  process.stdout.write(gatehouse(folder, ['diff', '--', base]).stdout);
  process.stderr.write(summary.stderr);
  return findings.code > 1 ? 2 : summary.code;
}

process.exitCode = runAll();
