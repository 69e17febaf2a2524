import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { ConfigFault } from '../core/faults.ts';

/** The statements that the demo offers, in its folder. */
export const statementsFile = 'demo.sql';

const template = fileURLToPath(new URL('./workspace/', import.meta.url));
const portLine = /^( +port: )(\d+)$/m;

/** Write the demo's files into a folder. One that is a demo already stays as a person has changed it. */
export async function layDemo(folder: string): Promise<void> {
  if (existsSync(path.join(folder, workspaceFile))) return;
  cpSync(template, folder, { recursive: true });
  setDemoPort(folder, await freePort());
}

/** Where the folder's workspace file says that the database is. @throws ConfigFault when it says nothing */
export function demoPort(folder: string): number {
  const found = portLine.exec(readFileSync(path.join(folder, workspaceFile), 'utf8'))?.[2];
  if (found === undefined)
    throw new ConfigFault(
      'workspace-invalid',
      `${workspaceFile} of the demo names no port; remove the folder and try again.`,
    );
  return Number(found);
}

export function setDemoPort(folder: string, port: number): void {
  const file = path.join(folder, workspaceFile);
  writeFileSync(file, readFileSync(file, 'utf8').replace(portLine, `$1${port}`));
}

/** Kept in a file from then on, so not from the range out of which systems give ports to whoever connects. */
export async function freePort(): Promise<number> {
  for (let left = 50; left > 0; left--) {
    const port = randomInt(20_000, 30_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new ConfigFault('usage', 'No port of this machine is free for the database of the demo.');
}

export interface DemoStatement {
  /** The comment above it, in one line. */
  readonly title: string;
  readonly sql: string;
}

/** The statements of a demo's folder, as a person has left them: paragraphs of comment lines and SQL. */
export function demoStatements(folder: string): readonly DemoStatement[] {
  const file = path.join(folder, statementsFile);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const lines = paragraph.trim().split('\n');
      const comments = lines.filter((line) => line.startsWith('--')).map((line) => line.slice(2).trim());
      const sql = lines
        .filter((line) => !line.startsWith('--'))
        .join('\n')
        .trim();
      return { title: comments.join(' '), sql };
    })
    .filter(({ sql }) => sql !== '');
}
