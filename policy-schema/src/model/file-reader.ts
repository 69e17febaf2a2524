import type { DiagnosticCode } from '../syntax/codes.ts';
import type { Diagnostic, RelatedPlace, Severity } from '../syntax/diagnostic.ts';
import type { SourceFile } from '../syntax/source.ts';
import { headOf, type Path, type Place, placeAt, rangeOf, type SyntaxNode } from '../syntax/tree.ts';
import type { Location } from './policy.ts';
import { parseDuration, parseSize } from './units.ts';

/** What loaders need of a file that the schema has accepted: places, units and a list for what is still wrong. */
export class FileReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #root: SyntaxNode;

  constructor(source: SourceFile, root: SyntaxNode) {
    this.#source = source;
    this.#root = root;
  }

  #place(path: Path): Place {
    return placeAt(this.#root, path) ?? { node: this.#root };
  }

  location(path: Path): Location {
    return { file: this.#source.file, ...this.#source.position(this.#place(path).node.range.start) };
  }

  /** Complain about a value, or about the key that holds it. */
  fault(
    path: Path,
    code: DiagnosticCode,
    message: string,
    {
      at = 'value',
      severity = 'error',
      related,
    }: { at?: 'value' | 'key'; severity?: Severity; related?: readonly RelatedPlace[] } = {},
  ): void {
    const place = this.#place(path);
    const range = at === 'key' ? headOf(place) : rangeOf(place);
    const diagnostic = this.#source.diagnostic(range, code, message, severity);
    this.diagnostics.push(related === undefined ? diagnostic : { ...diagnostic, related });
  }

  /** Milliseconds. The schema holds the grammar, this the bounds. */
  duration(path: Path, text: string): number {
    const value = parseDuration(text);
    if (value !== undefined) return value;
    this.fault(
      path,
      'bad-duration',
      `\`${String(path.at(-1))}\` must be longer than nothing and at most 7d.`,
    );
    return 1;
  }

  /** Bytes. The schema holds the grammar, this the bounds. */
  size(path: Path, text: string | number, least: 0 | 1 = 1): number {
    const value = parseSize(text);
    if (value !== undefined && value >= least) return value;
    this.fault(
      path,
      'bad-size',
      `\`${String(path.at(-1))}\` must be at least ${least === 0 ? '0' : '1B'} and at most 1024GiB.`,
    );
    return 1;
  }
}

/** Where two things of a file share what only one may have. */
export function repeated<T>(values: readonly T[]): { readonly index: number; readonly first: number }[] {
  const seen = new Map<T, number>();
  const repeats: { index: number; first: number }[] = [];
  values.forEach((value, index) => {
    const first = seen.get(value);
    if (first === undefined) seen.set(value, index);
    else repeats.push({ index, first });
  });
  return repeats;
}
