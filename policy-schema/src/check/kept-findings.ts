import type { Diagnostic, TextRange } from '../syntax/diagnostic.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { AnyCheck, Check, MaskUnit, RuleUnit, World } from './check.ts';
import { type FileUnits, runOne } from './run-checks.ts';

/** Findings about a rule or mask, with the place where it stood then. */
interface Kept {
  readonly at: number;
  readonly findings: readonly Diagnostic[];
}

/** What checks that read one rule or mask alone have found in a file, by what is written there. */
export type KeptFindings = ReadonlyMap<string, Kept>;

/**
 * Findings of the checks that read one rule or mask alone. Those about a unit that stands as it stood are taken over from
 * `before`. What no unit of the file has any more is not in the new map, so nothing gathers.
 */
export function unitFindings(
  checks: readonly AnyCheck[],
  { source, policy }: FileUnits,
  world: World,
  before: KeptFindings,
): { readonly findings: readonly Diagnostic[]; readonly kept: KeptFindings } {
  const forRules = checks.filter((check): check is Check<'rule'> => check.unit === 'rule');
  const forMasks = checks.filter((check): check is Check<'mask'> => check.unit === 'mask');
  const crlf = source.text.includes('\r\n');
  const kept = new Map<string, Kept>();
  const found = (unit: RuleUnit | MaskUnit, make: () => Diagnostic[]): readonly Diagnostic[] => {
    const key = keyOf(unit, source.text, crlf);
    if (key === undefined) return make();
    const at = unit.node.range.start;
    const known = before.get(key) ?? kept.get(key);
    const findings = known ? moved(known, at, source) : make();
    kept.set(key, { at, findings });
    return findings;
  };
  const findings = [
    ...(policy?.rules ?? []).flatMap((unit) =>
      found(unit, () => forRules.flatMap((check) => runOne(check, unit, source, world))),
    ),
    ...(policy?.masks ?? []).flatMap((unit) =>
      found(unit, () => forMasks.flatMap((check) => runOne(check, unit, source, world))),
    ),
  ];
  return { findings, kept };
}

/**
 * All lines of an item, and what else its meaning or its fixes come from; undefined where it shares lines with others.
 */
function keyOf(unit: RuleUnit | MaskUnit, text: string, crlf: boolean): string | undefined {
  const { start, end } = unit.node.range;
  const dash = text.lastIndexOf('-', start - 1);
  const line = text.lastIndexOf('\n', dash) + 1;
  if (dash === -1 || !/^ *$/.test(text.slice(line, dash)) || !/^-\s+$/.test(text.slice(dash, start)))
    return undefined;
  const lines = text.slice(line, endOfLine(text, end));
  // A list that is used by its name stands elsewhere, and its patterns are in the typed part.
  const meaning = lines.includes('$') ? meaningOf('rule' in unit ? unit.rule : unit.mask) : '';
  return `${'rule' in unit ? 'rule' : 'mask'}${crlf ? '\r' : ''}\n${lines}\n${meaning}`;
}

function meaningOf({ location: _, ...meaning }: { readonly location: unknown }): string {
  return JSON.stringify(meaning);
}

function endOfLine(text: string, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function moved({ at, findings }: Kept, to: number, source: SourceFile): readonly Diagnostic[] {
  if (findings.length === 0) return findings;
  const by = to - at;
  const move = <T extends TextRange>(range: T): T => ({
    ...range,
    start: range.start + by,
    end: range.end + by,
  });
  const own = <T extends TextRange & { readonly file: string }>(range: T): T =>
    range.file === source.file ? move(range) : range;
  return findings.map((each) => ({
    ...each,
    ...source.diagnostic(move(each.range), each.code, each.message, each.severity),
    ...(each.related && { related: each.related.map(own) }),
    ...(each.fixes && { fixes: each.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(own) })) }),
  }));
}
