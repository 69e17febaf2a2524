import type { RuleUnit } from '@gatehouse/policy-schema/check/check.ts';
import { nodesOf } from '@gatehouse/policy-schema/conditions/tree.ts';
import { compileTarget } from '@gatehouse/policy-schema/model/applies.ts';
import type { Policy } from '@gatehouse/policy-schema/model/policy.ts';
import { sqlShapes } from '@gatehouse/policy-schema/vocabulary/sql/shapes.ts';
import { statementOf, usualFacts } from '@gatehouse/policy-schema/vocabulary/sql/statement-text.ts';
import type { Action } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Desk } from '../desk.ts';
import type { Try } from './try-request.ts';

/** A request to begin with at a rule: a statement that it speaks of, by somebody whom its policy is for. */
export function sampleFor(desk: Desk, { policy, rule, condition }: RuleUnit): Try {
  const hasWhere = !asksNot(condition, 'hasWhere');
  const hasLimit = !asksNot(condition, 'hasLimit');
  const text = sampleActions(rule.selector)
    .map((action) => statementOf(action, { hasWhere, hasLimit }))
    .find((statement) => statement !== undefined);
  return { text: text ?? 'SELECT 1', ...principalFor(desk, policy.policy) };
}

/** A request to begin with at a policy: one of its first rule. */
export function sampleForPolicy(desk: Desk, policy: Policy, first: RuleUnit | undefined): Try {
  return first ? sampleFor(desk, first) : { text: 'SELECT 1', ...principalFor(desk, policy) };
}

/** Whether a condition asks for a fact to be false, so that a sample must show it so. */
function asksNot(condition: RuleUnit['condition'], fact: string): boolean {
  if (condition?.compiled.ok !== true) return false;
  return [...nodesOf(condition.compiled.condition.tree)].some(
    (node) =>
      node.kind === 'unary' &&
      node.operator === '!' &&
      node.operand.kind === 'field' &&
      node.operand.field.text === fact,
  );
}

/** Actions that a selector speaks of, the likely ones first. */
function sampleActions(selector: Readonly<Record<string, readonly string[]>>): readonly Action[] {
  const wanted = selector.actions ?? ['*'];
  const kinds = wanted.includes('*') ? Object.keys(sqlShapes) : wanted;
  return kinds.map((kind): Action => {
    const given: Record<string, string | readonly string[]> = {};
    const name = (key: string, otherwise: string): string => concrete(selector[key]?.[0] ?? '*', otherwise);
    if (selector.tables) given.table = name('tables', 'public.orders');
    if (selector.columns) given.columns = [name('columns', 'id')];
    if (selector.functions) given.function = name('functions', 'public.f');
    if (selector.parameters) given.parameter = name('parameters', 'work_mem');
    if (selector.objects) given.object = name('objects', 'table');
    if (selector.names) given.name = name('names', 'reporting');
    const open = new Set(
      ['table', 'columns', 'function', 'parameter', 'object'].filter((fact) => !(fact in given)),
    );
    return {
      vocabulary: 'sql',
      kind,
      facts: usualFacts(kind, given, open, (fact) => (fact === 'table' ? 'public.orders' : undefined)),
    };
  });
}

/** A name that a pattern matches. */
function concrete(pattern: string, otherwise: string): string {
  if (/^\*+$/.test(pattern)) return otherwise;
  return pattern.replaceAll('.*', '.orders').replaceAll('*.', 'public.').replaceAll('*', 'x');
}

function principalFor(desk: Desk, { applies }: Policy): Omit<Try, 'text'> {
  const matches = applies.to.map(compileTarget);
  const resource = desk.world.workspace?.workspace.resources.find((each) =>
    matches.some((match) => match(each)),
  );
  const [agent = '*'] = applies.agents;
  const group = applies.groups?.[0];
  return {
    ...(resource && { resource: resource.name }),
    agent: agent === '*' ? 'claude' : agent.replaceAll('*', ''),
    ...(group !== undefined && { groups: [group.replaceAll('*', 'x')] }),
  };
}
