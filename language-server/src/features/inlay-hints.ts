import { conditionWords } from '@gatehouse/policy-schema/conditions/words.ts';
import { code } from '@gatehouse/policy-schema/describe/markdown.ts';
import { bytes, span } from '@gatehouse/policy-schema/describe/words.ts';
import { parseDuration, parseSize } from '@gatehouse/policy-schema/model/units.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { entryOf, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk } from '../desk.ts';
import { trafficHints } from './traffic-hints.ts';

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip?: string;
}

const mostNames = 3;

/** What a file leaves unsaid: defaults that hold, what lists stand for, which zone a time is in. */
export function inlayHints(desk: Desk, name: string, range: TextRange): readonly InlayHint[] {
  const file = desk.files.get(name);
  if (file?.tree === undefined || file.kind !== 'Policy') return [];
  const hints: InlayHint[] = [];
  const add = (offset: number, label: string, tooltip?: string): void => {
    if (offset >= range.start && offset <= range.end)
      hints.push({ offset, label, ...(tooltip !== undefined && { tooltip }) });
  };
  const rules = entryOf(file.tree, 'rules')?.value;
  for (const rule of rules?.kind === 'sequence' ? rules.items : []) {
    approvalHints(rule, add);
    zoneHints(rule, add);
  }
  for (const { offset, label, tooltip } of trafficHints(desk, file)) add(offset, label, tooltip);
  listHints(desk, file.tree, add);
  unitHints(entryOf(file.tree, 'limits')?.value, add);
  return hints.sort((a, b) => a.offset - b.offset);
}

type Add = (offset: number, label: string, tooltip?: string) => void;

function approvalHints(rule: SyntaxNode, add: Add): void {
  const effect = entryOf(rule, 'effect')?.value;
  if (effect?.kind !== 'scalar' || effect.value !== 'approve') return;
  const approval = entryOf(rule, 'approval')?.value;
  if (approval === undefined) {
    add(effect.range.end, ' by any person, within 10m', 'The default of `approval`.');
    return;
  }
  if (approval.kind !== 'mapping') return;
  const last = approval.entries.at(-1);
  if (last === undefined) return;
  const missing = [
    ...(entryOf(approval, 'by') ? [] : ['by: ["*"]']),
    ...(entryOf(approval, 'within') ? [] : ['within: 10m']),
  ];
  if (missing.length > 0) add(last.value.range.end, ` ${missing.join(', ')}`, 'The default holds.');
}

/** `now.getHours()` without a zone is in UTC, which people forget. */
function zoneHints(rule: SyntaxNode, add: Add): void {
  const when = entryOf(rule, 'when')?.value;
  if (when?.kind !== 'scalar' || typeof when.value !== 'string' || !when.value.includes('.get')) return;
  const words = conditionWords(when.value);
  const offsets = when.offsets();
  words.forEach((word, index) => {
    const isGetter = word.kind === 'name' && /^get[A-Z]/.test(word.text) && words[index - 1]?.text === '.';
    if (isGetter && words[index + 1]?.text === '(' && words[index + 2]?.text === ')')
      add(offsets.at(words[index + 2]?.start ?? 0), 'UTC', 'Times are in UTC unless a zone is given.');
  });
}

function listHints(desk: Desk, node: SyntaxNode, add: Add): void {
  if (node.kind === 'mapping') {
    for (const { key, value } of node.entries)
      if (key !== 'lists' && key !== 'when') listHints(desk, value, add);
    return;
  }
  if (node.kind === 'sequence') {
    for (const item of node.items) listHints(desk, item, add);
    return;
  }
  const name = typeof node.value === 'string' ? /^\$([\w.-]+)$/.exec(node.value)?.[1] : undefined;
  const patterns = name === undefined ? [] : desk.world.lists.patterns(name).map(({ pattern }) => pattern);
  if (patterns.length === 0) return;
  const shown = patterns.slice(0, mostNames).join(', ');
  const more = patterns.length > mostNames ? `, +${patterns.length - mostNames}` : '';
  add(node.range.end, ` = ${shown}${more}`, patterns.map((each) => `- ${code(each)}`).join('\n'));
}

/** Sizes and durations in the units that they come to, where that is another text. */
function unitHints(limits: SyntaxNode | undefined, add: Add): void {
  const duration = entryOf(limits, 'duration')?.value;
  if (duration?.kind === 'scalar' && typeof duration.value === 'string') {
    const amount = parseDuration(duration.value);
    if (amount !== undefined && amount >= 60_000 && !/^\d{1,2}[a-z]+$/.test(duration.value))
      add(duration.range.end, ` = ${span(amount)}`);
  }
  const size = entryOf(limits, 'bytes')?.value;
  if (size?.kind === 'scalar' && typeof size.value === 'number') {
    const amount = parseSize(size.value);
    if (amount !== undefined && amount >= 1000) add(size.range.end, ` = ${bytes(amount)}`);
  }
}
