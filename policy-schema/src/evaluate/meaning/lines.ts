/** Which values of a field make a difference to an atom, read off its text. */
import { type ConditionNode, nodesOf, partsOf } from '../../conditions/tree.ts';
import { vocabularies } from '../../vocabulary/registry.ts';
import type { FactDeclaration } from '../../vocabulary/vocabulary.ts';
import type { Pieces } from './names.ts';

/** Where an atom draws its line among the values of a field. */
export type Line =
  | { readonly kind: 'text'; readonly pieces: Pieces }
  | { readonly kind: 'number'; readonly at: number }
  | { readonly kind: 'instant'; readonly at: number }
  /** Hours and days of the week, in a zone. */
  | { readonly kind: 'clock'; readonly minutes: boolean }
  | { readonly kind: 'presence' };

/** What is known of an atom by its text. */
export interface Reading {
  /** Fields that it reads, such as `request.sql.hasWhere`, `resource.labels.env` and `now`. */
  readonly paths: readonly string[];
  /** For an atom over one field whose lines are all known. For others, values worth a try. */
  readonly lines: readonly Line[];
  /** The lines say all about the atom. */
  readonly plain: boolean;
  /** It may fail although all fields that are always there are there. */
  readonly mayFail: boolean;
}

/** Fields that a request may lack. */
const mayLack: ReadonlySet<string> = new Set(
  Object.entries(vocabularies).flatMap(([name, { facts }]) =>
    Object.entries<FactDeclaration>(facts).flatMap(([fact, { from }]) =>
      from === 'plan' ? [`request.${name}.${fact}`] : [],
    ),
  ),
);

export const mayBeAbsent = (path: string): boolean =>
  path.startsWith('resource.labels.') || mayLack.has(path);

/** The field that a node is, such as `resource.labels.env`, however it is written. */
function pathOf(node: ConditionNode): string | undefined {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'field') {
    const object = pathOf(node.object);
    return object && `${object}.${node.field.text}`;
  }
  if (node.kind === 'binary' && node.operator === '[]') {
    const key = textOf(node.right);
    return key !== undefined && pathOf(node.left) === 'resource.labels'
      ? `resource.labels.${key}`
      : undefined;
  }
  return undefined;
}

const textOf = (node: ConditionNode | undefined): string | undefined =>
  node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;

function numberOf(node: ConditionNode): number | undefined {
  if (node.kind === 'unary' && node.operator === '-') {
    const value = numberOf(node.operand);
    return value === undefined ? undefined : -value;
  }
  if (node.kind !== 'literal') return undefined;
  if (typeof node.value === 'number') return node.value;
  return typeof node.value === 'bigint' && Number.isSafeInteger(Number(node.value))
    ? Number(node.value)
    : undefined;
}

function instantOf(node: ConditionNode): number | undefined {
  const text = node.kind === 'call' && node.name.text === 'timestamp' ? textOf(node.arguments[0]) : undefined;
  const at = text === undefined ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(at) ? undefined : at;
}

const comparing = new Set(['==', '!=', '<', '<=', '>', '>=']);
const piecesBy: Readonly<Record<string, (text: string) => Pieces>> = {
  startsWith: (text) => [text, ''],
  endsWith: (text) => ['', text],
  contains: (text) => ['', text, ''],
};
const clocks = new Set(['getHours', 'getDayOfWeek', 'getMinutes']);

/** The lines of a node that tests the text `isIt`; undefined: it does not, or does more. */
function textLines(node: ConditionNode, isIt: (node: ConditionNode) => boolean): readonly Line[] | undefined {
  if (node.kind === 'binary') {
    const { operator, left, right } = node;
    if (operator === 'in' && isIt(left) && right.kind === 'list') {
      const texts = right.items.map(textOf);
      return texts.every((text) => text !== undefined)
        ? texts.map((text) => ({ kind: 'text', pieces: [text] }))
        : undefined;
    }
    if (operator !== '==' && operator !== '!=') return undefined;
    const text = isIt(left) ? textOf(right) : isIt(right) ? textOf(left) : undefined;
    return text === undefined ? undefined : [{ kind: 'text', pieces: [text] }];
  }
  if (node.kind !== 'call' || node.receiver === undefined || !isIt(node.receiver)) return undefined;
  const text = textOf(node.arguments[0]);
  const pieces = Object.hasOwn(piecesBy, node.name.text) ? piecesBy[node.name.text] : undefined;
  // The empty text is in every other: no line.
  if (text === '' && pieces !== undefined) return [];
  return text === undefined || pieces === undefined ? undefined : [{ kind: 'text', pieces: pieces(text) }];
}

interface OneField {
  readonly path: string;
  readonly lines: readonly Line[];
}

