import { type ParsedYaml, parseYaml } from '@gatehouse/policy-schema/syntax/parse-yaml.ts';
import { entryOf } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';

/**
 * Coverage in the format of `geninfo`, which editors and CI services read: rules are functions, and lines; the answers
 * of conditions and of their parts are branches, on the lines where they are written.
 * @param texts of the policy files, by the paths that rules are located by
 */
export function lcov(rules: readonly RuleCoverage[], texts: ReadonlyMap<string, string>): string {
  const files = Map.groupBy(rules, ({ location }) => location.file);
  return [...files].map(([file, own]) => recordOf(file, texts.get(file), own)).join('');
}

function recordOf(file: string, text: string | undefined, rules: readonly RuleCoverage[]): string {
  const parsed = text === undefined ? undefined : parseYaml(file, text);
  const sorted = rules.toSorted((a, b) => a.location.line - b.location.line);
  const conditions = sorted
    .flatMap((rule) => {
      const lineOf = linesIn(parsed, rule);
      return rule.condition.map((answers) => ({ line: lineOf(answers.start), ...answers }));
    })
    // Rules may share a line, so blocks are counted through the file.
    .map((each, block) => ({ ...each, block }))
    .toSorted((a, b) => a.line - b.line);
  const lines = new Map<number, number>();
  const count = (line: number, times: number) => lines.set(line, Math.max(lines.get(line) ?? 0, times));
  for (const { location, deciding } of sorted) count(location.line, deciding);
  const ofRules = new Set(lines.keys());
  for (const { line, true: yes, false: no } of conditions) if (!ofRules.has(line)) count(line, yes + no);
  const hits = [...lines.values()].filter((times) => times > 0).length;
  const answers = conditions.flatMap((each) => [each.true, each.false]);
  return [
    'TN:',
    `SF:${file}`,
    ...sorted.map((rule) => `FN:${rule.location.line},${nameOf(rule)}`),
    ...sorted.map((rule) => `FNDA:${rule.deciding},${nameOf(rule)}`),
    `FNF:${sorted.length}`,
    `FNH:${sorted.filter(({ deciding }) => deciding > 0).length}`,
    ...conditions.flatMap(({ line, block, true: yes, false: no }) =>
      // `-`: it was never asked.
      [yes, no].map((times, branch) => `BRDA:${line},${block},${branch},${yes + no > 0 ? times : '-'}`),
    ),
    `BRF:${answers.length}`,
    `BRH:${answers.filter((times) => times > 0).length}`,
    ...[...lines].sort(([a], [b]) => a - b).map(([line, times]) => `DA:${line},${times}`),
    `LF:${lines.size}`,
    `LH:${hits}`,
    'end_of_record',
    '',
  ].join('\n');
}

/** A name ends at the comma or the line's end. */
function nameOf({ policy, rule }: RuleCoverage): string {
  return `${policy}/${rule}`.replace(/[\s,]/g, '_');
}

/** The line of each offset of a rule's condition; the rule's own where the text is not there. */
function linesIn(
  parsed: ParsedYaml | undefined,
  { rule, location }: RuleCoverage,
): (offset: number) => number {
  const rules = entryOf(parsed?.root, 'rules')?.value;
  const items = rules?.kind === 'sequence' ? rules.items : [];
  const own = items.find((item) => {
    const name = entryOf(item, 'name')?.value;
    return name?.kind === 'scalar' && name.value === rule;
  });
  const when = entryOf(own, 'when')?.value;
  if (parsed === undefined || when?.kind !== 'scalar') return () => location.line;
  const offsets = when.offsets();
  return (offset) => parsed.source.position(offsets.range(offset, offset + 1).start).line;
}
