/**
 * Bundles the `gatehouse` command into dist/:
 *   gatehouse.js   a launcher that any Node can read, so that an old one gets words instead of a stack
 *   main.js        the command and the daemon, one file
 *   language-server.js, which keeps the compiled code of language-server-main.js for the next start
 *   hook.js        what agents run before each tool
 *   mcp.js         what agents call for tools
 *   extension.cjs  what VS Code loads, and behind it language-client.cjs
 *   webviews/      the pages of the extension's views, one for each folder of `extension/src/webviews` with a page.ts
 *   *-worker.js    one for each `*-worker.ts`, found by name
 *   *.wasm, *.data PostgreSQL's parser, and the PostgreSQL of the demo
 *   demo/          the workspace of the demo
 *   l10n/          the extension's strings, and what they are in other languages
 *   licenses.txt   of the packages whose code is in the bundles
 * Nothing native is bundled, so dist/ runs wherever Node does.
 */
import { build } from 'esbuild';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findStrings } from './extension/scripts/strings.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(root, 'dist');
/** VS Code 1.105 runs extensions, and what they start, on Node 22.20; SQLite came to stay with 22.16. */
const minimumNode = [22, 16];

const workers = Object.fromEntries(
  globSync(['daemon/src/**/*-worker.ts', 'policy-schema/src/**/*-worker.ts'], { cwd: root }).map((file) => [
    path.basename(file, '.ts'),
    path.join(root, file),
  ]),
);

/** What lies beside dist/ in the package as it does in the repository. */
const packaged = ['package.json', 'docs/checks'];

/** What is copied into dist/ as it is, and where to. */
const copied = { 'daemon/src/demo/workspace': 'demo' };

