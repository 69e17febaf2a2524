import type { BinaryOperator, ConditionNode } from '../conditions/tree.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import { code } from './markdown.ts';
import { joined, spaced } from './words.ts';

/**
 * A condition in English, for a sentence that goes on behind “when”. Markdown: texts, and what has no simple words, stand in
 * it as code.
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

/** As {@link compared}, of times. */
const moments: Readonly<Partial<Record<BinaryOperator, string>>> = {
  '<': 'is before',
  '<=': 'is not after',
  '>': 'is after',
  '>=': 'is not before',
};

/** What an operator becomes when its sides change places. */
const turns: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A method as a clause, and what it says when it is not so. */
const tells: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  startsWith: ['begins with', 'does not begin with'],
  endsWith: ['ends with', 'does not end with'],
  contains: ['contains', 'does not contain'],
  matches: ['matches', 'does not match'],
};

/** What is taken of a time. Weeks begin with 0 on Sunday and months with 0 in January, which only CEL's own name tells. */
const clocks: Readonly<Record<string, string>> = {
  getFullYear: 'the year',
  getDate: 'the day of the month',
  getHours: 'the hour',
  getMinutes: 'the minute',
  getSeconds: 'the second',
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
    const call = node.kind === 'call' ? this.#call(node, 1) : undefined;
    if (call !== undefined) return call;
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
    if (left.kind === 'literal' && right.kind !== 'literal') {
      const turned = turns[operator];
      if (turned !== undefined) return this.#compared(right, turned, left);
    }
    return this.#compared(left, operator, right);
  }

  #compared(left: ConditionNode, operator: BinaryOperator, right: ConditionNode): string {
    const thing = this.#thing(left);
    const table = left.type === 'google.protobuf.Timestamp' || left.type === 'timestamp' ? moments : {};
    const word = table[operator] ?? compared[operator] ?? operator;
    return `${thing} ${/ rows$/.test(thing) ? word.replace('is', 'are') : word} ${this.#thing(right)}`;
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

  /** @param side 0 for what is so when the call is true, 1 for the opposite */
  #call(
    { name, receiver, arguments: given }: Extract<ConditionNode, { kind: 'call' }>,
    side: 0 | 1 = 0,
  ): string | undefined {
    const [first] = given;
    if (first === undefined) return undefined;
    if (name.text === 'has' && receiver === undefined)
      return `${this.#thing(first)} is ${side === 0 ? 'given' : 'not given'}`;
    const words = Object.hasOwn(tells, name.text) ? tells[name.text] : undefined;
    if (receiver === undefined || words === undefined) return undefined;
    return `${this.#thing(receiver)} ${words[side]} ${this.#thing(first)}`;
  }

  /** How many, or what hour: a call as a noun. */
  #count({ name, receiver, arguments: given }: Extract<ConditionNode, { kind: 'call' }>): string | undefined {
    const of = name.text === 'size' ? (receiver ?? given[0]) : undefined;
    if (of !== undefined && this.#path(of) !== undefined)
      return `the ${of.type === 'string' ? 'length' : 'number'} of ${this.#thing(of)}`;
    const clock = Object.hasOwn(clocks, name.text) ? clocks[name.text] : undefined;
    if (clock === undefined || receiver === undefined || this.#path(receiver) !== 'now') return undefined;
    const [zone] = given;
    if (zone === undefined) return `${clock} in UTC`;
    return zone.kind === 'literal' ? `${clock} in ${code(String(zone.value))}` : undefined;
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
    return `of ${this.#thing(over)}, ${which} (${code(variable.text)}) is such that ${this.holds(only)}`;
  }

  /** A value as a noun. */
  #thing(node: ConditionNode): string {
    if (node.kind === 'literal')
      return typeof node.value === 'string' ? code(JSON.stringify(node.value)) : String(node.value);
    const count = node.kind === 'call' ? this.#count(node) : undefined;
    if (count !== undefined) return count;
    const path = this.#path(node);
    if (path === undefined) return this.#code(node);
    const known = paths[path];
    if (known !== undefined) return known;
    const label = /^resource\.labels\.(.+)$/.exec(path)?.[1];
    if (label !== undefined) return `the label ${code(label)}`;
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
    return code(this.#source.slice(start, end));
  }
}
