/**
 * What a check is. One folder a check, below its family: `check.ts`, `check.test.ts` and `page.md`, from which
 * docs/checks/CODE.md is written. `npm run new-check` makes the room.
 */
import type { CompiledCondition } from '../conditions/condition.ts';
import type { Lists } from '../model/lists.ts';
import type { Mask, Policy, Rule } from '../model/policy.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Fix, RelatedPlace, Severity, TextRange } from '../syntax/diagnostic.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { MappingNode, ScalarNode } from '../syntax/tree.ts';

/** What a finding tells of, and a folder each. */
export const families = {
  language: 'The file is not what Gatehouse reads.',
  correctness: 'The policy cannot mean what it says.',
  'dead-policy': 'What stands there has no effect.',
  risk: 'More may pass than somebody meant to let pass.',
  cost: 'Deciding, or what passes, may cost too much.',
  hygiene: 'People and agents will find it hard to work with.',
  confusables: 'The text is not what it looks like.',
} as const satisfies Readonly<Record<string, string>>;

export type Family = keyof typeof families;

/** A policy file, with the parts of it that could be read. */
export interface PolicyUnit {
  readonly file: string;
  readonly source: SourceFile;
  /** Without what is broken, where the unit is partial. */
  readonly root: MappingNode;
  readonly policy: Policy;
  /** Some part of the file has an error and is not here. Never enforced; checks that read whole files leave it out. */
  readonly partial?: true;
  readonly rules: readonly RuleUnit[];
  readonly masks: readonly MaskUnit[];
}

export interface RuleUnit {
  readonly policy: PolicyUnit;
  /** Among the policy's rules. */
  readonly index: number;
  readonly node: MappingNode;
  readonly rule: Rule;
  readonly condition?: ConditionUnit;
}

/** A rule's `when`. */
export interface ConditionUnit {
  /** Its offsets say where each character of the condition stands in the file. */
  readonly node: ScalarNode;
  readonly source: string;
  readonly compiled: CompiledCondition;
}

export interface MaskUnit {
  readonly policy: PolicyUnit;
  readonly index: number;
  readonly node: MappingNode;
  readonly mask: Mask;
}

/** gatehouse.yaml, when it could be read. */
export interface WorkspaceUnit {
  readonly file: string;
  readonly source: SourceFile;
  readonly root: MappingNode;
  readonly workspace: Workspace;
  /** What the file says of groups, by their names; absent where it says nothing, so that no group is unknown. */
  readonly groups?: ReadonlyMap<string, string>;
}

/** What a check is held against, one by one. */
export interface Units {
  readonly rule: RuleUnit;
  readonly mask: MaskUnit;
  readonly policy: PolicyUnit;
  readonly workspace: WorkspaceUnit;
  /** Any file by its text alone, also one that cannot be read. */
  readonly text: SourceFile;
}

export type UnitKind = keyof Units;

/**
 * All files of a workspace, as far as they could be read. A value: an edit makes a new one, in which the units of
 * files that did not change are the same objects, so that indexes can be kept by a WeakMap.
 */
export interface World {
  /** Absent when there is no gatehouse.yaml or it has errors; then nothing can be said about what it declares. */
  readonly workspace?: WorkspaceUnit;
  /** In the order of file names. */
  readonly policies: readonly PolicyUnit[];
  /** Some file could not be read, or not whole, so that what it declares is not known. */
  readonly partial: boolean;
  /** The named lists of all policy files. Typed parts hold their patterns; trees hold `$name`. */
  readonly lists: Lists;
  /** The day of the check, for what may expire. */
  readonly now: Date;
}

export interface FindingMore {
  /** In place of the check's own. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  readonly unnecessary?: true;
}

/** `message` says what is wrong and what to do, and ends with a full stop. */
export type Report = (range: TextRange, message: string, more?: FindingMore) => void;

export interface Check<Kind extends UnitKind = UnitKind> {
  /** Kebab-case, the name of its folder and page. */
  readonly code: string;
  readonly family: Family;
  readonly severity: Severity;
  /** One sentence: what the finding stands for. */
  readonly title: string;
  readonly unit: Kind;
  /**
   * What a finding may depend on: `unit`: the unit's own text alone, so that findings are kept while it stays; `file`:
   * its file; `world`: anything.
   */
  readonly reads: 'unit' | 'file' | 'world';
  /** Titles of the fixes that its findings may carry, for the docs. */
  readonly fixes?: Readonly<Record<string, Fix['safety']>>;
  /** Never throws, whatever the unit. */
  check(unit: Units[Kind], report: Report, world: World): void;
}

export type AnyCheck = { [Kind in UnitKind]: Check<Kind> }[UnitKind];
