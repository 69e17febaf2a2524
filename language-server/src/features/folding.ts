import type { SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk } from '../desk.ts';

/** Lines, counted from 1, that may be folded below the first of them. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  readonly kind: 'node' | 'comment';
}

/** What spans lines: mappings, lists, rules, block scalars, and comments of several lines. */
export function folding(desk: Desk, name: string): readonly Fold[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const { source } = file.parsed;
  const folds = new Map<number, Fold>();
  const add = (start: number, end: number): void => {
    const known = folds.get(start);
    if (end > start && (known === undefined || known.end < end))
      folds.set(start, { start, end, kind: 'node' });
  };
  const lastLine = (node: SyntaxNode): number => {
    // A block scalar's range takes the breaks behind it in.
    const text = source.text.slice(node.range.start, node.range.end);
    return source.position(node.range.start + text.trimEnd().length).line;
  };
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'mapping') {
      for (const { keyRange, value } of node.entries) {
        add(source.position(keyRange.start).line, lastLine(value));
        visit(value);
      }
    } else if (node.kind === 'sequence') {
      for (const item of node.items) {
        if (item.kind !== 'scalar') add(source.position(item.range.start).line, lastLine(item));
        visit(item);
      }
    }
  };
  if (file.tree) visit(file.tree);
  return [...folds.values(), ...commentFolds(source.text)].sort((a, b) => a.start - b.start);
}

function commentFolds(text: string): Fold[] {
  const folds: Fold[] = [];
  let start: number | undefined;
  const lines = text.split(/\r\n|\r|\n/);
  lines.forEach((line, index) => {
    const isComment = /^\s*#/.test(line);
    if (isComment) start ??= index + 1;
    if (start !== undefined && (!isComment || index === lines.length - 1)) {
      const end = isComment ? index + 1 : index;
      if (end > start) folds.push({ start, end, kind: 'comment' });
      start = undefined;
    }
  });
  return folds;
}
