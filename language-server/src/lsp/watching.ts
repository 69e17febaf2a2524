import { DidChangeWatchedFilesNotification, type WorkspaceFolder } from 'vscode-languageserver';
import type { Capability } from './capability.ts';
import { pathOf, type Session } from './session.ts';

/** What lies on the disk: read at the start, and again where the client says that it changed. */
export const watching: Capability = {
  offers: () => ({ workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  register: (connection, session) => {
    connection.onInitialized(async () => {
      if (session.client.workspace?.didChangeWatchedFiles?.dynamicRegistration)
        void connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: '**/.gatehouse/**' }],
        });
      if (session.client.workspace?.workspaceFolders) {
        await addFolders(session, (await connection.workspace.getWorkspaceFolders()) ?? []);
        connection.workspace.onDidChangeWorkspaceFolders(({ added }) => void addFolders(session, added));
      }
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const read = session.folders.refresh(changes.map(({ uri }) => pathOf(uri)));
      session.during(read);
      void read.then(() => session.changed({ outside: true }));
    });
  },
};

export async function addFolders(
  session: Session,
  folders: readonly Pick<WorkspaceFolder, 'uri'>[],
): Promise<void> {
  for (const { uri } of folders) await session.folders.add(pathOf(uri));
  session.changed({ outside: true });
}
