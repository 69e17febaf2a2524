import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The `gatehouse` command as the extension carries it: a program for Node. */
export function commandFile(extension: vscode.Uri): string {
  return vscode.Uri.joinPath(extension, 'dist', 'gatehouse.js').fsPath;
}

/**
 * A folder with `gatehouse` as a program of its own, for the PATH of terminals: it needs no Node, as it runs on what VS Code
 * runs on. Written anew when the extension or VS Code moved.
 */
export function commandFolder(context: vscode.ExtensionContext): string {
  const folder = vscode.Uri.joinPath(context.globalStorageUri, 'bin').fsPath;
  const [node, command] = [process.execPath, commandFile(context.extensionUri)];
  if (process.platform === 'win32') {
    write(
      path.join(folder, 'gatehouse.cmd'),
      `@set ELECTRON_RUN_AS_NODE=1\r\n@"${node}" "${command}" %*\r\n`,
    );
  } else {
    const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
    write(
      path.join(folder, 'gatehouse'),
      `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(node)} ${quoted(command)} "$@"\n`,
    );
  }
  return folder;
}

function write(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // The first time.
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
