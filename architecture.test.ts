import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * The arrows of the house, derived from the imports that stand in the source. A new arrow fails here until it is
 * written down, which is the moment to ask whether it should exist.
 */

const root = dirname(fileURLToPath(import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (name) => name.endsWith('.ts') && !name.includes('node_modules') && statSync(join(root, name)).isFile(),
    );
}

interface Import {
  readonly from: string;
  /** A path in the repository, or a package name. */
  readonly to: string;
  readonly onlyTypes: boolean;
}

const statement =
  /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(statement)].map((match) => {
    const specifier = match[2] ?? match[3] ?? '';
    const inside = /^@gatehouse\/([^/]+)\/(.*)$/.exec(specifier);
    const to = specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier))
      : inside
        ? join(inside[1] ?? '', inside[1] === 'test-fixtures' ? '' : 'src', inside[2] ?? '')
        : specifier;
    return { from: file, to, onlyTypes: match[1] !== undefined };
  });
}

const product = ['policy-schema/src', 'daemon/src', 'language-server/src', 'extension/src']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap(sources)
  .filter((file) => !/\.(test|bench)\.ts$/.test(file));
const imports = product.flatMap(importsOf);

/** The room of a file: two folders deep, three for a protocol. */
function room(file: string): string {
  const parts = file.split('/');
  if (parts[2] === 'protocols' && parts.length > 4) return parts.slice(0, 4).join('/');
  return parts.slice(0, parts.length > 3 ? 3 : 2).join('/');
}

