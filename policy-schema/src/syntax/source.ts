import type { Diagnostic, Severity, TextRange } from './diagnostic.ts';

/** A file's text with its lines, so that offsets become lines and columns. Breaks: LF, CRLF and a lone CR, as in LSP. */
export class SourceFile {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = lineStarts(text);
  }

  /** 1-based line and column (UTF-16 code units) of an offset; offsets outside the text are clamped. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The offset of a 1-based line and column, clamped to the text and, for the column, to the line. */
  offset(line: number, column: number): number {
    const start = this.#lineStarts[Math.max(0, line - 1)];
    if (start === undefined) return this.text.length;
    const next = this.#lineStarts[Math.max(0, line - 1) + 1] ?? this.text.length + 1;
    return Math.max(start, Math.min(start + column - 1, next - 1, this.text.length));
  }

  /** A diagnostic about a range of this file. The range is clamped to the text. */
  diagnostic(range: TextRange, code: string, message: string, severity: Severity = 'error'): Diagnostic {
    const start = Math.max(0, Math.min(range.start, this.text.length));
    const end = Math.max(start, Math.min(range.end, this.text.length));
    const from = this.position(start);
    const to = this.position(end);
    return {
      file: this.file,
      range: { start, end },
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      severity,
      code,
      message,
    };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 13 && text.charCodeAt(i + 1) === 10) i++;
    if (unit === 13 || unit === 10) starts.push(i + 1);
  }
  return starts;
}

/** In the order of files and places, errors before warnings at the same place. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, information: 2 };
  return [...diagnostics].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start - b.range.start ||
      rank[a.severity] - rank[b.severity],
  );
}
