import { conditionWords } from '@gatehouse/policy-schema/conditions/words.ts';
import { entryOf, type ScalarNode, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk } from '../desk.ts';

/** In the order of LSP's legend. */
export const tokenTypes = [
  'variable',
  'property',
  'function',
  'string',
  'number',
  'operator',
  'keyword',
  'enumMember',
  'type',
  'namespace',
] as const;
export type TokenType = (typeof tokenTypes)[number];

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
}

const keywords: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in']);

/** What the words of a file are: those of conditions, effects, kinds of action and mask, and lists by their names. */
export function semanticTokens(desk: Desk, name: string): readonly SemanticToken[] {
  const file = desk.files.get(name);
  if (file?.tree === undefined || file.kind !== 'Policy') return [];
  const { text } = file;
  const tokens: SemanticToken[] = [];
  const mark = (node: SyntaxNode | undefined, type: TokenType): void => {
    if (node?.kind === 'scalar' && node.range.end > node.range.start) tokens.push({ ...node.range, type });
  };
  const rules = entryOf(file.tree, 'rules')?.value;
  for (const rule of rules?.kind === 'sequence' ? rules.items : []) {
    mark(entryOf(rule, 'effect')?.value, 'keyword');
    const actions = entryOf(entryOf(rule, 'sql')?.value, 'actions')?.value;
    if (actions?.kind === 'sequence') for (const item of actions.items) mark(item, 'enumMember');
    const when = entryOf(rule, 'when')?.value;
    if (when?.kind === 'scalar' && typeof when.value === 'string')
      tokens.push(...conditionTokens(when, when.value));
  }
  const masks = entryOf(file.tree, 'masks')?.value;
  for (const mask of masks?.kind === 'sequence' ? masks.items : [])
    mark(entryOf(mask, 'with')?.value, 'keyword');
  const lists = (node: SyntaxNode): void => {
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string' && /^\$[\w.-]+$/.test(node.value)) mark(node, 'type');
    } else if (node.kind === 'sequence') for (const item of node.items) lists(item);
    else
      for (const { key, value } of node.entries)
        if (key !== 'when' && key !== 'message' && key !== 'description') lists(value);
  };
  lists(file.tree);
  const seen = new Set<number>();
  return tokens
    .flatMap((token) => byLines(text, token))
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => !seen.has(start) && seen.add(start));
}

function conditionTokens(node: ScalarNode, source: string): SemanticToken[] {
  const offsets = node.offsets();
  const words = conditionWords(source);
  return words.flatMap((word, index): SemanticToken[] => {
    const type = ((): TokenType | undefined => {
      switch (word.kind) {
        case 'text':
          return 'string';
        case 'number':
          return 'number';
        case 'sign':
          return /^[.()[\],]$/.test(word.text) ? undefined : 'operator';
        case 'name':
          if (keywords.has(word.text)) return 'keyword';
          if (words[index + 1]?.text === '(') return 'function';
          return words[index - 1]?.text === '.' ? 'property' : 'variable';
      }
    })();
    if (type === undefined) return [];
    const range = offsets.range(word.start, word.end);
    return range.end > range.start ? [{ ...range, type }] : [];
  });
}

/** LSP's tokens end with their line. */
function byLines(text: string, { start, end, type }: SemanticToken): SemanticToken[] {
  const pieces: SemanticToken[] = [];
  let at = start;
  while (at < end) {
    const found = text.slice(at, end).search(/[\r\n]/);
    const stop = found === -1 ? end : at + found;
    const first = at + (/^[ \t]*/.exec(text.slice(at, stop))?.[0].length ?? 0);
    if (stop > first) pieces.push({ start: first, end: stop, type });
    if (found === -1) break;
    at = stop + 1;
  }
  return pieces;
}