function oneField(node: ConditionNode): OneField | undefined {
  const path = pathOf(node);
  if (path !== undefined) return { path, lines: [] };
  if (node.kind === 'call' && node.name.text === 'has' && node.receiver === undefined) {
    const field = node.arguments[0] && pathOf(node.arguments[0]);
    return field === undefined ? undefined : { path: field, lines: [{ kind: 'presence' }] };
  }
  const fields = fieldsOf(node);
  const [only] = fields;
  if (only === undefined || fields.size !== 1) return undefined;
  const texts = textLines(node, (each) => pathOf(each) === only);
  if (texts !== undefined) return { path: only, lines: texts };
  if (node.kind === 'comprehension' && node.name.text === 'exists' && pathOf(node.over) === only) {
    const [body] = node.body;
    const { text: variable } = node.variable;
    const lines = body && textLines(body, (each) => each.kind === 'name' && each.name === variable);
    return lines && { path: only, lines };
  }
  if (node.kind !== 'binary') return undefined;
  const { operator, left, right } = node;
  if (operator === 'in') {
    const text = textOf(left);
    if (text !== undefined && pathOf(right) === only) {
      return only === 'resource.labels'
        ? { path: `resource.labels.${text}`, lines: [{ kind: 'presence' }] }
        : { path: only, lines: [{ kind: 'text', pieces: [text] }] };
    }
    if (right.kind !== 'list' || pathOf(left) !== only) return undefined;
    const numbers = right.items.map(numberOf);
    return numbers.every((at) => at !== undefined)
      ? { path: only, lines: numbers.map((at) => ({ kind: 'number', at })) }
      : undefined;
  }
  if (!comparing.has(operator)) return undefined;
  for (const [field, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const at = numberOf(other);
    if (pathOf(field) === only) {
      if (at !== undefined) return { path: only, lines: [{ kind: 'number', at }] };
      const instant = instantOf(other);
      if (instant !== undefined) return { path: only, lines: [{ kind: 'instant', at: instant }] };
      if (other.kind === 'literal' && typeof other.value === 'boolean') return { path: only, lines: [] };
    }
    if (field.kind !== 'call' || field.receiver === undefined || pathOf(field.receiver) !== 'now') continue;
    if (at === undefined || !clocks.has(field.name.text)) continue;
    if (field.arguments.every((zone) => textOf(zone) !== undefined)) {
      return { path: 'now', lines: [{ kind: 'clock', minutes: field.name.text === 'getMinutes' }] };
    }
  }
  return undefined;
}

/** Lists follow from a request's actions, so whatever is said of them is not plain; groups are the exception. */
const lists = new Set(
  Object.entries(vocabularies).flatMap(([name, { facts }]) =>
    Object.entries<FactDeclaration>(facts).flatMap(([fact, { type }]) =>
      type === 'list<string>' ? [`request.${name}.${fact}`] : [],
    ),
  ),
);
const notPlain = new Set([...lists, 'request.text', 'resource.labels', 'request', 'principal', 'resource']);

const isField = (path: string): boolean => path === 'now' || (path.includes('.') && !isVocabulary(path));
const isVocabulary = (path: string): boolean =>
  Object.keys(vocabularies).some((name) => path === `request.${name}`);

/** The fields that a node reads, each as far as it is spelled out. */
function fieldsOf(node: ConditionNode): ReadonlySet<string> {
  const path = pathOf(node);
  if (path !== undefined) return new Set(isField(path) ? [path] : []);
  return new Set(partsOf(node).flatMap((each) => [...fieldsOf(each)]));
}

export function readingOf(node: ConditionNode): Reading {
  const paths = [...fieldsOf(node)];
  const mayFail = !isTotal(node, new Set());
  const one = oneField(node);
  if (one !== undefined && !notPlain.has(one.path)) {
    return { paths: [one.path], lines: one.lines, plain: true, mayFail };
  }
  return { paths, lines: one?.lines ?? guesses(node), plain: false, mayFail };
}

/** Values that stand in an atom: where it draws its lines is not known, but it may well be at these. */
function guesses(node: ConditionNode): Line[] {
  const lines: Line[] = [];
  for (const each of nodesOf(node)) {
    if (each.kind === 'call' && each.receiver !== undefined) {
      const text = textOf(each.arguments[0]);
      const pieces = Object.hasOwn(piecesBy, each.name.text) ? piecesBy[each.name.text] : undefined;
      if (text !== undefined && pieces !== undefined) lines.push({ kind: 'text', pieces: pieces(text) });
    }
    const [text, at] = [textOf(each), numberOf(each)];
    if (text !== undefined) lines.push({ kind: 'text', pieces: [text] });
    if (at !== undefined) lines.push({ kind: 'number', at });
    const instant = instantOf(each);
    if (instant !== undefined) lines.push({ kind: 'instant', at: instant });
    if (each.kind === 'call' && clocks.has(each.name.text)) lines.push({ kind: 'clock', minutes: true });
  }
  return lines;
}

const totalCalls = new Set([
  'has',
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lowerAscii',
  'upperAscii',
  'trim',
]);
const totalOperators = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||']);

/** Whether a node always has a value, given the fields that every request has. */
function isTotal(node: ConditionNode, bound: ReadonlySet<string>): boolean {
  const path = pathOf(node);
  if (path !== undefined) return bound.has(path) || !mayBeAbsent(path);
  switch (node.kind) {
    case 'literal':
      return true;
    case 'list':
      return node.items.every((item) => isTotal(item, bound));
    case 'unary':
      return node.operator === '!' && isTotal(node.operand, bound);
    case 'binary':
      return totalOperators.has(node.operator) && isTotal(node.left, bound) && isTotal(node.right, bound);
    case 'conditional':
      return [node.test, node.yes, node.no].every((each) => isTotal(each, bound));
    case 'call':
      if (node.name.text === 'has' && node.receiver === undefined) return true;
      if (clocks.has(node.name.text)) return node.arguments.every((zone) => textOf(zone) !== undefined);
      return (
        totalCalls.has(node.name.text) &&
        (node.receiver === undefined || isTotal(node.receiver, bound)) &&
        node.arguments.every((each) => isTotal(each, bound))
      );
    case 'comprehension':
      // Very long lists in lists, and texts in lists, are refused when a condition is evaluated.
      return (
        bound.size === 0 &&
        [...nodesOf(node)].every((each) => pathOf(each) !== 'request.text') &&
        (node.name.text === 'exists' || node.name.text === 'all') &&
        isTotal(node.over, bound) &&
        node.body.every((each) => isTotal(each, new Set([node.variable.text])))
      );
    case 'name':
    case 'field':
      return false;
  }
}
