import type { Approval, Limits, Mask, Rule } from '../model/policy.ts';
import { patternScalar, ruleLines, ruleName } from '../suggest/rule-text.ts';
import { yamlScalar } from '../syntax/edits.ts';
import type { LearnedRule, Level } from './learn.ts';

export interface LearnedPolicy {
  readonly agent: string;
  readonly resource: string;
  readonly level: Level;
  readonly requests: number;
  /** ISO 8601 in UTC: the first and the last of them. */
  readonly from: string;
  readonly to: string;
  readonly rules: readonly LearnedRule[];
  readonly approval: Approval;
  /** That were in force. */
  readonly masks: readonly Mask[];
  readonly limits: Pick<Limits, 'rows' | 'bytes'>;
}

const longestExample = 100;

/** The text of a policy file; the same for the same traffic. */
export function learnedPolicyText(learned: LearnedPolicy): string {
  const { agent, resource, level, requests, from, to, rules, approval, masks, limits } = learned;
  const named: Rule[] = [];
  const lines = rules.flatMap((rule) => {
    const name = ruleName({ rules: named }, rule.effect, rule.block);
    named.push({ name } as Rule);
    const { evidence } = rule;
    const own = ruleLines({
      name,
      effect: rule.effect,
      vocabulary: 'sql',
      block: rule.block,
      ...(rule.effect === 'approve' && { approval }),
    });
    return [
      `  # ${evidence.requests} ${evidence.requests === 1 ? 'request' : 'requests'}, the last on ${evidence.last.slice(0, 10)}: ${comment(evidence.example)}`,
      ...own.map((line, at) => (at === 0 ? `  - ${line}` : `    ${line}`)),
    ];
  });
  const bounds = Object.entries(limits).map(([key, value]) => `${key}: ${value}`);
  return [
    `# What ${comment(agent)} needed on ${comment(resource)}: ${requests} requests from ${from.slice(0, 10)} to ${to.slice(0, 10)}, no wider than ${words[level]}.`,
    'gatehouse: v1',
    'kind: Policy',
    `name: ${policyName(agent, resource)}`,
    `applies: { to: [${patternScalar(resource)}], agents: [${patternScalar(agent)}] }`,
    '',
    'rules:',
    ...lines,
    ...(masks.length === 0 ? [] : ['', 'masks:', ...masks.map((mask) => `  - ${maskText(mask)}`)]),
    ...(bounds.length === 0 ? [] : ['', `limits: { ${bounds.join(', ')} }`]),
    '',
  ].join('\n');
}

const words: Readonly<Record<Level, string>> = {
  columns: 'the columns that it used',
  tables: 'the tables and functions that it used',
  schemas: 'the schemas that it used',
};

/** Of one line, whatever an agent sent. */
function comment(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const short = [...line].slice(0, longestExample).join('');
  return short === line ? line : `${short}…`;
}

function policyName(agent: string, resource: string): string {
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${plain(agent) || 'agent'}-on-${plain(resource)}`.toLowerCase().slice(0, 120);
}

function maskText({ columns, with: kind, keep, step, harmless, writable, tokens, unless }: Mask): string {
  const listed = (values: readonly string[]) => `[${values.map(patternScalar).join(', ')}]`;
  const entries = [
    `columns: ${listed(columns)}`,
    `with: ${yamlScalar(kind)}`,
    ...(keep ? [`keep: { first: ${keep.first}, last: ${keep.last} }`] : []),
    ...(step === undefined ? [] : [`step: ${step}`]),
    ...(harmless ? [`harmless: ${listed(harmless)}`] : []),
    ...(writable ? ['writable: true'] : []),
    ...(tokens === undefined ? [] : [`tokens: ${yamlScalar(tokens)}`]),
    ...(unless
      ? [
          `unless: { ${[
            ...(unless.groups ? [`groups: ${listed(unless.groups)}`] : []),
            ...(unless.people ? [`people: ${listed(unless.people)}`] : []),
          ].join(', ')} }`,
        ]
      : []),
  ];
  return `{ ${entries.join(', ')} }`;
}