/** In the bundle every module lives in dist/, so an address relative to a source file has to be written anew. */
const addresses = {
  name: 'addresses',
  setup(bundle) {
    bundle.onLoad({ filter: /(policy-schema|daemon|language-server|extension)\/src\/.*\.ts$/ }, (args) => {
      const source = readFileSync(args.path, 'utf8');
      const contents = source.replace(
        /new URL\(\s*(['"])(.+?)\1,\s*import\.meta\.url\s*\)/g,
        (_whole, _quote, target) => {
          const name = path.basename(target, '.ts');
          if (name in workers) return `new URL('./${name}.js', import.meta.url)`;
          const address = path.relative(root, path.resolve(path.dirname(args.path), target));
          if (packaged.includes(address))
            return `new URL('../${address}${target.endsWith('/') ? '/' : ''}', import.meta.url)`;
          if (address in copied) return `new URL('./${copied[address]}/', import.meta.url)`;
          throw new Error(`${path.relative(root, args.path)}: ${target} would not be in the bundle.`);
        },
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** What the extension imports dynamically is a bundle of its own. */
const loadedLater = {
  name: 'loaded-later',
  setup(bundle) {
    bundle.onResolve({ filter: /\/language-client\.ts$/ }, ({ kind, path: address }) =>
      kind === 'dynamic-import'
        ? { path: `./${path.basename(address, '.ts')}.cjs`, external: true }
        : undefined,
    );
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(path.join(out, 'webviews'), { recursive: true });

/** Bundle for Node. */
const bundle = (options) =>
  build({
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    metafile: true,
    plugins: [addresses],
    // What its package names first is written for loaders that look for their parts when they run.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    ...options,
  });

const banner = {
  // What CommonJS packages in the bundle expect to find.
  js: [
    "import { createRequire as createRequireForBundle } from 'node:module';",
    "import { fileURLToPath as fileURLToPathForBundle } from 'node:url';",
    'const require = createRequireForBundle(import.meta.url);',
    'const __filename = fileURLToPathForBundle(import.meta.url);',
    "const __dirname = fileURLToPathForBundle(new URL('.', import.meta.url));",
  ].join('\n'),
};

const results = await Promise.all([
  bundle({
    entryPoints: { main: path.join(root, 'daemon/src/cli/main.ts'), ...workers },
    target: 'node22',
    banner,
  }),
  bundle({
    entryPoints: { 'language-server-main': path.join(root, 'language-server/src/main.ts') },
    target: 'node22',
    banner,
  }),
  // Agents wait for them, so they hold no more than they need.
  bundle({
    entryPoints: {
      'hook-main': path.join(root, 'daemon/src/cli/hook-main.ts'),
      'mcp-main': path.join(root, 'daemon/src/cli/mcp-main.ts'),
    },
    target: 'node22',
    minify: true,
    banner,
  }),
  bundle({
    entryPoints: {
      extension: path.join(root, 'extension/src/extension.ts'),
      'language-client': path.join(root, 'extension/src/language-client.ts'),
    },
    target: 'node22',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    plugins: [loadedLater, addresses],
    // VS Code gives `vscode` to what is required.
    supported: { 'dynamic-import': false },
    // Windows wait for it to be read.
    minify: true,
  }),
  build({
    entryPoints: Object.fromEntries(
      globSync('extension/src/webviews/*/page.ts', { cwd: root }).map((file) => [
        path.basename(path.dirname(file)),
        path.join(root, file),
      ]),
    ),
    outdir: path.join(out, 'webviews'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
    metafile: true,
  }),
]);

for (const name of ['codicon.css', 'codicon.ttf']) {
  const dist = path.dirname(createRequire(import.meta.url).resolve('@vscode/codicons/dist/codicon.css'));
  copyFileSync(path.join(dist, name), path.join(out, 'webviews', name));
}

for (const [from, to] of Object.entries(copied))
  cpSync(path.join(root, from), path.join(out, to), { recursive: true });

const pglite = path.dirname(
  createRequire(path.join(root, 'daemon/package.json')).resolve('@electric-sql/pglite'),
);
for (const name of ['pglite.wasm', 'pglite.data', 'initdb.wasm'])
  copyFileSync(path.join(pglite, name), path.join(out, name));

const parser = createRequire(path.join(root, 'policy-schema/package.json')).resolve('libpg-query');
copyFileSync(path.join(path.dirname(parser), 'libpg-query.wasm'), path.join(out, 'libpg-query.wasm'));

const { strings, problems } = findStrings(root);
if (problems.length > 0) throw new Error(problems.join('\n'));
mkdirSync(path.join(out, 'l10n'));
writeFileSync(
  path.join(out, 'l10n/bundle.l10n.json'),
  JSON.stringify(Object.fromEntries(strings.map((text) => [text, text])), undefined, 1),
);
for (const file of globSync('extension/l10n/*.json', { cwd: root }))
  copyFileSync(path.join(root, file), path.join(out, 'l10n', path.basename(file)));

writeFileSync(path.join(out, 'licenses.txt'), licensesOf(results));

/** Names, versions and licenses of all packages of which something is in a bundle. */
function licensesOf(built) {
  const folders = new Set(
    built
      .flatMap(({ metafile }) => Object.keys(metafile.inputs))
      .map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
      .filter((folder) => folder !== undefined),
  );
  return [...folders, 'node_modules/@vscode/codicons']
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
      );
      const [file] = globSync('{LICEN[SC]E,licen[sc]e,COPYING}*', { cwd: path.join(root, folder) });
      const text =
        file === undefined ? '' : `\n\n${readFileSync(path.join(root, folder, file), 'utf8').trim()}`;
      return `${name} ${version} (${license})${text}`;
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

const launcher = path.join(out, 'gatehouse.js');
writeFileSync(
  launcher,
  `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < ${minimumNode[0]} || (major === ${minimumNode[0]} && minor < ${minimumNode[1]})) {
  console.error(
    'gatehouse needs Node.js ${minimumNode.join('.')} or newer; this is ' + process.version + ' (' + process.execPath + ').\\n' +
      'Install a newer one, or run it with the one that npm installed: npx --package=node@24 -- node ' + process.argv[1],
  );
  process.exit(2);
}
if (major < 24) {
  // Node 22 says at each start that SQLite may still change there; what is used of it has not.
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith('SQLite is an experimental')) emitWarning.call(process, warning, ...rest);
  };
}
// Agents wait for their hook, and for their tools.
const words = process.argv.slice(2);
const command = ['-C', '--workspace'].includes(words[0]) ? words[2] : words[0];
const isHelp = words.includes('-h') || words.includes('--help');
if (command === 'hook' && words[1] === '--harness' && words.length === 3) {
  process.argv.splice(2, 3, words[2]);
  await import('./hook.js');
} else if (command === 'mcp' && !isHelp) await import('./mcp.js');
else await import('./main.js');
`,
);
chmodSync(launcher, 0o755);

/** A start that keeps the compiled code of `NAME-main.js` for the next one. */
function writeCachingStart(name) {
  const file = path.join(out, `${name}.js`);
  writeFileSync(
    file,
    `#!/usr/bin/env node
import * as nodeModule from 'node:module';
import os from 'node:os';
import path from 'node:path';

// Compiled code is run as it is found, so it lies where nobody else may write: never below the common /tmp.
const caches = {
  darwin: () => path.join(os.homedir(), 'Library', 'Caches'),
  win32: () => process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'),
};
const usual = () => process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
try {
  nodeModule.enableCompileCache?.(path.join((caches[process.platform] ?? usual)(), 'gatehouse', 'compiled'));
} catch {
  // Without a home it starts a little slower.
}
await import('./${name}-main.js');
`,
  );
  chmodSync(file, 0o755);
}
writeCachingStart('language-server');
writeCachingStart('hook');
writeCachingStart('mcp');
