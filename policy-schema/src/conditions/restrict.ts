/**
 * What cel-js would let pass and we do not: unknown names, functions that are not on the list, literals that can only
 * fail, and everything that would leave the typed world. Runs before the type check, over the tree as parsed.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { type ConditionEnvironment, conditionLimits } from './environment.ts';
import { conditionFunctions, parseDuration, parseTimestamp, regex, routedName } from './functions.ts';
import { didYouMean, nearest } from './suggest.ts';
import { isTimeZone } from './time-zone.ts';

/** What is wrong with a condition. `type`: all that has no kind of its own. */
export type MistakeKind =
  | 'type'
  | 'unknown-name'
  | 'unknown-field'
  | 'regex'
  | 'duration'
  | 'timestamp'
  | 'time-zone';

/** A mistake in a condition, with UTF-16 offsets in its source. */
export class ConditionMistake extends Error {
  readonly start: number;
  readonly end: number;
  readonly kind: MistakeKind;
  /** The word that most likely should stand at the place. */
  readonly meant: string | undefined;
  constructor(
    message: string,
    at: { readonly start: number; readonly end: number },
    kind: MistakeKind = 'type',
    meant?: string,
  ) {
    super(message);
    this.start = at.start;
    this.end = at.end;
    this.kind = kind;
    this.meant = meant;
  }
}

/** A name that does not exist, with the nearest that does. */
function unknown(
  what: string,
  name: string,
  known: Iterable<string>,
  at: { readonly start: number; readonly end: number },
  kind: 'unknown-name' | 'unknown-field' = 'unknown-name',
): ConditionMistake {
  const meant = nearest(name, known);
  return new ConditionMistake(`${what}: ${name}${didYouMean(meant)}`, at, kind, meant);
}

const methods = new Map(conditionFunctions.filter((f) => f.receiver !== undefined).map((f) => [f.name, f]));
const calls = new Map(conditionFunctions.filter((f) => f.receiver === undefined).map((f) => [f.name, f]));

const INT64_LIMIT = 2n ** 63n;

const plural = (arities: readonly number[]): string =>
  `${arities.join(' or ')} ${arities.length === 1 && arities[0] === 1 ? 'argument' : 'arguments'}`;

const literalText = (node: ASTNode | undefined): string | undefined =>
  node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;

/** The part of the source that names the method of a call. */
function methodRange(node: ASTNode, receiver: ASTNode, name: string): { start: number; end: number } {
  const start = node.input.indexOf(name, receiver.end);
  return start < 0 || start + name.length > node.end ? node : { start, end: start + name.length };
}

/**
 * Walk a parsed condition, route its calls, and refuse what is not in use.
 * @returns how deep its comprehensions nest.
 * @throws ConditionMistake
 */
