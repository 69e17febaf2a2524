/** Conditions that look for words in the request's text. */
import type { ConditionNode, Word } from '../../conditions/tree.ts';
import { sqlVocabulary } from '../../vocabulary/sql/vocabulary.ts';
import { type Bearer, bearings, pathOf } from './condition-parts.ts';

export interface TextMatch extends Bearer {
  readonly method: Word;
  /** What is looked for, where it is spelled out. */
  readonly literal?: string;
  /** Kinds of action that its words name. */
  readonly actions: readonly string[];
}

const methods: ReadonlySet<string> = new Set(['contains', 'matches', 'startsWith', 'endsWith']);
const shapers: ReadonlySet<string> = new Set(['lowerAscii', 'upperAscii', 'trim']);

function isText(node: ConditionNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'call' && shapers.has(node.name.text)) return isText(node.receiver);
  return pathOf(node) === 'request.text';
}

/** Each search in the text, with its bearing on the whole condition. */
export function textMatches(tree: ConditionNode): readonly TextMatch[] {
  return [...bearings(tree)].flatMap((bearer): TextMatch[] => {
    const { node } = bearer;
    if (node.kind !== 'call' || !methods.has(node.name.text) || !isText(node.receiver)) return [];
    const [first] = node.arguments;
    const literal =
      first?.kind === 'literal' && typeof first.value === 'string' ? { literal: first.value } : {};
    return [{ ...bearer, method: node.name, ...literal, actions: actionsIn(literal.literal ?? '') }];
  });
}

/** Words of these kinds stand in many texts that have nothing to do with them. */
const everyday: ReadonlySet<string> = new Set([
  'set',
  'show',
  'do',
  'values',
  'load',
  'close',
  'comment',
  'begin',
]);

function actionsIn(literal: string): readonly string[] {
  const words =
    literal
      .toLowerCase()
      .replace(/\\[a-z]/g, ' ')
      .match(/[a-z]+/g) ?? [];
  return [...new Set(words)].filter(
    (word) => Object.hasOwn(sqlVocabulary.actions, word) && !everyday.has(word),
  );
}
