/** What checks of characters share: how a character is called, and how it is taken out or put right. */
import type { Fix, TextRange } from '../../syntax/diagnostic.ts';
import { replace } from '../../syntax/edits.ts';
import type { SourceFile } from '../../syntax/source.ts';

/** `U+202E`, of the first character of a text. */
export function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Every place of a text that an expression with the flag `g` matches. */
export function* placesOf(
  text: string,
  expression: RegExp,
): Generator<TextRange & { readonly text: string }> {
  for (const match of text.matchAll(expression)) {
    yield { start: match.index, end: match.index + match[0].length, text: match[0] };
  }
}

/** Put another text in a place. */
export function put(
  source: SourceFile,
  range: TextRange,
  text: string,
  title: string,
  safety: Fix['safety'],
): { readonly fixes: readonly Fix[] } {
  return { fixes: [{ title, safety, edits: [replace(source, range, text)] }] };
}