/** room → rooms it may import. `type:` before a room: types alone. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'policy-schema/src/syntax': [],
  // What people read of others: everybody may ask it.
  'policy-schema/src/text': [],
  'policy-schema/src/vocabulary': ['policy-schema/src/model'],
  'policy-schema/src/model': ['policy-schema/src/syntax', 'policy-schema/src/vocabulary'],
  'policy-schema/src/conditions': [
    'policy-schema/src/vocabulary',
    'policy-schema/src/model',
    'type:policy-schema/src/evaluate',
  ],
  'policy-schema/src/evaluate': [
    'policy-schema/src/conditions',
    'policy-schema/src/model',
    'policy-schema/src/vocabulary',
  ],
  'policy-schema/src/check': [
    'policy-schema/src/conditions',
    'policy-schema/src/evaluate',
    'policy-schema/src/model',
    'policy-schema/src/names',
    'policy-schema/src/syntax',
    'policy-schema/src/tests',
    'policy-schema/src/vocabulary',
  ],
  // How files are laid out.
  'policy-schema/src/layout': ['policy-schema/src/syntax'],
  // Policies held against what people expect of them.
  'policy-schema/src/tests': [
    'policy-schema/src/conditions',
    'policy-schema/src/evaluate',
    'policy-schema/src/model',
    'policy-schema/src/syntax',
    'policy-schema/src/vocabulary',
  ],
  // Policies and statements changed on purpose, to see who notices.
  'policy-schema/src/mutation': [
    'policy-schema/src/conditions',
    'policy-schema/src/evaluate',
    'policy-schema/src/model',
    'policy-schema/src/syntax',
    'policy-schema/src/tests',
    'policy-schema/src/vocabulary',
  ],
  // From traffic to the least that it needs.
  'policy-schema/src/learn': [
    'policy-schema/src/evaluate',
    'policy-schema/src/model',
    'policy-schema/src/suggest',
    'policy-schema/src/syntax',
    'policy-schema/src/vocabulary',
  ],
  // Changes of policy files after which a request passes.
  'policy-schema/src/suggest': [
    'policy-schema/src/check',
    'policy-schema/src/evaluate',
    'policy-schema/src/model',
    'policy-schema/src/syntax',
    'policy-schema/src/vocabulary',
  ],
  'policy-schema/src/describe': [
    'policy-schema/src/conditions',
    'policy-schema/src/model',
    'policy-schema/src/vocabulary',
  ],
  'policy-schema/src/names': [
    'policy-schema/src/conditions',
    'policy-schema/src/model',
    'policy-schema/src/syntax',
    'policy-schema/src/vocabulary',
  ],
  'language-server/src': ['language-server/src/features', 'policy-schema'],
  'language-server/src/features': [
    'type:language-server/src',
    'language-server/src/simulate',
    'policy-schema',
  ],
  'language-server/src/simulate': ['type:language-server/src', 'policy-schema'],
  // The only room that knows LSP.
  'language-server/src/lsp': [
    'language-server/src',
    'language-server/src/features',
    'language-server/src/simulate',
    'language-server/src/workspace',
    'policy-schema',
  ],
  // Copies of what a workspace extends are read as the daemon reads them.
  'language-server/src/workspace': [
    'language-server/src',
    'type:daemon/src/control',
    'daemon/src/workspace',
    'policy-schema',
  ],
  'extension/src': [
    'extension/src/agents',
    'extension/src/gate',
    'extension/src/testing',
    'extension/src/views',
    'policy-schema/src/text',
    'type:daemon/src/control',
  ],
  'extension/src/gate': ['extension/src', 'type:daemon/src/control', 'type:daemon/src/host'],
  'extension/src/agents': ['extension/src', 'extension/src/gate', 'type:daemon/src/control'],
  'extension/src/testing': [
    'extension/src',
    'extension/src/gate',
    'policy-schema/src/tests',
    'type:daemon/src/control',
  ],
  'extension/src/views': [
    'extension/src',
    'extension/src/agents',
    'extension/src/gate',
    'type:daemon/src/control',
  ],
  // In a browser: of the extension they know the messages alone.
  'extension/src/webviews': ['type:extension/src/views', 'type:daemon/src/control', 'policy-schema/src/text'],
  'daemon/src': [
    'daemon/src/control',
    'daemon/src/core',
    'daemon/src/identity',
    'daemon/src/protocols',
    'daemon/src/recordings',
    'daemon/src/review',
    'daemon/src/workspace',
    'policy-schema',
  ],
  'daemon/src/cli': [
    'daemon/src',
    'daemon/src/agents',
    'daemon/src/control',
    'daemon/src/core',
    'daemon/src/demo',
    'daemon/src/host',
    'daemon/src/identity',
    'daemon/src/mcp-server',
    'daemon/src/recordings',
    'daemon/src/review',
    'daemon/src/simulate',
    'daemon/src/workspace',
    'policy-schema',
  ],
  // Several workspaces in one process; each is what daemon.ts starts.
  'daemon/src/host': [
    'daemon/src',
    'daemon/src/control',
    'daemon/src/core',
    'daemon/src/identity',
    'daemon/src/workspace',
  ],
  // What hooks of agents ask, and the environments that agents get.
  'daemon/src/agents': ['daemon/src/core', 'type:daemon/src/control', 'policy-schema'],
  // Gatehouse's own MCP server: a client of the gate like any other.
  'daemon/src/mcp-server': ['type:daemon/src/control', 'daemon/src/core', 'policy-schema'],
  // A database to try the gate on, which speaks with the gate's own words.
  'daemon/src/demo': [
    'type:daemon/src/control',
    'daemon/src/core',
    'daemon/src/protocols/postgres',
    'policy-schema',
  ],
  'daemon/src/control': [
    'daemon/src/agents',
    'daemon/src/core',
    'daemon/src/identity',
    'daemon/src/recordings',
    'type:daemon/src/review',
    'type:daemon/src/workspace',
    'policy-schema',
  ],
  // What people ask of the record, in a thread of its own.
  'daemon/src/review': [
    'daemon/src/core',
    'daemon/src/recordings',
    'daemon/src/simulate',
    'daemon/src/workspace',
    'policy-schema',
  ],
  // The whole record decided again by another policy.
  'daemon/src/simulate': [
    'daemon/src/core',
    'daemon/src/recordings',
    'daemon/src/review',
    'daemon/src/workspace',
    'policy-schema',
  ],
  'daemon/src/core': ['type:daemon/src/recordings', 'policy-schema'],
  'daemon/src/identity': ['daemon/src/core', 'policy-schema'],
  'daemon/src/workspace': [
    'daemon/src/core',
    'type:daemon/src/recordings',
    'type:daemon/src/control',
    'policy-schema',
  ],
  'daemon/src/recordings': ['daemon/src/core', 'policy-schema'],
  'daemon/src/protocols': ['daemon/src/protocols/postgres', 'type:daemon/src/core', 'policy-schema'],
  'daemon/src/protocols/postgres': ['daemon/src/core', 'policy-schema'],
};

test('every import between rooms is one of the arrows written down', () => {
  const unknown: string[] = [];
  for (const { from, to, onlyTypes } of imports) {
    if (to.endsWith('.json')) continue;
    if (!/^(policy-schema|daemon|extension)\/|^test-fixtures/.test(to)) continue;
    const source = room(from);
    const target = room(to);
    if (source === target) continue;
    const list = allowed[source];
    const fits = list?.some(
      (entry) =>
        entry === target || target.startsWith(`${entry}/src`) || (onlyTypes && entry === `type:${target}`),
    );
    if (fits !== true) unknown.push(`${from} imports ${to}${onlyTypes ? ' (types)' : ''}`);
  }
  assert.deepEqual(unknown, []);
});

test('policy-schema knows nothing of the daemon, of files, of sockets or of an editor', () => {
  const forbidden =
    /^(daemon\/|test-fixtures|vscode|node:(fs|net|tls|http|https|child_process|dgram|sqlite)(\/|$))/;
  const found = imports.filter(
    ({ from, to }) =>
      from.startsWith('policy-schema/') && !from.startsWith('policy-schema/scripts') && forbidden.test(to),
  );
  assert.deepEqual(found, []);
});

test('only the recorder mints permits', () => {
  const users = product.filter((file) => /\bmintPermit\b/.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(users.sort(), ['daemon/src/recordings/permit.ts', 'daemon/src/recordings/recorder.ts']);
});

test('only the wrapper touches the CEL library, and only the sql vocabulary the SQL parser', () => {
  const users = (name: RegExp) =>
    [...new Set(imports.filter(({ to }) => name.test(to)).map(({ from }) => room(from)))].sort();
  assert.deepEqual(users(/^@marcbachmann\/cel-js/), ['policy-schema/src/conditions']);
  assert.deepEqual(users(/^libpg-query/), ['policy-schema/src/vocabulary']);
});

test('no file of the product imports in a circle', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to, onlyTypes } of imports) {
    if (!onlyTypes && product.includes(to)) graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const circle = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = circle(next, [...path, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  assert.deepEqual(
    [...graph.keys()].map((file) => circle(file, [])).filter((found) => found !== undefined),
    [],
  );
});

test('no file is longer than 400 lines, and none is a drawer for leftovers', () => {
  const long = product.filter(
    (file) =>
      !file.endsWith('.generated.ts') && readFileSync(join(root, file), 'utf8').split('\n').length > 401,
  );
  assert.deepEqual(long, []);
  assert.deepEqual(
    product.filter((file) => /(^|\/)(utils|helpers|misc|common|index)\.ts$/.test(file)),
    [],
  );
});
