/** What the edits of a policy file mean beside a version before them: as `gatehouse diff` tells it, where the edits stand. */
import type { PolicyUnit } from '@gatehouse/policy-schema/check/check.ts';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { type Change, changesBetween } from '@gatehouse/policy-schema/evaluate/meaning/changes.ts';
import {
  compareMeaning,
  type Example,
  type Known,
  type Meaning,
  type MeaningVerdict,
} from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import { meaningLine, whoWords } from '@gatehouse/policy-schema/evaluate/meaning/words.ts';
import type { Policy, PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';

/** The files that the edits are held against. */
export interface MeaningBase {
  /** In words: `HEAD`. */
  readonly name: string;
  /** Texts by name, as the desk names files; the same object while they are the same texts. */
  readonly files: ReadonlyMap<string, string>;
}

export interface MeaningLens {
  /** The policy's first line, or the part that changed. */
  readonly range: TextRange;
  readonly title: string;
  readonly verdict: MeaningVerdict;
  /** For a tip or a page: the examples, with what became of each. Markdown. */
  readonly detail: string;
  /** Statements that show it, where there are any. */
  readonly statements: readonly string[];
}

/** More changed parts than this get no lens of their own. */
const maxParts = 20;

const baseSets = new WeakMap<ReadonlyMap<string, string>, PolicySet | undefined>();

/** The policies of the base; undefined where they have errors, so that nothing can be said. */
function baseSet(desk: Desk, { files }: MeaningBase): PolicySet | undefined {
  if (baseSets.has(files)) return baseSets.get(files);
  const isWorkspace = (file: string) => desk.files.get(file)?.kind === 'Workspace';
  const policies = new Map([...files].filter(([file]) => !isWorkspace(file)));
  const { set } = checkWorkspace({ workspace: undefined, policies, checks: [] });
  baseSets.set(files, set);
  return set;
}

interface Kept {
  readonly policies: readonly PolicyUnit[];
  readonly base: MeaningBase['files'];
  readonly lenses: readonly MeaningLens[];
}

const kept = new WeakMap<PolicyUnit, Kept>();

const sameUnits = (a: readonly PolicyUnit[], b: readonly PolicyUnit[]) =>
  a.length === b.length && a.every((unit, at) => unit === b[at]);

/**
 * The lenses of a policy file: one at its top when its meaning changed, and one at each part that did. None where some file
 * has errors, as then nothing is certain, and none for edits without a meaning.
 */
export function meaningLenses(desk: Desk, name: string, base: MeaningBase): readonly MeaningLens[] {
  const unit = desk.files.get(name)?.unit;
  const { world } = desk;
  if (unit === undefined || world.partial) return [];
  const known = kept.get(unit);
  if (known !== undefined && known.base === base.files && sameUnits(known.policies, world.policies))
    return known.lenses;
  const lenses = made(desk, unit, name, base);
  kept.set(unit, { policies: world.policies, base: base.files, lenses });
  return lenses;
}

function made(desk: Desk, unit: PolicyUnit, name: string, base: MeaningBase): readonly MeaningLens[] {
  const before = baseSet(desk, base);
  if (before === undefined) return [];
  // The other files as they stand on both sides: this file's edits are what is told.
  const others = desk.world.policies.filter((each) => each !== unit).map(({ policy }) => policy);
  const own = before.policies.filter(({ location }) => location.file === name);
  const setOf = (policies: readonly Policy[]): PolicySet => ({
    policies: [...policies, ...others],
    digest: '',
  });
  const [was, is] = [setOf(own), setOf([unit.policy])];
  const changes = changesBetween(was, is);
  if (changes.length === 0) return [];
  const { workspace } = desk.world;
  const all: Known = { resources: workspace?.workspace.resources ?? [] };
  const than = own.length === 0 ? `${base.name}, which has no such file` : base.name;
  const whole = compareMeaning(was, is, all);
  const top = lensOf(firstLine(unit), whole, than, '');
  const parts = changes.length > maxParts ? [] : changes;
  return [
    top,
    ...parts.flatMap((change): MeaningLens[] => {
      const range = rangeOf(unit, change);
      if (range === undefined) return [];
      const words = change.words === '' ? '' : ` (${change.words})`;
      const meaning = changes.length === 1 ? whole : compareMeaning(was, change.alone, all);
      return [lensOf(range, meaning, base.name, words)];
    }),
  ];
}

function lensOf(range: TextRange, meaning: Meaning, than: string, words: string): MeaningLens {
  const { loosens, tightens } = meaning.examples;
  const examples = [loosens, tightens].filter((each) => each !== undefined);
  return {
    range,
    title: meaningLine(meaning, than),
    verdict: meaning.verdict,
    detail: [`**${meaningLine(meaning, than)}**${words}`, ...examples.map(shown), ...meaning.unknown].join(
      '\n\n',
    ),
    statements: examples.flatMap(({ statement }) => statement ?? []),
  };
}

/** An example in Markdown. Names come from policy files, so they are shown as code. */
function shown(example: Example): string {
  const { before, after, statement, input } = example;
  const fence = statement === undefined ? '```text' : '```sql';
  return [
    `${fence}\n${(statement ?? input.request.text).replaceAll('```', "'''")}\n\`\`\``,
    `${whoWords(example)}`,
    `- before: **${before.effect}**, ${before.reason}`,
    `- now: **${after.effect}**, ${after.reason}`,
  ].join('\n');
}

function firstLine({ source, root }: PolicyUnit): TextRange {
  const { start } = root.range;
  const end = source.text.indexOf('\n', start);
  return { start, end: end === -1 ? source.text.length : end };
}

/** Where a changed part stands; undefined for one that is gone, and for the policy as a whole. */
function rangeOf(unit: PolicyUnit, { part, after }: Change): TextRange | undefined {
  if (part === undefined || after === undefined) return undefined;
  const isIt = ({ location }: { readonly location: Policy['location'] }) =>
    location.line === after.line && location.column === after.column;
  const node =
    unit.rules.find(({ rule }) => isIt(rule))?.node ?? unit.masks.find(({ mask }) => isIt(mask))?.node;
  if (node !== undefined) return node.range;
  const entry = unit.root.entries.find(({ key }) => key === part);
  return entry && { start: entry.keyRange.start, end: entry.value.range.end };
}
