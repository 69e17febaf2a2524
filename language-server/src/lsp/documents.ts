import { type Connection, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Capability } from './capability.ts';
import { pathOf, type Session } from './session.ts';

/** Texts that are open in the editor stand in for those on the disk. */
export const documents: Capability = {
  offers: () => ({
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
    },
  }),
  register: (connection: Connection, session: Session) => {
    const open = new TextDocuments(TextDocument);
    const put = (uri: string, text: string | undefined): void => {
      const place = session.folders.placeOf(pathOf(uri));
      if (place === undefined) return;
      place.folder.desk.setOpen(place.file, text);
      session.changed({ place, outside: false });
    };
    open.onDidChangeContent(({ document }) => put(document.uri, document.getText()));
    open.onDidClose(({ document }) => put(document.uri, undefined));
    open.listen(connection);
  },
};
