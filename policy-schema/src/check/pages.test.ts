import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sampleWorkspace } from './check.fixture.ts';
import { checkWorkspace } from './check-workspace.ts';
import { allCodes, type CodeFacts, codeIndex, codePage } from './pages.ts';
import { checks } from './registry.ts';

const docs = fileURLToPath(new URL('../../../docs/checks/', import.meta.url));
const codes = allCodes(checks);
const stale = 'run node policy-schema/schema/write.ts';

const folderOf = ({ family, code }: CodeFacts): string =>
  fileURLToPath(new URL(`./${family}/${code}/`, import.meta.url));
const wordsOf = (facts: CodeFacts): string => readFileSync(`${folderOf(facts)}page.md`, 'utf8');

test('every code stands once', () => {
  assert.equal(new Set(codes.map(({ code }) => code)).size, codes.length);
  for (const { code } of codes) assert.match(code, /^[a-z]+(-[a-z]+)*$/);
});

test('every check has a room with its rule, its tests and its page, and every room has a check', () => {
  for (const check of checks)
    for (const file of ['check.ts', 'check.test.ts', 'page.md'])
      assert.ok(
        existsSync(folderOf({ ...check, fixes: check.fixes }) + file),
        `${check.family}/${check.code}/${file}`,
      );
  for (const family of new Set(codes.map((each) => each.family))) {
    const rooms = readdirSync(fileURLToPath(new URL(`./${family}/`, import.meta.url)), {
      withFileTypes: true,
    })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    assert.deepEqual(
      rooms.sort(),
      codes
        .filter((each) => each.family === family)
        .map(({ code }) => code)
        .sort(),
    );
  }
});

test('docs/checks holds a page for each code, current, and an index', () => {
  for (const facts of codes)
    assert.equal(readFileSync(`${docs}${facts.code}.md`, 'utf8'), codePage(facts, wordsOf(facts)), stale);
  assert.equal(readFileSync(`${docs}README.md`, 'utf8'), codeIndex(codes), stale);
  const pages = readdirSync(docs).filter((name) => name !== 'README.md');
  assert.deepEqual(pages.sort(), codes.map(({ code }) => `${code}.md`).sort());
});

/** The whole files of one section of a page. */
function examples(words: string, heading: string): readonly string[] {
  const section = words.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}

/** Files of an example; one that brings no gatehouse.yaml stands in the sample workspace. */
function codesIn(files: readonly string[]): readonly string[] {
  const workspace = files.find((text) => /^kind: Workspace$/m.test(text)) ?? sampleWorkspace;
  const named = files
    .filter((text) => text !== workspace)
    .map((text, index) => [fileName(text, index), text] as const);
  const isTest = ([file]: readonly [string, string]) => file.endsWith('.test.yaml');
  const { diagnostics } = checkWorkspace({
    workspace: { file: '.gatehouse/gatehouse.yaml', text: workspace },
    policies: new Map(named.filter((each) => !isTest(each))),
    tests: new Map(named.filter(isTest)),
    now: new Date('2026-06-01T12:00:00Z'),
  });
  return diagnostics.map(({ code }) => code);
}

/** As people would name the file; examples of two policies of one name need two names. */
function fileName(text: string, index: number): string {
  if (/^kind: Test$/m.test(text)) return `.gatehouse/tests/${index}.test.yaml`;
  const name = /^name: ([\w.-]+)$/m.exec(text)?.[1] ?? 'example';
  return `.gatehouse/policies/${index === 0 ? '' : `${index}/`}${name}.policy.yaml`;
}

for (const facts of codes) {
  test(`the page of ${facts.code} shows what is found, and what to write instead`, () => {
    const words = wordsOf(facts);
    assert.ok((words.split(/^## /m)[0] ?? '').trim().length > 20, 'the page begins with why it matters');
    const [found, instead] = [examples(words, 'Found'), examples(words, 'Instead')];
    assert.ok(found.length > 0 && instead.length > 0);
    assert.ok(codesIn(found).includes(facts.code), codesIn(found).join(', '));
    assert.ok(!codesIn(instead).includes(facts.code));
  });
}
