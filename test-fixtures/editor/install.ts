/** Programs for tests of the extension that come as npm packages. */
import path from 'node:path';
import { cachedInstall } from '../cached-install.ts';

const vscodeVersion = '4.139.1';
const inside = 'node_modules/code-server/lib/vscode';
/** That of VS Code 1.105, the oldest that the extension takes. */
const nodeVersion = '22.20.0';

/**
 * The folder of VS Code's server, as code-server's package carries it; installed first where it is missing (about 20 s,
 * 600 MB). None of its native modules need building for what the tests do.
 */
export function vscodeServer(): string {
  const home = cachedInstall({
    name: `code-server-${vscodeVersion}`,
    packages: [`code-server@${vscodeVersion}`],
    more: [inside],
  });
  return path.join(home, inside);
}

/** The program of the oldest Node that editors run extensions with; installed first where it is missing (about 10 s). */
export function oldestNode(): string {
  const name = `node-${process.platform}-${process.arch}`;
  const home = cachedInstall({ name: `node-${nodeVersion}`, packages: [`${name}@${nodeVersion}`] });
  return path.join(home, 'node_modules', name, 'bin/node');
}
