/** Packs the extension: `node extension/scripts/package.mjs [file]`. What goes in stands in .vscodeignore; dist/ is taken as it is. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { createVSIX } = createRequire(import.meta.url)('@vscode/vsce');

await createVSIX({
  cwd: root,
  packagePath: process.argv[2],
  // Everything is in the bundles.
  dependencies: false,
  readmePath: 'extension/README.md',
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
