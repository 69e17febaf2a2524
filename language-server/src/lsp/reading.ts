import {
  type CompletionItem,
  CompletionItemKind,
  InlayHintKind,
  InsertTextFormat,
  MarkupKind,
  SemanticTokensBuilder,
  SemanticTokenTypes,
} from 'vscode-languageserver';
import { completion, completionTriggers } from '../features/completion.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { semanticTokens, type TokenType, tokenTypes } from '../features/semantic-tokens.ts';
import { signatureHelp, signatureTriggers } from '../features/signature-help.ts';
import type { Suggestion } from '../features/suggestion.ts';
import type { Capability } from './capability.ts';
import { toPosition, toRange, toTextRange } from './convert.ts';
import type { At } from './session.ts';

const legend: Readonly<Record<TokenType, string>> = {
  variable: SemanticTokenTypes.variable,
  property: SemanticTokenTypes.property,
  function: SemanticTokenTypes.function,
  string: SemanticTokenTypes.string,
  number: SemanticTokenTypes.number,
  operator: SemanticTokenTypes.operator,
  keyword: SemanticTokenTypes.keyword,
  enumMember: SemanticTokenTypes.enumMember,
  type: SemanticTokenTypes.type,
  namespace: SemanticTokenTypes.namespace,
};

/** What may be written, and what is written means. */
export const reading: Capability = {
  offers: () => ({
    completionProvider: { triggerCharacters: [...completionTriggers] },
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: [...signatureTriggers] },
    semanticTokensProvider: {
      legend: { tokenTypes: tokenTypes.map((type) => legend[type]), tokenModifiers: [] },
      full: true,
    },
    inlayHintProvider: true,
  }),
  register: (connection, session) => {
    connection.onCompletion((params) =>
      session.answer(params, ({ at, offset }) => ({
        isIncomplete: false,
        items: completion(at.desk, at.file.file, offset).map((each) => toItem(at, each)),
      })),
    );
    connection.onHover((params) =>
      session.answer(params, ({ at, offset }) => {
        const found = hover(at.desk, at.file.file, offset);
        return found
          ? {
              contents: { kind: MarkupKind.Markdown, value: found.markdown },
              range: toRange(at.source, found.range),
            }
          : null;
      }),
    );
    connection.onSignatureHelp((params) =>
      session.answer(params, ({ at, offset }) => {
        const found = signatureHelp(at.desk, at.file.file, offset);
        if (found === undefined) return null;
        return {
          signatures: found.signatures.map(({ label, doc, parameters }) => ({
            label,
            documentation: { kind: MarkupKind.Markdown, value: doc },
            parameters: parameters.map(([start, end]) => ({ label: [start, end] })),
          })),
          activeSignature: found.active,
          activeParameter: found.parameter,
        };
      }),
    );
    connection.languages.semanticTokens.on(async ({ textDocument }) => {
      const at = await session.at(textDocument.uri);
      const builder = new SemanticTokensBuilder();
      for (const { start, end, type } of at ? semanticTokens(at.desk, at.file.file) : []) {
        const { line, character } = toPosition((at as At).source, start);
        builder.push(line, character, end - start, tokenTypes.indexOf(type), 0);
      }
      return builder.build();
    });
    connection.languages.inlayHint.on(async ({ textDocument, range }) => {
      const at = await session.at(textDocument.uri);
      if (at === undefined) return null;
      return inlayHints(at.desk, at.file.file, toTextRange(at.source, range)).map(
        ({ offset, label, tooltip }) => ({
          position: toPosition(at.source, offset),
          label,
          kind: InlayHintKind.Parameter,
          ...(tooltip !== undefined && { tooltip: { kind: MarkupKind.Markdown, value: tooltip } }),
        }),
      );
    });
    session.onChange(({ outside }) => {
      if (outside && session.client.workspace?.inlayHint?.refreshSupport)
        void connection.languages.inlayHint.refresh();
    });
  },
};

const kinds: Readonly<Record<Suggestion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Reference,
  list: CompletionItemKind.Constant,
  table: CompletionItemKind.Struct,
  column: CompletionItemKind.Field,
  variable: CompletionItemKind.Variable,
  field: CompletionItemKind.Field,
  function: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
};

function toItem({ source }: At, each: Suggestion): CompletionItem {
  return {
    label: each.label,
    kind: kinds[each.kind],
    ...(each.detail !== undefined && { detail: each.detail }),
    ...(each.doc !== undefined && { documentation: { kind: MarkupKind.Markdown, value: each.doc } }),
    textEdit: { range: toRange(source, each), newText: each.insert },
    ...(each.snippet && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(each.filter !== undefined && { filterText: each.filter }),
    sortText: String(each.rank).padStart(5, '0'),
  };
}
