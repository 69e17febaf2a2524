import { code } from '@gatehouse/policy-schema/describe/markdown.ts';
import { entryOf, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile, RuleTraffic, Traffic } from '../desk.ts';

export interface TrafficHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

const longestText = 200;

/** At each rule of a policy, what it would do to the requests of the last days. */
export function trafficHints({ traffic }: Desk, { tree, kind, text }: DeskFile): readonly TrafficHint[] {
  // Without traffic a count says nothing of a rule.
  if (traffic === undefined || traffic.requests === 0 || kind !== 'Policy') return [];
  const policy = nameOf(tree);
  const rules = entryOf(tree, 'rules')?.value;
  if (policy === undefined || rules?.kind !== 'sequence') return [];
  return rules.items.flatMap((rule) => {
    const name = nameOf(rule);
    if (name === undefined) return [];
    const own = traffic.rules.find((each) => each.policy === policy && each.rule === name);
    return [
      { offset: placeOf(rule, text), label: ` ${labelOf(traffic, own)}`, tooltip: tooltipOf(traffic, own) },
    ];
  });
}

function nameOf(node: SyntaxNode | undefined): string | undefined {
  const value = entryOf(node, 'name')?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** Behind the name, or, where more follows in its line, behind the rule. */
function placeOf(rule: SyntaxNode, text: string): number {
  const end = entryOf(rule, 'name')?.value.range.end ?? rule.range.end;
  return /^[ \t]*(?:#|\r|\n|$)/.test(text.slice(end, end + 200)) ? end : rule.range.end;
}

function labelOf({ span }: Traffic, rule: RuleTraffic | undefined): string {
  const { hits = 0, changes = 0 } = rule ?? {};
  const told = `${span}: ${count(hits)} ${hits === 1 ? 'hit' : 'hits'}`;
  return changes === 0 ? told : `${told}, ${count(changes)} ${changes === 1 ? 'changes' : 'change'}`;
}

function tooltipOf({ span, requests }: Traffic, rule: RuleTraffic | undefined): string {
  const { hits = 0, changes = 0, examples = [] } = rule ?? {};
  const intro = `Of ${count(requests)} requests in ${span}, the answers to ${count(hits)} are this rule’s, by the files as they stand here.`;
  if (changes === 0) return `${intro} None of them was answered otherwise.`;
  return [
    `${intro} ${changes === 1 ? 'One' : count(changes)} would not be answered as recorded:`,
    ...examples.map(({ text, agent, resource, at, before, after, times }) => {
      const turn = after === undefined || after === before ? before : `${before} → ${after}`;
      const many = times > 1 ? `, ${count(times)} like it` : '';
      return `- ${code(shortened(text))}\\\n  ${turn}, ${code(agent)} on ${code(resource)}, ${at.slice(0, 16).replace('T', ' ')} UTC${many}`;
    }),
  ].join('\n');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
