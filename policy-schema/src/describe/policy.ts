import { compiledCondition } from '../conditions/condition-cache.ts';
import type { Approval, Budgets, Limits, Mask, Policy, Rule } from '../model/policy.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import { conditionWords } from './condition.ts';
import { code } from './markdown.ts';
import { bytes, count, joined, span } from './words.ts';

/** What a rule means, in plain English. Markdown: what comes from files stands in it as code. */
export function ruleWords(rule: Rule, policy: Policy): string {
  const who = whoWords(policy);
  const where = whereWords(policy);
  const when = rule.when === undefined ? '' : `, when ${whenWords(rule.when)}`;
  const what = whatWords(rule);
  const told = ((): string => {
    switch (rule.effect) {
      case 'allow':
        return `Lets ${who} ${what} ${where}${when}. Deny rules still win, and approvals are still asked for.`;
      case 'deny':
        return `Never lets ${who} ${what} ${where}${when}, whatever other rules allow.`;
      case 'approve':
        return `Makes ${who} wait to ${what} ${where}${when}, until ${approvalWords(rule.approval)}.`;
    }
  })();
  const failing =
    rule.when === undefined ? '' : rule.effect === 'allow' ? '' : ' A condition that fails denies.';
  const observed = policy.mode === 'observe' ? ' The policy only observes, so nothing is blocked by it.' : '';
  return `${told}${failing}${observed}`;
}

function whoWords({ applies }: Policy): string {
  const agents = applies.agents.includes('*')
    ? 'every agent'
    : joined(
        applies.agents.map((name) => code(name)),
        'or',
      );
  return applies.groups === undefined
    ? agents
    : `${agents} of people in ${joined(
        applies.groups.map((name) => code(name)),
        'or',
      )}`;
}

function whereWords({ applies }: Policy): string {
  if (applies.to.includes('*')) return 'on every resource';
  const targets = applies.to.map((target) => {
    const [key, value] = target.split('=', 2);
    if (value !== undefined) return `resources labelled ${code(`${key}=${value}`)}`;
    return target.includes('*') ? `resources named ${code(target)}` : code(target);
  });
  return `on ${joined(targets)}`;
}

function whenWords(source: string): string {
  const compiled = compiledCondition(source);
  return compiled.ok ? conditionWords(compiled.condition.tree, source) : code(source.trim());
}

function approvalWords({ by, within, counts }: Approval = { by: ['*'], within: 600_000 }): string {
  const people = by.map((approver) => {
    if (approver === '*') return 'any person';
    const [kind, ...name] = approver.split(':');
    return kind === 'group' ? `somebody of ${code(name.join(':'))}` : code(name.join(':'));
  });
  const shown = counts === undefined ? '' : ', who is shown how many rows change';
  return `${joined(people, 'or')} approves within ${span(within)}${shown}`;
}

/** What a rule speaks of, for a sentence that goes on behind “lets them”. */
function whatWords({ vocabulary, selector }: Rule): string {
  if (vocabulary === undefined) return 'do anything';
  const { actions: kinds = ['*'], ...keys } = selector;
  const every = kinds.includes('*');
  const verbs = every
    ? `do any ${vocabularies[vocabulary].name.toUpperCase()} action`
    : joined(
        kinds.map((kind) => code(kind)),
        'or',
      );
  const objects = Object.entries(keys).map(([key, patterns]) => keyWords(key, patterns));
  return [every ? verbs : `run ${verbs}`, ...objects].join(' ');
}

