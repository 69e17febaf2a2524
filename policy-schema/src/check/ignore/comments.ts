import type { TextRange } from '../../syntax/diagnostic.ts';
import type { SourceFile } from '../../syntax/source.ts';
import type { SyntaxNode } from '../../syntax/tree.ts';

/** A comment that says which findings are meant to be there. */
export interface IgnoreComment {
  /** From its `#` to its end. */
  readonly range: TextRange;
  readonly codes: readonly { readonly code: string; readonly range: TextRange }[];
  readonly reason: string | undefined;
  /** The last day on which it holds, `2027-01-31`. */
  readonly until: { readonly day: string; readonly range: TextRange } | undefined;
  /** Findings that begin here are meant; nowhere, where the comment stands above nothing. */
  readonly holdsFor: TextRange | undefined;
}

const word = 'gatehouse-ignore';
const comment = /(^|[ \t])(#[ \t]*gatehouse-ignore(-file)?\b(.*))$/gm;
const parts = /^([ \t]+)([^:(]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\(until[ \t]+([^)]*)\))?[ \t]*$/;
/** What the editor writes for a person to replace. */
const placeholder = /^say why$/i;

/** Every such comment of a file. None of a text that only looks like one, inside of a value. */
export function ignoreComments(source: SourceFile, root: SyntaxNode | undefined): readonly IgnoreComment[] {
  if (!source.text.includes(word)) return [];
  const found: IgnoreComment[] = [];
  for (const match of source.text.matchAll(comment)) {
    const [, before = '', whole = '', wholeFile, rest = ''] = match;
    const start = match.index + before.length;
    const range = { start, end: start + whole.trimEnd().length };
    if (root !== undefined && insideScalar(root, start)) continue;
    const restAt = start + whole.length - rest.length;
    const [, gap = '', codes = '', reason, until] = parts.exec(rest) ?? [];
    const untilAt = until === undefined ? -1 : restAt + rest.lastIndexOf(until);
    found.push({
      range,
      codes: codesOf(codes, restAt + gap.length),
      reason: reason === undefined || reason === '' || placeholder.test(reason) ? undefined : reason,
      until:
        until === undefined
          ? undefined
          : { day: until, range: { start: untilAt, end: untilAt + until.length } },
      holdsFor:
        wholeFile === undefined ? reachOf(source, root, start) : { start: 0, end: source.text.length },
    });
  }
  return found;
}

function codesOf(text: string, at: number): IgnoreComment['codes'] {
  return [...text.matchAll(/[^\s,]+/g)].map((match) => ({
    code: match[0],
    range: { start: at + match.index, end: at + match.index + match[0].length },
  }));
}

/** Whether a place is in a value, where `#` begins no comment. */
export function insideScalar(node: SyntaxNode, offset: number): boolean {
  const { start, end } = node.range;
  if (offset < start || offset >= end) return false;
  switch (node.kind) {
    case 'scalar':
      return true;
    case 'sequence':
      return node.items.some((item) => insideScalar(item, offset));
    case 'mapping':
      return node.entries.some(({ value }) => insideScalar(value, offset));
  }
}

/** The line of a comment that stands behind something; what begins on the next line, of one that stands alone. */
function reachOf(source: SourceFile, root: SyntaxNode | undefined, start: number): TextRange | undefined {
  const { text } = source;
  const { line } = source.position(start);
  const lineStart = source.offset(line, 1);
  if (text.slice(lineStart, start).trim() !== '')
    return { start: lineStart, end: source.offset(line + 1, 1) - 1 };
  const next = /^(?:[ \t]*(?:#.*)?(?:\r\n|\r|\n))*/.exec(text.slice(lineStart))?.[0].length ?? 0;
  const target = source.position(lineStart + next).line;
  return root && outermostAt(source, root, target);
}

/** The entry or item that begins on a line, the outermost of several. */
function outermostAt(source: SourceFile, node: SyntaxNode, line: number): TextRange | undefined {
  const begins = ({ start }: TextRange): boolean => source.position(start).line === line;
  if (node.kind === 'sequence') {
    for (const item of node.items) {
      const found = begins(item.range) ? item.range : outermostAt(source, item, line);
      if (found) return found;
    }
  } else if (node.kind === 'mapping') {
    for (const { keyRange, value } of node.entries) {
      const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
      const found = begins(range) ? range : outermostAt(source, value, line);
      if (found) return found;
    }
  }
  return undefined;
}
