/** Texts that a condition holds against something. */
import { spelling } from './atoms.ts';
import { type ConditionNode, partsOf } from './tree.ts';

type Literal = Extract<ConditionNode, { kind: 'literal' }>;

export interface ComparedText {
  /** The spelling of what the text is held against; with `[]` behind it, any element of that list. */
  readonly against: string;
  readonly literal: Literal;
  readonly text: string;
}

function texts(node: ConditionNode): readonly { readonly literal: Literal; readonly text: string }[] {
  if (node.kind === 'list') return node.items.flatMap(texts);
  return node.kind === 'literal' && typeof node.value === 'string'
    ? [{ literal: node, text: node.value }]
    : [];
}

const kept = new WeakMap<ConditionNode, readonly ComparedText[]>();

/** Every text that is compared by `==`, `!=` or `in`, elements of lists in comprehensions too. */
export function comparedTexts(root: ConditionNode): readonly ComparedText[] {
  let texts = kept.get(root);
  if (texts === undefined) {
    texts = readTexts(root);
    kept.set(root, texts);
  }
  return texts;
}

function readTexts(root: ConditionNode): readonly ComparedText[] {
  const found: ComparedText[] = [];
  const visit = (node: ConditionNode, variables: ReadonlyMap<string, string>): void => {
    const words = (subject: ConditionNode): string => {
      if (subject.kind === 'name') return variables.get(subject.name) ?? subject.name;
      if (subject.kind === 'binary' && subject.operator === '[]') {
        const [key] = texts(subject.right);
        const object = spelling(subject.left);
        return key === undefined ? `${object}[]` : `${object}.${key.text}`;
      }
      return spelling(subject);
    };
    const compare = (subject: ConditionNode, against: string, other: ConditionNode) => {
      if (texts(subject).length === 0) for (const each of texts(other)) found.push({ against, ...each });
    };
    if (node.kind === 'comprehension') {
      visit(node.over, variables);
      const inner = new Map(variables).set(node.variable.text, `${words(node.over)}[]`);
      for (const part of node.body) visit(part, inner);
      return;
    }
    if (node.kind === 'binary' && (node.operator === '==' || node.operator === '!=')) {
      compare(node.left, words(node.left), node.right);
      compare(node.right, words(node.right), node.left);
    } else if (node.kind === 'binary' && node.operator === 'in') {
      compare(node.left, words(node.left), node.right);
      compare(node.right, `${words(node.right)}[]`, node.left);
    }
    for (const part of partsOf(node)) visit(part, variables);
  };
  visit(root, new Map());
  return found;
}
