import {
  type CodeAction,
  CodeActionKind,
  type FoldingRange,
  FoldingRangeKind,
  type SelectionRange,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextEdit as OwnEdit } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { codeActions, type OwnAction } from '../features/code-actions.ts';
import { extractList } from '../features/extract-list.ts';
import { folding } from '../features/folding.ts';
import { formatting } from '../features/formatting.ts';
import { selection } from '../features/selection.ts';
import { typing, typingTriggers } from '../features/typing.ts';
import type { Capability } from './capability.ts';
import { toDiagnostic, toEdit, toOffset, toRange, toTextRange } from './convert.ts';
import type { At, Session } from './session.ts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.gatehouse`;

const kinds: Readonly<Record<OwnAction['kind'], string>> = {
  quickfix: CodeActionKind.QuickFix,
  fixAll: fixAllKind,
  refactor: CodeActionKind.Refactor,
};

/** Layout, folds, selections and fixes. */
export const editing: Capability = {
  offers: () => ({
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: {
      firstTriggerCharacter: typingTriggers[0],
      moreTriggerCharacter: typingTriggers.slice(1),
    },
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    codeActionProvider: { codeActionKinds: Object.values(kinds) },
  }),
  register: (connection, session) => {
    connection.onDocumentFormatting(async ({ textDocument }) => {
      const at = await session.at(textDocument.uri);
      return at ? editsOf(at, await formatting(at.desk, at.file.file)) : null;
    });
    connection.onDocumentRangeFormatting(async ({ textDocument, range }) => {
      const at = await session.at(textDocument.uri);
      return at ? editsOf(at, await formatting(at.desk, at.file.file, toTextRange(at.source, range))) : null;
    });
    connection.onDocumentOnTypeFormatting(async ({ textDocument, position, ch }) => {
      const at = await session.at(textDocument.uri);
      return at ? editsOf(at, typing(at.desk, at.file.file, toOffset(at.source, position), ch)) : null;
    });
    connection.onFoldingRanges(async ({ textDocument }) => {
      const at = await session.at(textDocument.uri);
      if (at === undefined) return null;
      return folding(at.desk, at.file.file).map(
        ({ start, end, kind }): FoldingRange => ({
          startLine: start - 1,
          endLine: end - 1,
          ...(kind === 'comment' && { kind: FoldingRangeKind.Comment }),
        }),
      );
    });
    connection.onSelectionRanges(async ({ textDocument, positions }) => {
      const at = await session.at(textDocument.uri);
      if (at === undefined) return null;
      return positions.map((position) => {
        const ranges = selection(at.desk, at.file.file, toOffset(at.source, position));
        return (
          ranges.reduceRight<SelectionRange | undefined>(
            (parent, range) => ({ range: toRange(at.source, range), ...(parent && { parent }) }),
            undefined,
          ) ?? { range: { start: position, end: position } }
        );
      });
    });
    connection.onCodeAction(async ({ textDocument, range, context }) => {
      const at = await session.at(textDocument.uri);
      if (at === undefined) return null;
      const wanted = (kind: string): boolean =>
        context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? kind !== fixAllKind;
      const own = toTextRange(at.source, range);
      const { file } = at.file;
      return [...codeActions(at.desk, file, own), ...extractList(at.desk, file, own)]
        .filter(({ kind }) => wanted(kinds[kind]))
        .map((action) => toAction(session, at, action));
    });
  },
};

function editsOf(at: At, edits: readonly OwnEdit[]): TextEdit[] {
  return edits.map((edit) => toEdit(at.source, edit));
}

function toAction(session: Session, at: At, action: OwnAction): CodeAction {
  return {
    title: action.title,
    kind: kinds[action.kind],
    edit: toWorkspaceEdit(session, at, action.edits),
    ...(action.preferred && { isPreferred: true }),
    ...(action.finding && { diagnostics: [toDiagnostic(action.finding, session.placesOf(at.folder))] }),
  };
}

/** Edits of several files, by their addresses. */
export function toWorkspaceEdit(
  session: Session,
  { folder, desk }: At,
  edits: readonly OwnEdit[],
): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const [file, own] of Map.groupBy(edits, (edit) => edit.file)) {
    const source = desk.files.get(file)?.parsed.source;
    if (source) changes[session.uriOf(folder, file)] = own.map((edit) => toEdit(source, edit));
  }
  return { changes };
}
