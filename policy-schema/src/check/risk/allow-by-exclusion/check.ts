import type { ConditionNode } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { bearings, pathOf, placeOf, reads, treeOf } from '../condition-parts.ts';
import { onlyForTrials } from '../places.ts';

const lists = ['tables', 'columns', 'functions', 'actions'].map((name) => `request.sql.${name}`);

/** Whether a part is true where something is in one of the lists. */
function finds(node: ConditionNode): boolean {
  if (node.kind === 'binary' && node.operator === 'in') return lists.includes(pathOf(node.right) ?? '');
  return (
    node.kind === 'comprehension' &&
    node.name.text.startsWith('exists') &&
    lists.includes(pathOf(node.over) ?? '')
  );
}

/** `all(t, t != "public.secrets")`: each is none of those named. */
function rulesOut(node: ConditionNode): boolean {
  if (node.kind !== 'comprehension' || node.name.text !== 'all' || !reads(node.over, lists)) return false;
  const [body] = node.body;
  if (body === undefined) return false;
  // One positive demand says which are meant.
  const questions = [...bearings(body)].filter(
    ({ node: { kind, type }, parent }) =>
      type === 'bool' && kind !== 'unary' && (parent === undefined || isLogic(parent)),
  );
  const asked = questions.filter(({ node: each }) => !isLogic(each));
  return asked.every(({ node: each, bearing }) =>
    each.kind === 'binary' && each.operator === '!=' ? bearing === 'for' : bearing === 'against',
  );
}

function isLogic(node: ConditionNode): boolean {
  if (node.kind === 'unary') return node.operator === '!';
  return node.kind === 'binary' && (node.operator === '&&' || node.operator === '||');
}

export const allowByExclusion: Check<'rule'> = {
  code: 'allow-by-exclusion',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that names what may not be touched, and lets the rest pass.',
  unit: 'rule',
  reads: 'world',
  check(unit, report, world) {
    const { rule, condition, policy } = unit;
    const tree = treeOf(unit);
    if (rule.effect !== 'allow' || tree === undefined || condition === undefined) return;
    // With tables that are named, nothing new is let in.
    const { tables, functions } = rule.selector;
    if ([tables, functions].some((patterns) => patterns?.every((each) => !each.includes('*')) === true))
      return;
    if (onlyForTrials(policy, world)) return;
    for (const { node, bearing } of bearings(tree)) {
      if (!(bearing === 'against' && finds(node)) && !(bearing === 'for' && rulesOut(node))) continue;
      const message =
        'This lets everything pass but what is named here, also what is made later. Name what may pass, and write a deny rule for what must not.';
      report(placeOf(condition, node), message);
    }
  },
};
