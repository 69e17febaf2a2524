import path from 'node:path';
import { holdsCredential } from './credentials.ts';
import { type Objection, objections, type Surroundings } from './reach.ts';

const credentialFiles = new Set(['.pgpass', 'pgpass.conf', '.pg_service.conf', 'pg_service.conf']);
const secretFiles = new Set(['control-secret', 'launch-secret', 'mask-key']);
const environmentFile = /^\.env(\.|$)|\.env$/;
const sampleFile = /\.(example|sample|template|dist|tpl)$/;

/** Files by which agents are told which hooks and servers to run; relative to the workspace or the home folder. */
const hookFiles =
  /^(\.claude\/settings(\.local)?\.json|\.cursor\/(hooks|mcp)\.json|\.codex\/(hooks\.json|config\.toml)|\.github\/hooks\/.*|\.clinerules\/hooks\/.*|\.mcp\.json|\.vscode\/(mcp|settings)\.json)$/;

/** A path as the shell would see it: `~` and HOME are the home folder, the rest is relative to the working folder. */
export function resolveFile(text: string, { cwd, home }: Pick<Surroundings, 'cwd' | 'home'>): string {
  const expanded = text
    .replace(/^file:\/\//, '')
    .replace(/^~(?=$|[/\\])/, home)
    .replace(/^(\$HOME|\$\{HOME\}|\$env:(USERPROFILE|HOME))(?=$|[/\\])/i, home);
  return path.resolve(cwd, expanded);
}

/** What is wrong with reading a file; nothing for most. */
export function objectionToReading(text: string, around: Surroundings): Objection | undefined {
  const file = resolveFile(text, around);
  if (isState(file, around)) return objections.state();
  const name = path.basename(file);
  if (credentialFiles.has(name)) return objections.credential(name);
  if (secretFiles.has(name)) return objections.state();
  if (/[*?[]/.test(text)) return objectionToPattern(file, around);
  if (!environmentFile.test(name) || sampleFile.test(name)) return undefined;
  const content = around.readText(file);
  return content !== undefined && holdsCredential(content, around.upstreams)
    ? objections.credential(name)
    : undefined;
}

/** What is wrong with writing a file. */
export function objectionToWriting(text: string, around: Surroundings): Objection | undefined {
  const file = resolveFile(text, around);
  if (isState(file, around)) return objections.state();
  if (credentialFiles.has(path.basename(file))) return objections.credential(path.basename(file));
  const inWorkspace = relativeIn(around.workspaceFolder, file);
  if (inWorkspace !== undefined && /^\.gatehouse(\/|$)/.test(inWorkspace))
    return objections.policy(inWorkspace);
  const inHome = relativeIn(around.home, file);
  const hooks = [inWorkspace, inHome].find((each) => each !== undefined && hookFiles.test(each));
  return hooks === undefined ? undefined : objections.hooks(hooks);
}

function isState(file: string, { stateFolders }: Surroundings): boolean {
  return stateFolders.some((folder) => file === folder || relativeIn(folder, file) !== undefined);
}

/** `~/.pg*` and the like: the files that it would find. */
function objectionToPattern(pattern: string, { home, stateFolders }: Surroundings): Objection | undefined {
  const found = (file: string) => path.matchesGlob(file, pattern);
  const credential = [...credentialFiles].find((name) => found(path.join(home, name)));
  if (credential !== undefined) return objections.credential(credential);
  return stateFolders.some((folder) => found(folder)) ? objections.state() : undefined;
}

/** The path of a file below a folder, with `/`. */
function relativeIn(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}
