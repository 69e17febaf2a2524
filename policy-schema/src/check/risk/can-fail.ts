/** Which parts of a condition may have no value at run time, whatever the request is otherwise. */
import type { ConditionNode } from '../../conditions/tree.ts';
import { pathOf } from './condition-parts.ts';

export type Failure =
  | { readonly kind: 'label'; readonly node: ConditionNode; readonly label: string }
  | { readonly kind: 'index' | 'number' | 'time' | 'zone' | 'division'; readonly node: ConditionNode };

/** What holds wherever a part is asked: labels that are there, and texts of lists whose size was asked. */
type Known = ReadonlySet<string>;

const none: Known = new Set();
const labels = 'resource.labels';

function labelOf(node: ConditionNode): string | undefined {
  if (node.kind === 'field' && pathOf(node.object) === labels) return node.field.text;
  if (node.kind !== 'binary' || node.operator !== '[]' || pathOf(node.left) !== labels) return undefined;
  return node.right.kind === 'literal' ? String(node.right.value) : undefined;
}

const kept = new WeakMap<ConditionNode, readonly Failure[]>();

/**
 * The first failure of each kind and place, in the order of the source. `a && b` has no value only if the failing side
 * decides, so what the other side asks first guards it: cel-js takes the sides in any order, as CEL says.
 */
export function failuresOf(root: ConditionNode, source: string): readonly Failure[] {
  // Trees stay while the text of their condition does.
  let failures = kept.get(root);
  if (failures === undefined) {
    failures = readFailures(root, source);
    kept.set(root, failures);
  }
  return failures;
}

function readFailures(root: ConditionNode, source: string): readonly Failure[] {
  const found: Failure[] = [];
  const text = ({ start, end }: ConditionNode): string => source.slice(start, end);

  const facts = (node: ConditionNode, truth: boolean): Known => {
    if (node.kind === 'unary' && node.operator === '!') return facts(node.operand, !truth);
    if (node.kind === 'call' && node.name.text === 'has' && truth) {
      const label = node.arguments[0] && labelOf(node.arguments[0]);
      return label === undefined ? none : new Set([`label ${label}`]);
    }
    if (node.kind !== 'binary') return none;
    if (node.operator === (truth ? '&&' : '||'))
      return new Set([...facts(node.left, truth), ...facts(node.right, truth)]);
    if (node.operator === 'in' && truth && pathOf(node.right) === labels && node.left.kind === 'literal')
      return new Set([`label ${node.left.value}`]);
    // Whatever is compared with a size, somebody thought of it.
    return new Set(
      [node.left, node.right].flatMap((side) => {
        if (side.kind !== 'call' || side.name.text !== 'size') return [];
        const list = side.receiver ?? side.arguments[0];
        return list ? [`size ${text(list)}`] : [];
      }),
    );
  };

  const visit = (node: ConditionNode, known: Known): void => {
    own(node, known);
    switch (node.kind) {
      case 'binary':
        if (node.operator === '&&' || node.operator === '||') {
          const truth = node.operator === '&&';
          visit(node.left, new Set([...known, ...facts(node.right, truth)]));
          visit(node.right, new Set([...known, ...facts(node.left, truth)]));
          return;
        }
        visit(node.left, known);
        visit(node.right, known);
        return;
      case 'conditional':
        visit(node.test, known);
        visit(node.yes, new Set([...known, ...facts(node.test, true)]));
        visit(node.no, new Set([...known, ...facts(node.test, false)]));
        return;
      case 'call':
        if (node.name.text === 'has') return;
        if (node.receiver) visit(node.receiver, known);
        for (const argument of node.arguments) visit(argument, known);
        return;
      case 'comprehension':
        visit(node.over, known);
        for (const part of node.body) visit(part, known);
        return;
      case 'list':
        for (const item of node.items) visit(item, known);
        return;
      case 'field':
        visit(node.object, known);
        return;
      case 'unary':
        visit(node.operand, known);
        return;
      case 'literal':
      case 'name':
        return;
    }
  };

  const own = (node: ConditionNode, known: Known): void => {
    const label = labelOf(node);
    if (label !== undefined) {
      if (!known.has(`label ${label}`)) found.push({ kind: 'label', node, label });
    } else if (node.kind === 'binary') {
      if (node.operator === '[]' && !isSplit(node) && !known.has(`size ${text(node.left)}`))
        found.push({ kind: 'index', node });
      const divides = node.operator === '/' || node.operator === '%';
      if (
        divides &&
        node.type === 'int' &&
        !(node.right.kind === 'literal' && Number(node.right.value) !== 0)
      )
        found.push({ kind: 'division', node });
    } else if (node.kind === 'call') {
      const [first] = node.arguments;
      const spelled = first === undefined || first.kind === 'literal';
      if (spelled || first.type !== 'string') return;
      if (['int', 'double'].includes(node.name.text)) found.push({ kind: 'number', node });
      if (node.name.text === 'timestamp') found.push({ kind: 'time', node });
      if (node.receiver?.type === 'timestamp') found.push({ kind: 'zone', node: first });
    }
  };

  visit(root, none);
  const seen = new Set<string>();
  return found.filter((failure) => {
    const key = failure.kind === 'label' ? `label ${failure.label}` : `${failure.kind} ${text(failure.node)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The first part of a text always is there, unless it is split into its letters. */
function isSplit(node: ConditionNode & { kind: 'binary' }): boolean {
  const { left, right } = node;
  if (left.kind !== 'call' || left.name.text !== 'split') return false;
  const [separator] = left.arguments;
  return (
    right.kind === 'literal' &&
    Number(right.value) === 0 &&
    separator?.kind === 'literal' &&
    separator.value !== ''
  );
}
