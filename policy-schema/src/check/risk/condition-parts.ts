/** Questions about conditions that several checks ask. */
import { type ConditionNode, nodesOf, partsOf } from '../../conditions/tree.ts';
import type { TextRange } from '../../syntax/diagnostic.ts';
import type { ConditionUnit, RuleUnit } from '../check.ts';

/** The tree of a rule's condition; undefined where there is none, or where it does not compile. */
export function treeOf({ condition }: RuleUnit): ConditionNode | undefined {
  return condition?.compiled.ok ? condition.compiled.condition.tree : undefined;
}

/** Where a part of a condition stands in the file. */
export function placeOf({ node }: ConditionUnit, { start, end }: TextRange): TextRange {
  return node.offsets().range(start, end);
}

/** `request.sql.tables` for a field of a field of a name; undefined for anything else. */
export function pathOf(node: ConditionNode): string | undefined {
  if (node.kind === 'name') return node.name;
  if (node.kind !== 'field') return undefined;
  const object = pathOf(node.object);
  return object === undefined ? undefined : `${object}.${node.field.text}`;
}

/** Whether a part asks for one of some facts, given as paths. */
export function reads(node: ConditionNode, paths: readonly string[]): boolean {
  return [...nodesOf(node)].some((part) => part.kind === 'field' && paths.includes(pathOf(part) ?? ''));
}

/** How the truth of a part bears on that of the whole: towards it, against it, or in a way that is not known. */
export type Bearing = 'for' | 'against' | 'unknown';

const turned: Readonly<Record<Bearing, Bearing>> = { for: 'against', against: 'for', unknown: 'unknown' };

export interface Bearer {
  readonly node: ConditionNode;
  readonly bearing: Bearing;
  /** Absent for the whole. */
  readonly parent?: ConditionNode;
}

const kept = new WeakMap<ConditionNode, readonly Bearer[]>();

/** Every part with its bearing, outer ones first. Only `&&`, `||`, `!`, choices and quantifiers carry it on. */
export function bearings(whole: ConditionNode): readonly Bearer[] {
  // Trees stay while the text of their condition does.
  let bearers = kept.get(whole);
  if (bearers === undefined) {
    const found: Bearer[] = [];
    const gather = (bearer: Bearer): void => {
      found.push(bearer);
      const { node, bearing } = bearer;
      for (const part of partsOf(node))
        gather({ parent: node, node: part, bearing: bearingOf(node, part, bearing) });
    };
    gather({ node: whole, bearing: 'for' });
    bearers = found;
    kept.set(whole, bearers);
  }
  return bearers;
}

function bearingOf(node: ConditionNode, part: ConditionNode, bearing: Bearing): Bearing {
  switch (node.kind) {
    case 'unary':
      return node.operator === '!' ? turned[bearing] : 'unknown';
    case 'binary':
      return node.operator === '&&' || node.operator === '||' ? bearing : 'unknown';
    case 'conditional':
      return part === node.test ? 'unknown' : bearing;
    case 'comprehension':
      return part !== node.over && ['all', 'exists'].includes(node.name.text) ? bearing : 'unknown';
    default:
      return 'unknown';
  }
}

/** Whether every parenthesis of a text is opened and closed in it. */
export function isClosed(text: string): boolean {
  let depth = 0;
  for (const unit of text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '')) {
    if (unit === '(') depth++;
    else if (unit === ')' && --depth < 0) return false;
  }
  return depth === 0;
}
