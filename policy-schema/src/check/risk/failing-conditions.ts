/** What the checks of conditions that can fail have to say, and how labels are asked for first. */
import type { ConditionNode } from '../../conditions/tree.ts';
import type { Fix } from '../../syntax/diagnostic.ts';
import { replace } from '../../syntax/edits.ts';
import type { RuleUnit, World } from '../check.ts';
import { type Failure, failuresOf } from './can-fail.ts';
import { type Bearer, bearings, isClosed, placeOf, treeOf } from './condition-parts.ts';
import { resourcesOf } from './places.ts';

export const askFirst = 'Ask for the label first';

export interface FailingPart {
  readonly failure: Failure;
  /** When it fails, as the start of a sentence. */
  readonly when: string;
}

const whens: Readonly<Record<Exclude<Failure['kind'], 'label'>, string>> = {
  index: 'Where the list is shorter, this',
  number: 'Where the text is no number, this',
  time: 'Where the text is no RFC 3339 time, this',
  zone: 'Where the text names no time zone, this',
  division: 'Where the divisor is 0, this',
};

/** The failing parts of a rule's condition. Labels count only where a known resource surely lacks them. */
export function failingParts(unit: RuleUnit, world: World): readonly FailingPart[] {
  const tree = treeOf(unit);
  if (tree === undefined || unit.condition === undefined) return [];
  return failuresOf(tree, unit.condition.source).flatMap((failure): FailingPart[] => {
    if (failure.kind !== 'label') return [{ failure, when: whens[failure.kind] }];
    const without = resourcesOf(unit.policy, world)?.find(
      ({ labels }) => !Object.hasOwn(labels, failure.label),
    );
    return without
      ? [{ failure, when: `On \`${without.name}\`, which has no label \`${failure.label}\`, this` }]
      : [];
  });
}

/** Put `has(…) && ` in front of the smallest question that reads the label; safe where that changes no answer. */
export function askingFirst(unit: RuleUnit, failure: Failure): { readonly fixes?: readonly Fix[] } {
  const { condition, policy, rule } = unit;
  const tree = treeOf(unit);
  if (failure.kind !== 'label' || failure.node.kind !== 'field' || !tree || !condition) return {};
  const found = questionAround(tree, failure.node, condition.source);
  if (found === undefined) return {};
  const { node, bearing, parent } = found;
  const bare = parent === undefined || (parent.kind === 'binary' && parent.operator === '&&');
  const asked = condition.source.slice(failure.node.start, failure.node.end);
  const { start, end } = placeOf(condition, node);
  const edits = [replace(policy.source, { start, end: start }, `${bare ? '' : '('}has(${asked}) && `)];
  if (!bare) edits.push(replace(policy.source, { start: end, end }, ')'));
  // An allow rule does not match where its condition fails, and where it is false; a deny rule would let it pass.
  const safe = rule.effect === 'allow' && bearing === 'for';
  return { fixes: [{ title: askFirst, safety: safe ? 'safe' : 'unsafe', edits }] };
}

function questionAround(tree: ConditionNode, part: ConditionNode, source: string): Bearer | undefined {
  let best: Bearer | undefined;
  for (const found of bearings(tree)) {
    const { node } = found;
    if (node.type !== 'bool' || node.start > part.start || node.end < part.end) continue;
    if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) continue;
    // What stands behind `!` is asked as a whole: `!(a && b)` is not `!a && b`.
    if (found.parent?.kind === 'unary' || found.parent?.kind === 'comprehension') continue;
    if (best === undefined || node.end - node.start <= best.node.end - best.node.start) best = found;
  }
  // A node's end may stand before the parenthesis that closes it.
  return best && isClosed(source.slice(best.node.start, best.node.end)) ? best : undefined;
}
