import path from 'node:path';
import type { FindingKind } from './finding.ts';

/** A file that is looked into, and as what. */
export interface Candidate {
  readonly kind: Exclude<FindingKind, 'environment' | 'resource-env' | 'resource-file' | 'resource-command'>;
  readonly file: string;
}

export interface Surroundings {
  readonly workspaceFolder: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Files of the user that clients and tools read by themselves. */
export function candidatesOfUser({
  workspaceFolder,
  home,
  platform,
  env,
}: Surroundings): readonly Candidate[] {
  const of = (kind: Candidate['kind'], ...files: readonly (string | undefined)[]): readonly Candidate[] =>
    files
      .filter((file) => file !== undefined && file !== '')
      .map((file) => ({ kind, file: path.resolve(home, file ?? '') }));
  const config = env.XDG_CONFIG_HOME || path.join(home, '.config');
  const roaming = env.APPDATA || path.join(home, 'AppData', 'Roaming');
  const postgres = path.join(roaming, 'postgresql');
  const isWindows = platform === 'win32';
  const all = [
    ...of('pgpass', env.PGPASSFILE, isWindows ? path.join(postgres, 'pgpass.conf') : '.pgpass'),
    ...of(
      'service-file',
      env.PGSERVICEFILE,
      isWindows ? path.join(postgres, '.pg_service.conf') : '.pg_service.conf',
      env.PGSYSCONFDIR && path.join(env.PGSYSCONFDIR, 'pg_service.conf'),
    ),
    ...of('my-cnf', '.my.cnf'),
    ...of('kubeconfig', ...(env.KUBECONFIG?.split(path.delimiter) ?? [path.join('.kube', 'config')])),
    ...of('git-credentials', '.git-credentials', path.join(config, 'git', 'credentials')),
    ...of('env-file', '.env'),
    ...of(
      'shell-start',
      ...['.profile', '.bash_profile', '.bashrc', '.zshrc', '.zshenv', '.zprofile'],
      path.join(config, 'fish', 'config.fish'),
    ),
    ...of(
      'agent-settings',
      ...['.claude.json', '.cursor/mcp.json', '.codex/config.toml', '.claude/settings.json'],
    ),
    ...[
      '.mcp.json',
      '.vscode/mcp.json',
      '.vscode/settings.json',
      '.cursor/mcp.json',
      '.codex/config.toml',
      '.claude/settings.json',
      '.claude/settings.local.json',
    ].map((name): Candidate => ({ kind: 'agent-settings', file: path.join(workspaceFolder, name) })),
  ];
  return [...new Map(all.map((each) => [each.file, each])).values()];
}

const sample = /\.(example|sample|template|dist|tpl)$/;

/** What a file of the workspace is looked into as; undefined: it is not. */
export function kindInWorkspace(name: string): Candidate['kind'] | undefined {
  if (/^\.env(\.|$)|\.env$/.test(name)) return sample.test(name) ? undefined : 'env-file';
  if (/^(docker-)?compose[\w.-]*\.ya?ml$/.test(name)) return 'compose';
  if (name === '.pgpass' || name === 'pgpass.conf') return 'pgpass';
  return name === 'pg_service.conf' || name === '.pg_service.conf' ? 'service-file' : undefined;
}

/** Folders in which nobody keeps what they wrote. */
export const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'dist',
  'build',
  'target',
  'vendor',
  '.venv',
  'venv',
  '__pycache__',
  '.cache',
  '.next',
]);