export function restrict(root: ASTNode, environment: ConditionEnvironment): number {
  const variables = environment.fields.get('') ?? new Map<string, string>();
  let deepest = 0;

  const literalMust = (
    node: ASTNode | undefined,
    kind: MistakeKind,
    parse: (text: string) => unknown,
  ): void => {
    const text = literalText(node);
    if (node === undefined || text === undefined) return;
    try {
      parse(text);
    } catch (error) {
      throw new ConditionMistake(error instanceof Error ? error.message : String(error), node, kind);
    }
  };

  const visitHas = (node: ASTNode, argument: ASTNode | undefined, bound: ReadonlySet<string>): void => {
    const path: { name: string; at: ASTNode }[] = [];
    let at = argument;
    while (at?.op === '.') {
      path.unshift({ name: at.args[1], at });
      at = at.args[0];
    }
    if (at?.op !== 'id' || path.length === 0 || bound.has(at.args) || !variables.has(at.args)) {
      throw new ConditionMistake('has() takes a field, such as has(resource.labels.env)', argument ?? node);
    }
    let type = variables.get(at.args) ?? '';
    for (const { name, at: field } of path) {
      if (type.startsWith('map<')) {
        type = 'string';
        continue;
      }
      const known = environment.fields.get(type);
      const next = known?.get(name);
      if (next === undefined) {
        const range = { start: field.pos, end: field.end };
        throw unknown('No such field', name, known?.keys() ?? [], range, 'unknown-field');
      }
      type = next;
    }
  };

  const visitCall = (node: ASTNode & { op: 'call' }, bound: ReadonlySet<string>, depth: number): void => {
    const [name, args] = node.args;
    const range = { start: node.start, end: node.start + name.length };
    const known = calls.get(name);
    if (known === undefined) {
      if (!methods.has(name)) throw unknown('No such function', name, calls.keys(), range);
      throw new ConditionMistake(`No such function: ${name}; write x.${name}(…)`, range, 'unknown-name');
    }
    if (!known.arities.includes(args.length)) {
      throw new ConditionMistake(`${name}() takes ${plural(known.arities)}`, node);
    }
    if (name === 'has') {
      visitHas(node, args[0], bound);
      return;
    }
    if (name === 'duration') {
      if (args[0] !== undefined && literalText(args[0]) === undefined) {
        throw new ConditionMistake('duration() takes a literal, such as duration("90m")', args[0]);
      }
      literalMust(args[0], 'duration', parseDuration);
    }
    if (name === 'timestamp') literalMust(args[0], 'timestamp', parseTimestamp);
    for (const argument of args) visit(argument, bound, depth);
    node.args[0] = routedName(name, false, args.length);
  };

  const visitMethod = (node: ASTNode & { op: 'rcall' }, bound: ReadonlySet<string>, depth: number): void => {
    const [name, receiver, args] = node.args;
    const known = methods.get(name);
    if (known === undefined) {
      const range = methodRange(node, receiver, name);
      if (!calls.has(name)) throw unknown('No such function', name, methods.keys(), range);
      throw new ConditionMistake(`No such function: ${name}; write ${name}(…)`, range, 'unknown-name');
    }
    if (!known.arities.includes(args.length)) {
      throw new ConditionMistake(`${name}() takes ${plural(known.arities)}`, node);
    }
    visit(receiver, bound, depth);
    if (known.macro) {
      const [variable, ...rest] = args;
      if (variable?.op !== 'id') {
        throw new ConditionMistake(`${name}() takes the name of a variable first`, variable ?? node);
      }
      // A variable that hides another would make the reader and has() see different things.
      if (variables.has(variable.args) || bound.has(variable.args)) {
        throw new ConditionMistake(`The name '${variable.args}' is taken; choose another`, variable);
      }
      deepest = Math.max(deepest, depth + 1);
      if (depth + 1 > conditionLimits.maxComprehensionDepth) {
        throw new ConditionMistake(
          `${name}() is nested deeper than ${conditionLimits.maxComprehensionDepth} levels`,
          node,
        );
      }
      const inner = new Set([...bound, variable.args]);
      for (const argument of rest) visit(argument, inner, depth + 1);
      return;
    }
    if (name === 'matches') {
      // A pattern that a request could choose is none that a person has read.
      if (args[0] !== undefined && literalText(args[0]) === undefined) {
        throw new ConditionMistake('matches() takes a literal pattern', args[0]);
      }
      literalMust(args[0], 'regex', regex);
    }
    if (known.receiver === 'timestamp') {
      literalMust(args[0], 'time-zone', (zone) => {
        if (!isTimeZone(zone))
          throw new RangeError(`'${zone.slice(0, 40)}' is no time zone, such as Europe/Berlin or +02:00`);
      });
    }
    for (const argument of args) visit(argument, bound, depth);
    node.args[0] = routedName(name, true, args.length);
  };

  const visit = (node: ASTNode, bound: ReadonlySet<string>, depth: number, negated = false): void => {
    switch (node.op) {
      case 'value':
        if (typeof node.args === 'bigint' && node.args > (negated ? INT64_LIMIT : INT64_LIMIT - 1n)) {
          throw new ConditionMistake('The number does not fit 64 bits', node);
        }
        if (typeof node.args === 'object' && node.args !== null) {
          const kind = node.args instanceof Uint8Array ? 'Bytes' : 'Unsigned numbers';
          throw new ConditionMistake(`${kind} are not in use in conditions`, node);
        }
        return;
      case 'id':
        if (bound.has(node.args) || variables.has(node.args)) return;
        throw unknown('Unknown variable', node.args, [...bound, ...variables.keys()], node);
      case '.':
      case '.?':
        visit(node.args[0], bound, depth);
        return;
      case 'call':
        visitCall(node as ASTNode & { op: 'call' }, bound, depth);
        return;
      case 'rcall':
        visitMethod(node as ASTNode & { op: 'rcall' }, bound, depth);
        return;
      case 'list':
        for (const element of node.args) visit(element, bound, depth);
        return;
      case 'map':
        throw new ConditionMistake('Map literals are not in use in conditions', node);
      case '!_':
        visit(node.args, bound, depth);
        return;
      case '-_':
        visit(node.args, bound, depth, true);
        return;
      default:
        for (const argument of node.args) visit(argument, bound, depth);
    }
  };

  visit(root, new Set(), 0);
  return deepest;
}
