import { cellCode, code } from '@gatehouse/policy-schema/describe/markdown.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { NotTried, Tried, TriedAction, TriedRule } from './try-request.ts';

const marks: Readonly<Record<Effect, string>> = { allow: '✓', approve: '⏳', deny: '✗' };
const words: Readonly<Record<Effect, string>> = {
  allow: 'Allowed',
  approve: 'Waits for a person',
  deny: 'Denied',
};

/** What became of a tried request, as a Markdown document. */
export function report(tried: Tried | NotTried): string {
  if (!tried.ok) return `# Not tried\n\n${escaped(tried.message)}\n`;
  const lines = [
    `# ${marks[tried.effect]} ${words[tried.effect]}`,
    sentence(`${tried.reason}${placeWords(tried.fault)}`),
    fence(tried.text),
    `${escaped(tried.who)} on ${code(tried.resource)}`,
    ...(tried.hint === undefined ? [] : [`> Instead: ${escaped(tried.hint)}`]),
    ...(tried.approval === undefined ? [] : [escaped(tried.approval)]),
    ...tried.open.map((each) => `> ${escaped(each)}`),
    ...tried.actions.flatMap((action) => actionLines(action)),
    ...section('Masks', tried.masks.map(escaped)),
    ...section('Limits', tried.limits.map(escaped)),
  ];
  return `${lines.join('\n\n')}\n`;
}

function placeWords(fault: Tried['fault']): string {
  return fault?.line === undefined ? '' : ` (line ${fault.line}, column ${fault.column})`;
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${item}`).join('\n')];
}

function actionLines({ words: what, effect, implied, basis, rules }: TriedAction): readonly string[] {
  const spoke = rules.filter((rule) => rule.spoke);
  const silent = rules.filter((rule) => !rule.spoke);
  return [
    `## ${marks[effect]} ${escaped(what)}${implied ? ' (implied)' : ''}`,
    ...(rules.length === 0 ? ['No policy applies.'] : []),
    ...(basis === undefined ? [] : [sentence(basis)]),
    ...spoke.flatMap((rule) => ruleLines(rule)),
    ...(silent.length === 0
      ? []
      : [
          [
            `Without a part in it:`,
            '',
            ...silent.map((rule) => `- ${head(rule)}: ${escaped(rule.why)}`),
          ].join('\n'),
        ]),
    ...silent.filter(({ condition }) => condition.length > 0).flatMap(conditionTable),
  ];
}

function ruleLines(rule: TriedRule): readonly string[] {
  return [`**${head(rule)}**: ${escaped(rule.why)}`, ...conditionTable(rule)];
}

function head({ policy, rule, effect, observes, place }: TriedRule): string {
  const where = place === undefined ? '' : `, ${escaped(`${place.file}:${place.line}`)}`;
  return `${effect} ${code(rule)} of ${code(policy)}${where}${observes ? ' (only observes)' : ''}`;
}

/** The parts of a condition with their values, inner ones further to the right. */
function conditionTable({ rule, condition }: TriedRule): readonly string[] {
  if (condition.length === 0) return [];
  const rows = condition.map(({ text, depth, outcome }) => {
    const value =
      outcome.kind === 'value'
        ? cellCode(outcome.value)
        : outcome.kind === 'error'
          ? `failed: ${escaped(outcome.error)}`
          : 'not looked at';
    return `| ${'\u2003'.repeat(depth)}${cellCode(text)} | ${value} |`;
  });
  return [[`| the condition of ${cellCode(rule)} | value |`, '| --- | --- |', ...rows].join('\n')];
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}sql\n${text.trim()}\n${mark}`;
}

/** With a capital and a full stop. */
function sentence(value: string): string {
  const text = escaped(value);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function escaped(value: string): string {
  return value
    .replace(/[\\`*_{}[\]#|<>]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '.');
}
