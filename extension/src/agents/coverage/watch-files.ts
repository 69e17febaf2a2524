import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** Where credentials and settings of agents may come and go: what `gatehouse credentials` and `gatehouse connect` look at. */
// Groups do not nest in VS Code's globs.
const inFolders = [
  '**/{.env*,*.env,compose*.yml,compose*.yaml,docker-compose*.yml,docker-compose*.yaml}',
  '**/{.pgpass,pg_service.conf,.pg_service.conf,.mcp.json}',
  '**/{.gatehouse,.vscode,.cursor,.codex,.claude}/*.{json,toml,yaml}',
  '**/.clinerules/hooks/*',
];
const inHome: readonly (readonly [string, string])[] = [
  [
    '.',
    '{.pgpass,.pg_service.conf,.my.cnf,.git-credentials,.env,.profile,.bash_profile,.bashrc,.zshrc,.zshenv,.zprofile,.claude.json}',
  ],
  ['.ssh', 'id_*'],
  ['.kube', 'config'],
  ['.claude', 'settings.json'],
  ['.codex', '{config.toml,hooks.json}'],
  ['.cursor', '{mcp,hooks}.json'],
];

/** Calls back soon after such a file changed, once for many. */
export function watchFiles(changed: () => void): vscode.Disposable {
  const home = os.homedir();
  const watchers = [
    ...inFolders.map((pattern) => vscode.workspace.createFileSystemWatcher(pattern)),
    ...inHome.map(([folder, pattern]) =>
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(path.join(home, folder)), pattern),
      ),
    ),
  ];
  const subscriptions = watchers.flatMap((each) => [
    each,
    each.onDidChange(changed),
    each.onDidCreate(changed),
    each.onDidDelete(changed),
  ]);
  return vscode.Disposable.from(...subscriptions);
}
