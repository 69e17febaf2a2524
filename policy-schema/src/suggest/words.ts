import type { Rule } from '../model/policy.ts';
import type { Block } from './blocks.ts';
import type { Suggestion } from './suggestion.ts';

type Words = Pick<Suggestion, 'title' | 'detail'>;

const shown = 3;

function some(values: readonly string[]): string {
  return values.length <= shown
    ? values.join(', ')
    : `${values.slice(0, shown).join(', ')} and ${values.length - shown} more`;
}

function blockWords({ actions = [], columns, ...others }: Block): string {
  const targets = Object.values(others).flat();
  return [
    some(actions),
    ...(targets.length === 0 ? [] : [`on ${some(targets)}`]),
    ...(columns === undefined ? [] : [`(${some(columns)})`]),
  ].join(' ');
}

const known: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/^principal\.agent == "(.*)"$/, (name) => `for ${name}`],
  [/^resource\.name == "(.*)"$/, (name) => `on ${name}`],
  [/\.hasWhere$/, () => 'with WHERE'],
  [/\.hasLimit$/, () => 'with LIMIT'],
  [/^size\(.*\.(tables|columns)\) == 0$/, (what) => `without naming ${what}`],
];

function conditionWords(parts: readonly string[]): string {
  return parts
    .flatMap((part) =>
      known.flatMap(([pattern, words]) => {
        const match = pattern.exec(part);
        return match === null ? [] : [words(match[1] ?? '')];
      }),
    )
    .join(' ');
}

export function ruleWords(
  goal: 'allow' | 'approve',
  blocks: readonly Block[],
  when: readonly string[],
  file: string,
): Words {
  const what = blocks.map(blockWords).join('; ');
  const verb = goal === 'allow' ? 'Allow' : 'Ask a person before';
  const rules = blocks.length === 1 ? 'A new rule' : `${blocks.length} new rules`;
  return {
    title: [verb, what, conditionWords(when)].filter((part) => part !== '').join(' '),
    detail: `${rules} in ${file.slice(file.lastIndexOf('/') + 1)}`,
  };
}

export function exceptionWords(
  goal: 'allow' | 'approve',
  rules: readonly Rule[],
  parts: readonly string[],
  addsRule: boolean,
): Words {
  const names = rules.map(({ name }) => name).join(', ');
  const who = conditionWords(parts);
  const what = goal === 'allow' ? 'let' : 'hold';
  return {
    title: `Make an exception from ${names} for requests that do just this${who === '' ? '' : ` ${who}`}${goal === 'approve' ? ', and ask a person' : ''}`,
    detail: `Changes ${rules.map(({ effect, location }) => `the ${effect} rule at ${location.file}:${location.line}`).join(' and ')}${addsRule ? `, and adds a rule that ${what}s it` : ''}`,
  };
}
