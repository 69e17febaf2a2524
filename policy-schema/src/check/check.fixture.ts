/** How checks are tested: texts with «marks» around what must be found. */
import assert from 'node:assert/strict';
import { marked } from '../model/marked.fixture.ts';
import type { Diagnostic, Fix } from '../syntax/diagnostic.ts';
import { applyEdits } from '../syntax/edits.ts';
import { type CheckedWorkspace, checkWorkspace } from './check-workspace.ts';

/** One text is `policies/test.policy.yaml`; more are given by name, `gatehouse.yaml` among them. */
export type Files = string | Readonly<Record<string, string>>;

/** A workspace with one production database, for files that bring none of their own. */
export const sampleWorkspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
  - { name: dev-db, protocol: postgres, labels: { env: dev }, host: localhost, database: shop, user: rw }
`;

/** A policy around its rules, masks or limits: `rest` begins with a key at the start of a line. */
export function policyOf(rest: string, { name = 'test', to = '[shop-db]' } = {}): string {
  return `gatehouse: v1\nkind: Policy\nname: ${name}\napplies: { to: ${to} }\n${rest}`;
}

/** A policy around one rule, given by its keys as lines or on one line. */
export function ruleOf(keys: string): string {
  const lines = keys.trim().split('\n');
  return policyOf(`rules:\n  - ${lines.join('\n    ')}\n`);
}

function named(files: Files): Record<string, string> {
  return typeof files === 'string' ? { 'policies/test.policy.yaml': files } : { ...files };
}

function checked(texts: Readonly<Record<string, string>>, now: Date): CheckedWorkspace {
  const { 'gatehouse.yaml': workspace = sampleWorkspace, ...policies } = texts;
  return checkWorkspace({
    workspace: { file: 'gatehouse.yaml', text: workspace },
    policies: new Map(Object.entries(policies)),
    now,
  });
}

const day = new Date('2026-06-01T12:00:00Z');

/**
 * The check must find exactly what is marked, in the order of files and marks, with messages that match. Findings of other
 * checks do not matter, but errors do: a test's files must be readable, unless `broken` says otherwise.
 */
export function finds(
  code: string,
  files: Files,
  messages: readonly RegExp[],
  { now = day, broken = false }: { readonly now?: Date; readonly broken?: boolean } = {},
): readonly Diagnostic[] {
  const marks: { file: string; at: string; start: number }[] = [];
  const texts = Object.fromEntries(
    Object.entries(named(files)).map(([file, source]) => {
      const { text, ranges } = marked(source);
      for (const { start, end } of ranges) marks.push({ file, at: text.slice(start, end), start });
      return [file, text];
    }),
  );
  const { diagnostics } = checked(texts, now);
  if (!broken) {
    const errors = diagnostics.filter((each) => each.severity === 'error' && each.code !== code);
    assert.deepEqual(errors, [], 'the files of the test have errors of their own');
  }
  const own = diagnostics.filter((each) => each.code === code);
  const order = (a: { file: string; start: number }, b: { file: string; start: number }) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start;
  assert.deepEqual(
    own
      .map(({ file, range }) => ({
        file,
        at: texts[file]?.slice(range.start, range.end) ?? '',
        start: range.start,
      }))
      .sort(order),
    marks.sort(order),
    JSON.stringify(
      diagnostics.map(({ code, line, message }) => `${line} ${code}: ${message}`),
      null,
      1,
    ),
  );
  for (const [index, message] of messages.entries()) assert.match(own[index]?.message ?? '', message);
  assert.equal(messages.length, own.length, 'a message for each finding');
  return own;
}

/** The check has nothing to say. */
export function silent(
  code: string,
  files: Files,
  options?: { readonly now?: Date; readonly broken?: boolean },
): void {
  finds(code, files, [], options);
}

/** The only finding's fix of this title (the first, unless given) makes `after` of the text, and the finding goes. */
export function mends(
  code: string,
  files: Files,
  after: Files,
  {
    title,
    safety,
    now = day,
  }: { readonly title?: RegExp; readonly safety?: Fix['safety']; readonly now?: Date } = {},
): void {
  const texts = named(files);
  const { diagnostics } = checked(texts, now);
  const own = diagnostics.filter((each) => each.code === code);
  assert.equal(own.length, 1, JSON.stringify(diagnostics, null, 1));
  const fixes = own[0]?.fixes ?? [];
  const fix = title === undefined ? fixes[0] : fixes.find((each) => title.test(each.title));
  assert.ok(fix, `no such fix among: ${fixes.map((each) => each.title).join(', ')}`);
  if (safety !== undefined) assert.equal(fix.safety, safety);
  const made = Object.fromEntries(
    Object.entries(texts).map(([file, text]) => [
      file,
      applyEdits(
        text,
        fix.edits.filter((edit) => edit.file === file),
      ),
    ]),
  );
  assert.deepEqual(made, named(after));
  silent(code, made, { now });
}
