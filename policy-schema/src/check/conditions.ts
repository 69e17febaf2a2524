import type { ConditionError } from '../conditions/condition.ts';
import { compiledCondition } from '../conditions/condition-cache.ts';
import type { DiagnosticCode } from '../syntax/codes.ts';
import type { Diagnostic, Fix, TextRange } from '../syntax/diagnostic.ts';
import { replace } from '../syntax/edits.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import type { SourceFile } from '../syntax/source.ts';
import { entryOf, type ScalarNode } from '../syntax/tree.ts';

const codes: Readonly<Record<ConditionError['kind'], DiagnosticCode>> = {
  syntax: 'condition-syntax',
  type: 'condition-type',
  'unknown-name': 'condition-unknown-name',
  'unknown-field': 'condition-unknown-field',
  regex: 'condition-regex',
  duration: 'condition-duration',
  timestamp: 'condition-timestamp',
  'time-zone': 'condition-time-zone',
};

/** Compile each rule's `when`, also in a file with other errors, and point at the characters that are wrong. */
export function checkConditions({ root, source }: ParsedYaml): Diagnostic[] {
  const rules = root && entryOf(root, 'rules')?.value;
  if (rules?.kind !== 'sequence') return [];
  const found: Diagnostic[] = [];
  for (const rule of rules.items) {
    const when = entryOf(rule, 'when')?.value;
    if (when?.kind !== 'scalar' || typeof when.value !== 'string' || when.value === '') continue;
    const compiled = compiledCondition(when.value);
    if (compiled.ok) continue;
    const { start, end, kind, meant } = compiled.error;
    const message = compiled.error.message.replace(/[^.!?]$/, '$&.');
    const range = when.offsets().range(start, Math.max(end, start));
    const visible = range.end > range.start ? range : when.range;
    const fix =
      meant === undefined ? undefined : respelled(source, visible, when.value.slice(start, end), meant);
    found.push({
      ...source.diagnostic(visible, codes[kind], message + cutHint(when, source.text)),
      ...(fix && { fixes: [fix] }),
    });
  }
  return found;
}

/** The fix that writes the word that is meant, where the wrong one stands in the file as it is. */
function respelled(source: SourceFile, range: TextRange, word: string, meant: string): Fix | undefined {
  if (source.text.slice(range.start, range.end) !== word || !/^\w+$/.test(word)) return undefined;
  return { title: `Write \`${meant}\``, safety: 'unsafe', edits: [replace(source, range, meant)] };
}

/** A plain scalar ends at ` #`, which people write inside text; then the rest of the condition is a YAML comment. */
function cutHint(node: ScalarNode, text: string): string {
  if (node.style !== 'plain' || !/^[ \t]+#/.test(text.slice(node.range.end, node.range.end + 80))) return '';
  return ' YAML takes what follows ` #` as a comment: write the condition below `when: |`, or in quotes.';
}
