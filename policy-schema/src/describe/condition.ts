import type { BinaryOperator, ConditionNode } from '../conditions/tree.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import { joined, spaced } from './words.ts';

/**
 * A condition in English, for a sentence that goes on behind “when”. What has no simple words stands as it is written, in
 * backticks.
 */
export function conditionWords(node: ConditionNode, source: string): string {
  return new Teller(source).holds(node);
}

const compared: Readonly<Partial<Record<BinaryOperator, string>>> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
};

const paths: Readonly<Record<string, string>> = {
  'principal.person': 'the person',
  'principal.groups': 'the person’s groups',
  'principal.agent': 'the agent',
  'principal.workspace': 'the workspace',
  'principal.task': 'the task',
  'resource.name': 'the resource',
  'resource.protocol': 'the protocol',
  'request.text': 'the text of the request',
  now: 'the time',
};

/** What a fact that is true or false says when it is true, and when it is not. */
const truths: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  hasWhere: ['every write and read names its rows by WHERE', 'some statement has no WHERE'],
  hasLimit: ['every read has a LIMIT', 'some read has no LIMIT'],
  inTransaction: ['a transaction is open', 'no transaction is open'],
};

class Teller {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** A bool as a clause. */
  holds(node: ConditionNode): string {
    switch (node.kind) {
      case 'unary':
        return node.operator === '!' ? this.#not(node.operand) : this.#code(node);
      case 'binary':
        return this.#binary(node);
      case 'field': {
        const truth = truths[node.field.text];
        return truth && this.#path(node)?.startsWith('request.') ? truth[0] : `${this.#thing(node)} is true`;
      }
      case 'call':
        return this.#call(node) ?? this.#code(node);
      case 'comprehension':
        return this.#some(node) ?? this.#code(node);
      case 'literal':
        return node.value === true ? 'always' : node.value === false ? 'never' : this.#code(node);
      default:
        return this.#code(node);
    }
  }

  #not(node: ConditionNode): string {
    if (node.kind === 'field' && this.#path(node)?.startsWith('request.')) {
      const truth = truths[node.field.text];
      if (truth) return truth[1];
    }
    if (node.kind === 'field') return `${this.#thing(node)} is false`;
    if (node.kind === 'binary' && node.operator === 'in') return this.#in(node, 'not ');
    return `not (${this.holds(node)})`;
  }

  #binary(node: Extract<ConditionNode, { kind: 'binary' }>): string {
    const { operator, left, right } = node;
    if (operator === '&&' || operator === '||') {
      const word = operator === '&&' ? 'and' : 'or';
      const side = (each: ConditionNode): string => {
        const mixed =
          each.kind === 'binary' &&
          (each.operator === '&&' || each.operator === '||') &&
          each.operator !== operator;
        return mixed ? `(${this.holds(each)})` : this.holds(each);
      };
      return `${side(left)} ${word} ${side(right)}`;
    }
    if (operator === 'in') return this.#in(node, '');
    const word = compared[operator];
    if (word === undefined) return this.#code(node);
    // People say what is compared first, and with what then.
    return left.kind === 'literal' && right.kind !== 'literal' && (operator === '==' || operator === '!=')
      ? `${this.#thing(right)} ${word} ${this.#thing(left)}`
      : `${this.#thing(left)} ${/ rows$/.test(this.#thing(left)) ? word.replace('is', 'are') : word} ${this.#thing(right)}`;
  }

  #in({ left, right }: Extract<ConditionNode, { kind: 'binary' }>, not: string): string {
    if (right.kind === 'list') {
      const items = right.items.map((item) => this.#thing(item));
      return `${this.#thing(left)} is ${not === '' ? '' : 'none of '}${joined(items, 'or')}`;
    }
    if (this.#path(right) === 'principal.groups')
      return `the person is ${not}in the group ${this.#thing(left)}`;
    return `${this.#thing(left)} is ${not}among ${this.#thing(right)}`;
  }

  #call({ name, receiver, arguments: given }: Extract<ConditionNode, { kind: 'call' }>): string | undefined {
    const [first] = given;
    if (first === undefined) return undefined;
    if (name.text === 'has' && receiver === undefined) return `${this.#thing(first)} is given`;
    if (receiver === undefined) return undefined;
    const words: Readonly<Record<string, string>> = {
      startsWith: 'begins with',
      endsWith: 'ends with',
      contains: 'contains',
      matches: 'matches',
    };
    const word = words[name.text];
    return word === undefined ? undefined : `${this.#thing(receiver)} ${word} ${this.#thing(first)}`;
  }

  #some({
    name,
    over,
    variable,
    body,
  }: Extract<ConditionNode, { kind: 'comprehension' }>): string | undefined {
    const [only, ...others] = body;
    if (only === undefined || others.length > 0) return undefined;
    const which = name.text === 'exists' ? 'some' : name.text === 'all' ? 'every one' : undefined;
    if (which === undefined) return undefined;
    return `of ${this.#thing(over)}, ${which} (\`${variable.text}\`) is such that ${this.holds(only)}`;
  }

  /** A value as a noun. */
  #thing(node: ConditionNode): string {
    if (node.kind === 'literal')
      return typeof node.value === 'string' ? `“${node.value}”` : String(node.value);
    const path = this.#path(node);
    if (path === undefined) return this.#code(node);
    const known = paths[path];
    if (known !== undefined) return known;
    const label = /^resource\.labels\.(.+)$/.exec(path)?.[1];
    if (label !== undefined) return `the label \`${label}\``;
    const [root, vocabulary = '', fact] = path.split('.');
    return root === 'request' && fact !== undefined && Object.hasOwn(vocabularies, vocabulary)
      ? `the request’s ${spaced(fact)}`
      : this.#code(node);
  }

  #path(node: ConditionNode): string | undefined {
    if (node.kind === 'name') return node.name;
    if (node.kind !== 'field') return undefined;
    const object = this.#path(node.object);
    return object === undefined ? undefined : `${object}.${node.field.text}`;
  }

  #code({ start, end }: ConditionNode): string {
    return `\`${this.#source.slice(start, end).replace(/\s+/g, ' ')}\``;
  }
}
