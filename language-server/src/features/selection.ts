import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { ScalarNode, SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk } from '../desk.ts';

/** The ranges around a place that grow one by one, the smallest first: word, condition's part, value, entry, rule, file. */
export function selection(desk: Desk, name: string, offset: number): readonly TextRange[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const { text } = file;
  const chain: TextRange[] = [{ start: 0, end: text.length }];
  const enter = (range: TextRange): boolean => {
    const inside = range.start <= offset && offset <= range.end;
    if (inside) chain.unshift(range);
    return inside;
  };
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'scalar') {
      enterScalar(node);
      return;
    }
    if (node.kind === 'sequence') {
      for (const item of node.items) if (enter(trimmed(text, item.range))) visit(item);
      return;
    }
    for (const { keyRange, value } of node.entries) {
      const whole = trimmed(text, { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) });
      if (!enter(whole)) continue;
      if (!enter(keyRange) && enter(trimmed(text, value.range))) visit(value);
    }
  };
  const enterScalar = (node: ScalarNode): void => {
    if (/^["']/.test(text.slice(node.range.start, node.range.end)))
      enter({ start: node.range.start + 1, end: Math.max(node.range.start + 1, node.range.end - 1) });
  };
  if (file.tree && enter(trimmed(text, file.tree.range))) visit(file.tree);
  const word = wordAt(text, offset);
  if (word) enter(word);
  // In broken text a part may reach out of what holds it; what holds it stays.
  const nested: TextRange[] = [];
  for (const range of chain.toReversed()) {
    const outer = nested[0];
    if (range.end > range.start && (outer === undefined || isInside(range, outer))) nested.unshift(range);
  }
  return nested;
}

/** And is not the same. */
function isInside(range: TextRange, outer: TextRange): boolean {
  return (
    outer.start <= range.start &&
    range.end <= outer.end &&
    (outer.start < range.start || range.end < outer.end)
  );
}

function trimmed(text: string, { start, end }: TextRange): TextRange {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function wordAt(text: string, offset: number): TextRange | undefined {
  const part = /[\p{L}\p{N}_$-]/u;
  let start = offset;
  let end = offset;
  while (start > 0 && part.test(text[start - 1] ?? '')) start--;
  while (end < text.length && part.test(text[end] ?? '')) end++;
  return end > start ? { start, end } : undefined;
}
