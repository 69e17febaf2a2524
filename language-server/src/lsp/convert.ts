/** Places and findings between Gatehouse's words and LSP's. LSP counts lines and UTF-16 columns from 0, we from 1. */
import type {
  Diagnostic as OwnDiagnostic,
  Severity,
  TextEdit as OwnEdit,
  TextRange,
} from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Position,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';

export function toPosition(source: SourceFile, offset: number): Position {
  const { line, column } = source.position(offset);
  return { line: line - 1, character: column - 1 };
}

export function toRange(source: SourceFile, { start, end }: TextRange): Range {
  return { start: toPosition(source, start), end: toPosition(source, end) };
}

export function toOffset(source: SourceFile, { line, character }: Position): number {
  return source.offset(line + 1, character + 1);
}

export function toTextRange(source: SourceFile, { start, end }: Range): TextRange {
  return { start: toOffset(source, start), end: toOffset(source, end) };
}

export function toEdit(source: SourceFile, edit: Omit<OwnEdit, 'file'>): TextEdit {
  return { range: toRange(source, edit), newText: edit.text };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

export interface FindingPlaces {
  /** Undefined for files that are gone since. */
  sourceOf(file: string): SourceFile | undefined;
  uriOf(file: string): string;
  /** The address of a code's page. */
  pageOf(code: string): string | undefined;
}

export function toDiagnostic(finding: OwnDiagnostic, places: FindingPlaces): Diagnostic {
  const page = places.pageOf(finding.code);
  const related = (finding.related ?? []).flatMap(({ file, message, ...range }) => {
    const source = places.sourceOf(file);
    return source ? [{ location: { uri: places.uriOf(file), range: toRange(source, range) }, message }] : [];
  });
  return {
    range: {
      start: { line: finding.line - 1, character: finding.column - 1 },
      end: { line: finding.endLine - 1, character: finding.endColumn - 1 },
    },
    severity: severities[finding.severity],
    code: finding.code,
    ...(page !== undefined && { codeDescription: { href: page } }),
    source: 'gatehouse',
    message: finding.message,
    ...(finding.unnecessary && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}
