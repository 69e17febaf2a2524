import assert from 'node:assert/strict';
import type { Diagnostic } from '../syntax/diagnostic.ts';

/** A test's file with «marks» around what diagnostics should point at. */
export interface Marked {
  readonly text: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

export function marked(source: string): Marked {
  const ranges: { start: number; end: number }[] = [];
  let text = '';
  let start = 0;
  for (const unit of source) {
    if (unit === '«') start = text.length;
    else if (unit === '»') ranges.push({ start, end: text.length });
    else text += unit;
  }
  return { text, ranges };
}

/** The diagnostics must be exactly those expected, at the marks in their order. */
export function assertFound(
  { text, ranges }: Marked,
  diagnostics: readonly Diagnostic[],
  expected: readonly (readonly [code: string, message: RegExp])[],
): void {
  const found = diagnostics.map(({ code, range, message }) => ({
    code,
    at: text.slice(range.start, range.end),
    message,
  }));
  assert.deepEqual(
    [...diagnostics].map(({ range }) => range).sort((a, b) => a.start - b.start),
    ranges,
    JSON.stringify(found, null, 1),
  );
  const sorted = [...diagnostics].sort((a, b) => a.range.start - b.range.start);
  expected.forEach(([code, message], index) => {
    assert.equal(sorted[index]?.code, code, JSON.stringify(found, null, 1));
    assert.match(sorted[index]?.message ?? '', message);
  });
  assert.equal(sorted.length, expected.length);
}