function keyWords(key: string, patterns: readonly string[]): string {
  const all = patterns.some((pattern) => /^\*+$/.test(pattern));
  const names = patterns.map((pattern) => code(pattern));
  switch (key) {
    case 'tables': {
      if (all) return 'on any table';
      const told = patterns.map((pattern) => {
        const schema = /^([^*"]+)\.\*$/.exec(pattern)?.[1];
        return schema === undefined ? code(pattern) : `any table of ${code(schema)}`;
      });
      return `on ${joined(told, 'or')}`;
    }
    case 'columns':
      return all ? 'with any column' : `with the column ${joined(names, 'or')}`;
    case 'functions':
      return all ? 'of any function' : `of ${joined(names, 'or')}`;
    case 'parameters':
      return all ? 'of any parameter' : `of the parameter ${joined(names, 'or')}`;
    case 'objects':
      return all ? 'of any kind of object' : `of a ${joined(names, 'or')}`;
    default:
      return all ? '' : `named ${joined(names, 'or')}`;
  }
}

/** What a mask shows, in plain English. */
export function maskSentence(mask: Mask): string {
  const columns = joined(mask.columns.map((column) => code(column)));
  const shown = ((): string => {
    switch (mask.with) {
      case 'redact':
        return 'a fixed text in their place';
      case 'partial': {
        const { first, last } = mask.keep ?? { first: 0, last: 0 };
        const ends = [
          ...(first > 0 ? [`the first ${first}`] : []),
          ...(last > 0 ? [`the last ${last}`] : []),
        ];
        return ends.length === 0 ? 'no character of them' : `only ${joined(ends)} characters`;
      }
      case 'hash':
        return 'a keyed hash, the same for equal values';
      case 'range':
        return typeof mask.step === 'number'
          ? `the lower end of a bucket of ${mask.step}`
          : `the beginning of their ${mask.step ?? 'bucket'}`;
      case 'tokenize':
        return mask.tokens === undefined
          ? 'a token, the same for equal values'
          : `a token of the set ${code(mask.tokens)}, the same for equal values of that set`;
      case 'null':
        return 'NULL';
    }
  })();
  const { unless } = mask;
  const groups =
    unless?.groups === undefined
      ? []
      : [
          `people in ${joined(
            unless.groups.map((name) => code(name)),
            'or',
          )}`,
        ];
  const people =
    unless?.people === undefined
      ? []
      : [
          joined(
            unless.people.map((name) => code(name)),
            'or',
          ),
        ];
  const except = [...groups, ...people];
  const passing =
    mask.harmless === undefined
      ? ''
      : ` What ${joined(
          mask.harmless.map((name) => code(name)),
          'or',
        )} makes of them passes.`;
  const written = mask.writable === true ? ' Agents may write values of their own.' : '';
  return `Of ${columns}, agents see ${shown}${except.length === 0 ? '' : `; ${joined(except, 'and')} see the values`}.${passing}${written}`;
}

/** What a policy's limits say, a sentence each. */
export function limitWords(limits: Limits): readonly string[] {
  return [
    ...(limits.rows === undefined ? [] : [`A request returns at most ${count(limits.rows)} rows.`]),
    ...(limits.bytes === undefined ? [] : [`A request returns at most ${bytes(limits.bytes)}.`]),
    ...(limits.duration === undefined ? [] : [`A request runs at most ${span(limits.duration)}.`]),
    ...(limits.statementsPerMinute === undefined
      ? []
      : [`An agent makes at most ${count(limits.statementsPerMinute)} requests in a minute.`]),
    ...(limits.cost === undefined
      ? []
      : [`A request may cost at most ${count(limits.cost)} of the planner’s units.`]),
    ...(limits.estimatedRows === undefined
      ? []
      : [`The planner may expect at most ${count(limits.estimatedRows)} rows of a request.`]),
  ];
}

const scopes = {
  session: 'A session',
  agent: 'An agent, in a day,',
  day: 'All agents together, in a day,',
} as const;

/** What a policy's budgets say, a sentence each. */
export function budgetWords(budgets: Budgets): readonly string[] {
  return (Object.keys(scopes) as (keyof typeof scopes)[]).flatMap((scope) => {
    const budget = budgets[scope];
    if (budget === undefined) return [];
    const parts = [
      ...(budget.rows === undefined ? [] : [`${count(budget.rows)} rows`]),
      ...(budget.bytes === undefined ? [] : [bytes(budget.bytes)]),
      ...(budget.cost === undefined ? [] : [`${count(budget.cost)} of the planner’s units`]),
    ];
    return [`${scopes[scope]} may use up ${joined(parts)}.`];
  });
}

/** What a policy means as a whole: whom it speaks of, and how much it holds. */
export function policyWords(policy: Policy): string {
  const of = (effect: Rule['effect']): number => policy.rules.filter((rule) => rule.effect === effect).length;
  const counted = (
    [
      ['allow', of('allow')],
      ['approve', of('approve')],
      ['deny', of('deny')],
    ] as const
  ).flatMap(([effect, found]) => (found === 0 ? [] : [`${found} ${effect}`]));
  const rules =
    counted.length === 0 ? 'no rules' : `${joined(counted)} rule${policy.rules.length === 1 ? '' : 's'}`;
  const masks =
    policy.masks.length === 0
      ? ''
      : ` and ${policy.masks.length} mask${policy.masks.length === 1 ? '' : 's'}`;
  const mode =
    policy.mode === 'observe' ? ' It only observes: it decides and records, and blocks nothing.' : '';
  return `For ${whoWords(policy)} ${whereWords(policy)}: ${rules}${masks}.${mode}`;
}
