import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packedExtension } from '../packed.ts';
import { systemPython } from '../system-needs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, unknown>;

describe('the packaged extension', () => {
  let folder: string;
  let files: readonly string[];
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'gh-vsix-'));
    execFileSync(systemPython, ['-m', 'zipfile', '-e', packedExtension(), folder]);
    files = globSync('**/*', { cwd: folder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('is smaller than 15 MB', () => {
    assert.ok(statSync(packedExtension()).size < 15_000_000);
  });

  test('holds what runs, what is read and what is seen, and nothing else', () => {
    const kinds = [
      /^extension\/dist\/[^/]+\.(js|cjs|wasm|data|txt)$/,
      /^extension\/dist\/webviews\/[^/]+\.(js|css|ttf)$/,
      /^extension\/dist\/demo\/.*\.(yaml|sql)$/,
      /^extension\/dist\/l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/i,
      /^extension\/extension\/(resources|plugin)\//,
      /^extension\/docs\/checks\/.*\.md$/,
      /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
      /^extension\/(readme\.md|changelog\.md|LICENSE\.txt)$/,
      /^extension\.vsixmanifest$|^\[Content_Types\]\.xml$/,
    ];
    assert.deepEqual(
      files.filter((file) => !kinds.some((kind) => kind.test(file))),
      [],
    );
    for (const needed of ['main.js', 'extension.cjs', 'gatehouse.js', 'pglite.wasm', 'libpg-query.wasm'])
      assert.ok(files.includes(`extension/dist/${needed}`), needed);
  });

  test('says nothing of the machine that it was made on', () => {
    const places = [root, os.homedir() === '/' ? root : `${os.homedir()}/`];
    for (const file of files.filter((name) => /\.(js|cjs|json|md|yaml|svg)$/.test(name))) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      for (const place of places) assert.ok(!text.includes(place), `${file} holds ${place}`);
    }
  });

  test('names every picture and page that its manifest speaks of', () => {
    const manifest = JSON.stringify(read('package.json').contributes);
    const named = [...manifest.matchAll(/"(?:\.\/)?(extension\/[\w./-]+\.(?:svg|png))"/g)].map(
      ([, file]) => file,
    );
    assert.ok(named.length >= 6);
    for (const file of named) assert.ok(files.includes(`extension/${file}`), file);
  });
});

describe('the words of the extension', () => {
  const strings = read('package.nls.json') as Record<string, string>;

  test('every command, view, setting and step has its words in package.nls.json', () => {
    const shown = new Set([
      'title',
      'name',
      'description',
      'markdownDescription',
      'contents',
      'altText',
      'label',
      'contextualTitle',
    ]);
    const plain: string[] = [];
    const walk = (value: unknown, where: string): void => {
      if (Array.isArray(value)) for (const [index, each] of value.entries()) walk(each, `${where}[${index}]`);
      else if (typeof value === 'object' && value !== null)
        for (const [key, each] of Object.entries(value)) {
          if (shown.has(key) && typeof each === 'string' && !/^%[\w.]+%$/.test(each))
            plain.push(`${where}.${key}: ${each}`);
          walk(each, `${where}.${key}`);
        }
    };
    walk(read('package.json').contributes, 'contributes');
    assert.deepEqual(plain, []);
  });

  test('each of them is used, and each that is used is there', () => {
    const manifest = JSON.stringify(read('package.json'));
    const used = new Set([...manifest.matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    assert.deepEqual(
      [...used].filter((key) => !(String(key) in strings)),
      [],
    );
    assert.deepEqual(
      Object.keys(strings).filter((key) => !used.has(key)),
      [],
    );
  });

  test('translations speak of what is there, with the same places for values', () => {
    const bundle = read('dist/l10n/bundle.l10n.json') as Record<string, string>;
    const pairs = [
      ...globSync('package.nls.*.json', { cwd: root }).map((file) => [file, strings] as const),
      ...globSync('extension/l10n/*.json', { cwd: root }).map((file) => [file, bundle] as const),
    ];
    assert.ok(Object.keys(bundle).length > 100);
    const places = (text: string) =>
      [...text.matchAll(/\{\d+\}|\]\(command:[\w.]+\)/g)].map(([place]) => place).sort();
    for (const [file, of] of pairs)
      for (const [key, text] of Object.entries(read(file) as Record<string, string>)) {
        assert.ok(key in of, `${file}: nothing is called ${key}`);
        assert.deepEqual(places(text), places(of[key] ?? ''), `${file}: ${key}`);
      }
  });
});
