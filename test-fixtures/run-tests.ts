/**
 * What `npm test` runs: every `*.test.ts` of the repository, against real servers. Ends with one line,
 * `N passed, N failed`, and a status other than 0 when a test failed, when there was none, or (with CI=true) when one
 * was skipped. Arguments: paths or globs of test files instead of all; options that start with `-` go to node.
 */
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { globSync } from 'node:fs';
import path from 'node:path';
import { builtFolder } from './built.ts';
import { packedExtension } from './packed.ts';
import { provideNeeds } from './system-needs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['policy-schema', 'daemon', 'language-server', 'extension', 'test-fixtures'];
const wanted = process.argv.slice(2);
const patterns =
  wanted.length > 0 ? wanted : ['*.test.ts', ...folders.map((folder) => `${folder}/**/*.test.ts`)];

const files = globSync(patterns, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
  .sort()
  .map((file) => path.resolve(root, file));

provideNeeds();
builtFolder();
if (files.some((file) => /test-fixtures.(editor|package)./.test(file))) packedExtension();

const counts = { passed: 0, failed: 0 };
const skipped: string[] = [];

const stream = run({
  files,
  cwd: root,
  // The servers that the tests start need room beside them.
  concurrency: Math.max(2, Math.min(4, os.availableParallelism())),
  timeout: 300_000,
});
stream.on('test:pass', (event) => {
  if (event.details.type === 'suite') return;
  if (event.skip !== undefined || event.todo !== undefined) {
    skipped.push(
      `${path.relative(root, event.file ?? '')}: ${event.name} (${event.skip || event.todo || 'no reason'})`,
    );
  } else {
    counts.passed++;
  }
});
stream.on('test:fail', (event) => {
  // A suite fails because of its tests, which are counted; one that fails by itself (in a hook) is counted too.
  const cause: unknown = event.details.error;
  const ofItsTests =
    cause instanceof Error && 'failureType' in cause && cause.failureType === 'subtestsFailed';
  if (!ofItsTests) counts.failed++;
});
stream.on('end', () => {
  for (const each of skipped) console.log(`SKIPPED  ${each}`);
  const strict = process.env.CI === 'true' && skipped.length > 0;
  if (strict) {
    console.log(`With CI=true a skipped test counts as a failed one: ${skipped.length}.`);
    counts.failed += skipped.length;
  }
  if (counts.passed + counts.failed === 0) {
    console.log(`No test was found in ${patterns.join(' ')}.`);
    process.exitCode = 1;
  }
  if (counts.failed > 0) process.exitCode = 1;
});
const reporter = new spec();
reporter.on('end', () => console.log(`${counts.passed} passed, ${counts.failed} failed`));
stream.pipe(reporter).pipe(process.stdout, { end: false });
