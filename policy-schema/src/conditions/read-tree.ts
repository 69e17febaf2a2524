import type { ASTNode } from '@marcbachmann/cel-js';
import { publicName, withPublicNames } from './functions.ts';
import type { BinaryOperator, ConditionNode, Word } from './tree.ts';

type Literal = Extract<ConditionNode, { kind: 'literal' }>['value'];

const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** Spellings of two-sided operators, all of them: a missing one does not compile. */
const binary: Readonly<Record<BinaryOperator, true>> = {
  '&&': true,
  '||': true,
  '==': true,
  '!=': true,
  '<': true,
  '<=': true,
  '>': true,
  '>=': true,
  '+': true,
  '-': true,
  '*': true,
  '/': true,
  '%': true,
  in: true,
  '[]': true,
};

function isBinary(op: string): op is BinaryOperator {
  return Object.hasOwn(binary, op);
}

/** The type that cel-js found for a node. Not in its declarations, so it is read with care. */
function typeOf(node: ASTNode): { readonly type?: string } {
  const checked: unknown = Reflect.get(node, 'checkedType');
  const name: unknown =
    typeof checked === 'object' && checked !== null ? Reflect.get(checked, 'name') : undefined;
  return typeof name === 'string' ? { type: withPublicNames(name) } : {};
}

/** The name of a method stands behind its receiver, parentheses, a dot, white space and comments. */
function methodWord(source: string, receiverEnd: number, text: string): Word {
  let at = receiverEnd;
  for (;;) {
    const rest = source.slice(at, at + 2);
    if (rest === '//') {
      const end = source.indexOf('\n', at);
      at = end === -1 ? source.length : end;
    } else if (/^[\s).]/.test(rest)) at++;
    else break;
  }
  return { text, start: at, end: at + text.length };
}

/**
 * A condition as a tree, of a parsed and checked one. Parentheses belong to no node, so a node's end may stand before the
 * one that closes it.
 */
export function readTree(node: ASTNode): ConditionNode {
  const part = { start: node.start, end: node.end, ...typeOf(node) };
  switch (node.op) {
    case 'value':
      // Bytes and unsigned numbers do not compile.
      return { ...part, kind: 'literal', value: node.args as Literal };
    case 'id':
      return { ...part, kind: 'name', name: node.args };
    case '.':
    case '.?': {
      const [object, text] = node.args;
      const field = { text, start: node.pos, end: node.pos + text.length };
      return { ...part, kind: 'field', object: readTree(object), field };
    }
    case 'call': {
      const text = publicName(node.args[0]);
      const name = { text, start: node.start, end: node.start + text.length };
      return { ...part, kind: 'call', name, arguments: node.args[1].map(readTree) };
    }
    case 'rcall':
      return readMethod(node, part);
    case 'list':
      return { ...part, kind: 'list', items: node.args.map(readTree) };
    case '!_':
      return { ...part, kind: 'unary', operator: '!', operand: readTree(node.args) };
    case '-_':
      return { ...part, kind: 'unary', operator: '-', operand: readTree(node.args) };
    case '?:': {
      const [test, yes, no] = node.args;
      return { ...part, kind: 'conditional', test: readTree(test), yes: readTree(yes), no: readTree(no) };
    }
    case 'map':
    case '[?]':
      throw new Error(`a checked condition holds no ${node.op}`);
    default: {
      const [left, right] = node.args;
      if (!isBinary(node.op)) throw new Error(`no such operator: ${node.op}`);
      return { ...part, kind: 'binary', operator: node.op, left: readTree(left), right: readTree(right) };
    }
  }
}

function readMethod(
  node: Extract<ASTNode, { op: 'rcall' }>,
  part: { readonly start: number; readonly end: number; readonly type?: string },
): ConditionNode {
  const [routed, receiver, given] = node.args;
  const text = publicName(routed);
  const name = methodWord(node.input, receiver.end, text);
  const [first, ...rest] = given;
  if (macros.has(text) && first?.op === 'id') {
    const variable = { text: first.args, start: first.start, end: first.end };
    return {
      ...part,
      kind: 'comprehension',
      name,
      over: readTree(receiver),
      variable,
      body: rest.map(readTree),
    };
  }
  return { ...part, kind: 'call', name, receiver: readTree(receiver), arguments: given.map(readTree) };
}
