/**
 * VS Code for tests: its server as code-server's npm package carries it. None of its native modules need building for what
 * the tests do.
 */
import path from 'node:path';
import { cachedInstall } from '../cached-install.ts';

const version = '4.139.1';
const inside = 'node_modules/code-server/lib/vscode';

/** The folder of VS Code's server; installed first where it is missing (about 20 s, 600 MB). */
export function vscodeServer(): string {
  const home = cachedInstall({
    name: `code-server-${version}`,
    packages: [`code-server@${version}`],
    more: [inside],
  });
  return path.join(home, inside);
}
