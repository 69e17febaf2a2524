import type { Approval, Policy } from '../model/policy.ts';
import { yamlScalar } from '../syntax/edits.ts';
import type { Block } from './blocks.ts';

export interface RuleParts {
  readonly name: string;
  readonly effect: 'allow' | 'approve';
  readonly vocabulary: string;
  readonly block: Block;
  readonly when?: string | undefined;
  readonly approval?: Approval | undefined;
  readonly message?: string | undefined;
}

/** The lines of a rule, the first without its dash, none with its indentation. */
export function ruleLines(rule: RuleParts): readonly string[] {
  const { approval } = rule;
  return [
    `name: ${rule.name}`,
    `effect: ${rule.effect}`,
    `${rule.vocabulary}: ${blockText(rule.block)}`,
    ...(rule.when === undefined ? [] : [`when: ${conditionScalar(rule.when, 'block')}`]),
    ...(approval === undefined ? [] : [`approval: ${approvalText(approval)}`]),
    ...(rule.message === undefined ? [] : [`message: ${yamlScalar(rule.message, 'block')}`]),
  ];
}

/** The rule on one line, for lists that are written so. */
export function ruleInFlow(rule: RuleParts): string {
  const { approval } = rule;
  const entries = [
    `name: ${rule.name}`,
    `effect: ${rule.effect}`,
    `${rule.vocabulary}: ${blockText(rule.block)}`,
    ...(rule.when === undefined ? [] : [`when: ${conditionScalar(rule.when, 'flow')}`]),
    ...(approval === undefined ? [] : [`approval: ${approvalText(approval)}`]),
    ...(rule.message === undefined ? [] : [`message: ${yamlScalar(rule.message)}`]),
  ];
  return `{ ${entries.join(', ')} }`;
}

export function patternScalar(value: string): string {
  // At its start a `$` names a list.
  return yamlScalar(value.startsWith('$') ? `$${value}` : value);
}

function blockText(block: Block): string {
  const entries = Object.entries(block).map(
    ([key, values]) => `${key}: [${values.map(patternScalar).join(', ')}]`,
  );
  return `{ ${entries.join(', ')} }`;
}

function approvalText({ by, within }: Approval): string {
  const minutes = within % 60_000 === 0 ? `${within / 60_000}m` : `${Math.ceil(within / 1000)}s`;
  return `{ by: [${by.map((each) => yamlScalar(each)).join(', ')}], within: ${minutes} }`;
}

/** A condition as a scalar: plain where that is the same, else between single quotes, in which CEL's own need no escape. */
export function conditionScalar(when: string, place: 'block' | 'flow'): string {
  const plain =
    place === 'block' && /^[A-Za-z(]/.test(when) && !/: | #|[\r\n]|:$/.test(when) && when === when.trim();
  return plain ? when : `'${when.replaceAll("'", "''")}'`;
}

/** A name that no rule of the policy has. */
export function ruleName(policy: Pick<Policy, 'rules'>, effect: string, block: Block): string {
  const words = [
    effect === 'approve' ? 'ask-before' : 'allow',
    ...(block.actions ?? []).slice(0, 3),
    ...Object.entries(block)
      .filter(([key]) => key !== 'actions' && key !== 'columns')
      .flatMap(([, values]) => values.slice(0, 2).map((value) => value.split('.').at(-1) ?? value)),
  ];
  const base =
    words
      .join('-')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || 'allow-request';
  const taken = new Set(policy.rules.map(({ name }) => name));
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  return name;
}
