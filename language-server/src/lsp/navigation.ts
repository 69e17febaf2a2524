import path from 'node:path';
import type { FileRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import {
  type CallHierarchyItem,
  DocumentHighlightKind,
  type DocumentSymbol,
  LSPErrorCodes,
  type Location,
  type LocationLink,
  ResponseError,
  SymbolKind,
  type WorkspaceSymbol,
} from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { type CallItem, incomingCalls, outgoingCalls, prepareCalls } from '../features/call-hierarchy.ts';
import { definition, references } from '../features/definition.ts';
import { type DocumentLink, documentLinks } from '../features/document-links.ts';
import {
  documentSymbols,
  type FileSymbol,
  type SymbolKind as OwnKind,
} from '../features/document-symbols.ts';
import { type Highlight, highlights } from '../features/highlight.ts';
import { linkedEditing } from '../features/linked-editing.ts';
import { prepareRename, rename } from '../features/rename.ts';
import { workspaceSymbols } from '../features/workspace-symbols.ts';
import type { Folder } from '../workspace/folders.ts';
import type { Capability } from './capability.ts';
import { toRange } from './convert.ts';
import { toWorkspaceEdit } from './editing.ts';
import type { At, Session } from './session.ts';

/** Names: where they are made and used, what else they are called, and what there is in a file or workspace. */
export const navigation: Capability = {
  offers: () => ({
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentHighlightProvider: true,
    documentSymbolProvider: { label: 'Gatehouse' },
    workspaceSymbolProvider: true,
    documentLinkProvider: {},
    linkedEditingRangeProvider: true,
    callHierarchyProvider: true,
  }),
  register: (connection, session) => {
    connection.onDefinition((params) =>
      session.answer(params, ({ at, offset }) => {
        const found = definition(at.desk, at.file.file, offset);
        if (found === undefined) return null;
        const origin = toRange(at.source, found.origin);
        const links = found.targets.flatMap(({ file, range, head }): LocationLink[] => {
          const source = at.desk.files.get(file)?.parsed.source;
          if (source === undefined) return [];
          const [whole, name] = [toRange(source, range), toRange(source, head)];
          const uri = session.uriOf(at.folder, file);
          return [
            { originSelectionRange: origin, targetUri: uri, targetRange: whole, targetSelectionRange: name },
          ];
        });
        if (session.client.textDocument?.definition?.linkSupport) return links;
        return links.map(({ targetUri, targetSelectionRange }) => ({
          uri: targetUri,
          range: targetSelectionRange,
        }));
      }),
    );
    connection.onReferences((params) =>
      session.answer(params, ({ at, offset }) =>
        references(at.desk, at.file.file, offset, { declaration: params.context.includeDeclaration }).flatMap(
          (place) => locationOf(session, at, place),
        ),
      ),
    );
    connection.onPrepareRename((params) =>
      session.answer(params, ({ at, offset }) => {
        const found = prepareRename(at.desk, at.file.file, offset);
        if (found === undefined) return null;
        if (!found.ok) throw new ResponseError(LSPErrorCodes.RequestFailed, found.message);
        return { range: toRange(at.source, found.range), placeholder: found.name };
      }),
    );
    connection.onRenameRequest((params) =>
      session.answer(params, ({ at, offset }) => {
        const made = rename(at.desk, at.file.file, offset, params.newName);
        if (made === undefined) return null;
        if (!made.ok) throw new ResponseError(LSPErrorCodes.RequestFailed, made.message);
        if (made.mayMatch.length > 0) {
          const places = made.mayMatch.map(({ file, start }) => {
            const line = at.desk.files.get(file)?.parsed.source.position(start).line;
            return `${file}:${line ?? '?'}`;
          });
          connection.window.showWarningMessage(
            `Patterns that match the old name or the new one were left as they are: ${[...new Set(places)].slice(0, 5).join(', ')}.`,
          );
        }
        return toWorkspaceEdit(session, at, made.edits);
      }),
    );
    connection.onDocumentHighlight((params) =>
      session.answer(params, ({ at, offset }) =>
        highlights(at.desk, at.file.file, offset).map(({ range, kind }) => ({
          range: toRange(at.source, range),
          kind: highlightKinds[kind],
        })),
      ),
    );
    connection.onDocumentSymbol(async ({ textDocument }) => {
      const at = await session.at(textDocument.uri);
      return at ? documentSymbols(at.desk, at.file.file).map((symbol) => toSymbol(at, symbol)) : null;
    });
    connection.onWorkspaceSymbol(async ({ query }) => {
      const found: WorkspaceSymbol[] = [];
      for (const folder of session.folders.all) {
        await session.settled(folder);
        const { desk } = folder.desk;
        for (const { kind, name, file, head, container } of workspaceSymbols(desk, query)) {
          const source = desk.files.get(file)?.parsed.source;
          const location = source && { uri: session.uriOf(folder, file), range: toRange(source, head) };
          if (location) found.push({ kind: symbolKinds[kind], name, location, containerName: container });
        }
      }
      return found;
    });
    connection.onDocumentLinks(async ({ textDocument }) => {
      const at = await session.at(textDocument.uri);
      return at
        ? documentLinks(at.desk, at.file.file).flatMap(({ range, target, tooltip }) => {
            const address = addressOf(session, at.folder, target);
            return address === undefined
              ? []
              : [{ range: toRange(at.source, range), target: address, tooltip }];
          })
        : null;
    });
    connection.languages.onLinkedEditingRange((params) =>
      session.answer(params, ({ at, offset }) => {
        const found = linkedEditing(at.desk, at.file.file, offset);
        return found
          ? { ranges: found.ranges.map((range) => toRange(at.source, range)), wordPattern: found.wordPattern }
          : null;
      }),
    );
    registerCalls(session);
  },
};

const highlightKinds: Readonly<Record<Highlight['kind'], DocumentHighlightKind>> = {
  read: DocumentHighlightKind.Read,
  write: DocumentHighlightKind.Write,
  text: DocumentHighlightKind.Text,
};

const symbolKinds: Readonly<Record<OwnKind, SymbolKind>> = {
  workspace: SymbolKind.Module,
  policy: SymbolKind.Module,
  rule: SymbolKind.Function,
  test: SymbolKind.Method,
  mask: SymbolKind.Field,
  list: SymbolKind.Array,
  limits: SymbolKind.Object,
  budget: SymbolKind.Object,
  bound: SymbolKind.Number,
  resource: SymbolKind.Class,
  group: SymbolKind.Interface,
};

function toSymbol(at: At, { kind, name, detail, range, head, children }: FileSymbol): DocumentSymbol {
  return {
    kind: symbolKinds[kind],
    // An empty name is none to editors.
    name: name === '' ? '(no name)' : name,
    ...(detail !== undefined && { detail }),
    range: toRange(at.source, range),
    selectionRange: toRange(at.source, head),
    children: children.map((child) => toSymbol(at, child)),
  };
}

function locationOf(session: Session, { folder, desk }: At, { file, ...range }: FileRange): Location[] {
  const source = desk.files.get(file)?.parsed.source;
  return source ? [{ uri: session.uriOf(folder, file), range: toRange(source, range) }] : [];
}

function addressOf(session: Session, folder: Folder, target: DocumentLink['target']): string | undefined {
  switch (target.kind) {
    case 'url':
      return target.url;
    case 'file':
      return URI.file(path.resolve(folder.root, target.path)).toString();
    case 'page':
      return session.pageOf(target.code);
  }
}

const callKinds: Readonly<Record<CallItem['kind'], SymbolKind>> = {
  workspace: SymbolKind.Module,
  policy: SymbolKind.Module,
  resource: SymbolKind.Class,
  rule: SymbolKind.Function,
  mask: SymbolKind.Field,
  list: SymbolKind.Array,
  group: SymbolKind.Interface,
  test: SymbolKind.Method,
};

function registerCalls(session: Session): void {
  const { callHierarchy } = session.connection.languages;
  const toItem = ({ folder, desk }: Pick<At, 'folder' | 'desk'>, item: CallItem): CallHierarchyItem[] => {
    const source = desk.files.get(item.file)?.parsed.source;
    if (source === undefined) return [];
    return [
      {
        name: item.name.replace(/^.*\//, ''),
        kind: callKinds[item.kind],
        detail: item.kind,
        uri: session.uriOf(folder, item.file),
        range: toRange(source, item.range),
        selectionRange: toRange(source, item.head),
        data: item,
      },
    ];
  };
  /** The file that an item came from, with the item as it was given. */
  const again = async ({ uri, data }: CallHierarchyItem): Promise<{ at: At; item: CallItem } | undefined> => {
    const at = await session.at(uri);
    return at && { at, item: data as CallItem };
  };
  callHierarchy.onPrepare((params) =>
    session.answer(params, ({ at, offset }) => {
      const item = prepareCalls(at.desk, at.file.file, offset);
      return item ? toItem(at, item) : null;
    }),
  );
  callHierarchy.onIncomingCalls(async ({ item }) => {
    const found = await again(item);
    if (found === undefined) return null;
    const { at } = found;
    return incomingCalls(at.desk, found.item).flatMap(({ item: from, places }) => {
      const source = at.desk.files.get(from.file)?.parsed.source;
      const ranges = source ? places.map((range) => toRange(source, range)) : [];
      return toItem(at, from).map((each) => ({ from: each, fromRanges: ranges }));
    });
  });
  callHierarchy.onOutgoingCalls(async ({ item }) => {
    const found = await again(item);
    if (found === undefined) return null;
    const { at } = found;
    const source = at.desk.files.get(found.item.file)?.parsed.source;
    return outgoingCalls(at.desk, found.item).flatMap(({ item: to, places }) => {
      const ranges = source ? places.map((range) => toRange(source, range)) : [];
      return toItem(at, to).map((each) => ({ to: each, fromRanges: ranges }));
    });
  });
}
