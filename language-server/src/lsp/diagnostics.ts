import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ClientCapabilities,
  type Connection,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { Folder } from '../workspace/folders.ts';
import type { Capability } from './capability.ts';
import { toDiagnostic } from './convert.ts';
import { atOf, pathOf, type Session } from './session.ts';

/** A keystroke in one file changes what is said of others; those follow when the keys rest. */
const restMs = 200;

const pulls = (client: ClientCapabilities): boolean => client.textDocument?.diagnostic !== undefined;

/** Findings, asked for by the client where it can, sent to it where it cannot. */
export const diagnostics: Capability = {
  offers: (client) =>
    pulls(client)
      ? {
          diagnosticProvider: {
            identifier: 'gatehouse',
            interFileDependencies: true,
            workspaceDiagnostics: true,
          },
        }
      : {},
  register: (connection, session) => {
    if (pulls(session.client)) answerPulls(connection, session);
    else push(connection, session);
  },
};

/** Milliseconds of work between two looks at what the client says. */
const readingMs = 10;

/** Items that are worked on one by one, with looks at what the client says in between. */
async function* inTurns<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  let since = performance.now();
  for (const item of items) {
    if (performance.now() - since > readingMs) {
      await nextTurn();
      since = performance.now();
    }
    yield item;
  }
}

const reading = new WeakMap<Folder, Promise<void>>();

/** Read all files of a folder, piece by piece, and say so when it is done. */
function readAll(session: Session, folder: Folder): Promise<void> {
  let done = reading.get(folder);
  if (done === undefined) {
    done = new Promise((resolve) => {
      const go = (): void => {
        if (!folder.desk.readSome(readingMs)) {
          setImmediate(go);
          return;
        }
        reading.delete(folder);
        resolve();
        session.changed({ outside: true });
      };
      void folder.ready.then(() => setImmediate(go));
    });
    reading.set(folder, done);
  }
  return done;
}

/** While other files are not there or many are unread, the errors of the file alone; the rest follows when they are read. */
function findingsOf(session: Session, folder: Folder, file: string): Diagnostic[] {
  if (!folder.isLoaded || !folder.desk.isRead) {
    void readAll(session, folder);
    const places = { ...session.addressesOf(folder), sourceOf: () => undefined };
    return folder.desk.early(file).map((finding) => toDiagnostic(finding, places));
  }
  const places = session.placesOf(folder);
  return folder.desk.desk.diagnostics(file).map((finding) => toDiagnostic(finding, places));
}

type Report = FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport;

function reportOf(items: Diagnostic[], previous: string | undefined): Report {
  const resultId = createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 16);
  return resultId === previous
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

function answerPulls(connection: Connection, session: Session): void {
  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }) => {
    const place = session.folders.placeOf(pathOf(textDocument.uri));
    if (place === undefined) return reportOf([], previousResultId);
    await session.settled(place.folder);
    return reportOf(findingsOf(session, place.folder, place.file), previousResultId);
  });
  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
    const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    for (const folder of session.folders.all) {
      await session.settled(folder);
      if (!folder.desk.isRead) await readAll(session, folder);
      for await (const file of inTurns(folder.desk.desk.files.keys())) {
        if (token.isCancellationRequested) break;
        const uri = session.uriOf(folder, file);
        items.push({ uri, version: null, ...reportOf(findingsOf(session, folder, file), previous.get(uri)) });
        previous.delete(uri);
      }
    }
    // Files that are gone have nothing to say any more.
    for (const uri of previous.keys())
      items.push({ uri, version: null, kind: DocumentDiagnosticReportKind.Full, items: [] });
    return { items };
  });
  session.onChange(({ outside }) => {
    if (outside && session.client.workspace?.diagnostics?.refreshSupport)
      void connection.languages.diagnostics.refresh();
  });
}

function push(connection: Connection, session: Session): void {
  const sent = new Map<string, string>();
  const send = (folder: Folder, file: string): void => {
    const uri = session.uriOf(folder, file);
    const items = findingsOf(session, folder, file);
    const text = JSON.stringify(items);
    if (sent.get(uri) === text || (!sent.has(uri) && items.length === 0)) return;
    sent.set(uri, text);
    void connection.sendDiagnostics({ uri, diagnostics: items });
  };
  let sending = 0;
  /** Another change begins it anew. */
  const sendAll = async (): Promise<void> => {
    const own = ++sending;
    for (const folder of session.folders.all) {
      if (folder.isLoaded && folder.desk.isRead)
        for await (const file of inTurns(folder.desk.desk.files.keys())) {
          if (own !== sending) return;
          send(folder, file);
        }
      else void readAll(session, folder);
    }
    for (const uri of sent.keys()) {
      const place = session.folders.placeOf(pathOf(uri));
      if (place?.folder.desk.isRead && !atOf(place.folder, place.file)) send(place.folder, place.file);
    }
  };
  let later: NodeJS.Timeout | undefined;
  session.onChange(async ({ place }) => {
    if (place) {
      if (!place.folder.isLoaded) send(place.folder, place.file);
      await session.settled(place.folder);
      send(place.folder, place.file);
    }
    clearTimeout(later);
    sending++;
    later = setTimeout(() => void sendAll(), restMs);
  });
  session.onClose(() => {
    clearTimeout(later);
    sending++;
  });
}
