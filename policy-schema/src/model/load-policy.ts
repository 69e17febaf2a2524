import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type ParsedYaml, parseYaml } from '../syntax/parse-yaml.ts';
import type { Path } from '../syntax/tree.ts';
import { suggest } from '../syntax/suggest.ts';
import { builtinEffect, harmlessBuiltins } from '../vocabulary/sql/postgres/functions.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import type { VocabularyName } from '../vocabulary/vocabulary.ts';
import { FileReader, repeated } from './file-reader.ts';
import { Lists } from './lists.ts';
import { patternFault } from './pattern-faults.ts';
import type {
  Approval,
  Budget,
  BudgetScope,
  Budgets,
  Limits,
  Location,
  Mask,
  Policy,
  Rule,
} from './policy.ts';
import type { RawBudget, RawMask, RawPolicy, RawRule } from './raw.ts';
import { ListReader } from './read-lists.ts';
import { validateFile } from './validate.ts';

export interface LoadedPolicy {
  /** Present when there is no error. */
  readonly policy?: Policy;
  readonly diagnostics: readonly Diagnostic[];
  /** The file's tree, also where it holds errors of meaning. */
  readonly parsed: ParsedYaml;
  /** Those that were known when it was read. */
  readonly lists: Lists;
}

const defaultApproval: Approval = { by: ['*'], within: 10 * 60 * 1000 };
const vocabularyNames = Object.keys(vocabularies) as VocabularyName[];

/**
 * Read a policy file. Never throws.
 * @param file Path relative to the workspace folder, with `/`; it goes into locations and diagnostics.
 */
export function loadPolicy(file: string, text: string): LoadedPolicy {
  return readPolicyFile(parseYaml(file, text));
}

/**
 * As {@link loadPolicy}, of a text that is parsed already.
 * @param lists Those of all policy files of the workspace; the file's own unless given.
 */
export function readPolicyFile(parsed: ParsedYaml, lists = Lists.of([parsed])): LoadedPolicy {
  const { value, diagnostics } = validateFile('Policy', parsed);
  if (value === undefined || parsed.root === undefined) return { diagnostics, parsed, lists };
  const reader = new FileReader(parsed.source, parsed.root);
  // The schema has just accepted the value; RawPolicy is that schema as a type.
  const opened = new ListReader(reader, lists);
  opened.declarations(parsed);
  const policy = readPolicy(reader, opened, value as RawPolicy);
  const all = [...diagnostics, ...reader.diagnostics];
  if (all.some(({ severity }) => severity === 'error')) return { diagnostics: all, parsed, lists };
  return { policy, diagnostics: all, parsed, lists };
}

function readPolicy(reader: FileReader, lists: ListReader, raw: RawPolicy): Policy {
  const rules = (raw.rules ?? []).map((rule, index) => readRule(reader, lists, rule, index));
  for (const { index, first } of repeated(rules.map((rule) => rule.name))) {
    const { line } = (rules[first] ?? { location: { line: 0 } }).location;
    const message = `The rule of line ${line} has this name already. Give each rule of a policy a name of its own: decisions and records refer to it.`;
    reader.fault(['rules', index, 'name'], 'duplicate-rule', message);
  }
  checkPeople(reader, lists, raw);
  return {
    name: raw.name,
    mode: raw.mode ?? 'enforce',
    ...(raw.owner !== undefined && { owner: raw.owner }),
    applies: {
      to: lists.patterns(['applies', 'to'], raw.applies.to),
      agents: lists.patterns(['applies', 'agents'], raw.applies.agents ?? ['*']),
      ...(raw.applies.groups && { groups: raw.applies.groups }),
    },
    rules,
    masks: (raw.masks ?? []).map((mask, index) => readMask(reader, lists, mask, index)),
    limits: readLimits(reader, raw.limits ?? {}),
    budgets: readBudgets(reader, raw.budgets ?? {}),
    boundPlaces: boundPlaces(reader, raw),
    location: reader.location([]),
  };
}

function checkPeople(reader: FileReader, lists: ListReader, { applies, masks = [] }: RawPolicy): void {
  const check = (patterns: readonly string[] | undefined, path: Path, kind: 'group' | 'person'): void => {
    lists.refuse(path, patterns);
    patterns?.forEach((pattern, index) => {
      const fault = patternFault(pattern) ?? prefixFault(pattern, kind);
      if (fault !== undefined) reader.fault([...path, index], 'bad-pattern', fault);
    });
  };
  check(applies.groups, ['applies', 'groups'], 'group');
  masks.forEach(({ unless }, index) => {
    check(unless?.groups, ['masks', index, 'unless', 'groups'], 'group');
    check(unless?.people, ['masks', index, 'unless', 'people'], 'person');
  });
}

/** Approvers carry `group:` or `person:` in front; elsewhere the key says which it is. */
function prefixFault(pattern: string, kind: 'group' | 'person'): string | undefined {
  if (!pattern.startsWith(`${kind}:`)) return undefined;
  return `Write the bare name, \`${pattern.slice(kind.length + 1)}\`: \`${kind}:\` stands only below \`approval\`.`;
}

function readRule(reader: FileReader, lists: ListReader, raw: RawRule, index: number): Rule {
  const path = ['rules', index];
  const named = vocabularyNames.filter((name) => raw[name] !== undefined);
  for (const name of named.slice(1)) {
    const message = `A rule speaks of one protocol, and this one already has \`${named[0]}\`. Write a second rule.`;
    reader.fault([...path, name], 'misplaced-key', message, { at: 'key' });
  }
  const vocabulary = named[0];
  const block = Object.entries((vocabulary && raw[vocabulary]) ?? {});
  if (raw.approval && raw.effect !== 'approve') {
    const message = `\`approval\` is for rules with \`effect: approve\`; this one has \`effect: ${raw.effect}\`. Change the effect, or remove \`approval\`.`;
    reader.fault([...path, 'approval'], 'misplaced-key', message, { at: 'key' });
  }
  return {
    name: raw.name,
    effect: raw.effect,
    ...(vocabulary && { vocabulary }),
    selector: Object.fromEntries(
      vocabulary === undefined
        ? []
        : block.map(([key, items]) => {
            const { segments } = vocabularies[vocabulary].selectors[key] ?? {};
            return [key, lists.patterns([...path, vocabulary, key], items, segments)];
          }),
    ),
    ...(raw.when !== undefined && { when: raw.when }),
    ...(raw.message !== undefined && { message: raw.message }),
    ...(raw.effect === 'approve' && { approval: readApproval(reader, raw, path) }),
    location: reader.location(path),
  };
}

function readApproval(
  reader: FileReader,
  { approval }: RawRule,
  path: readonly (string | number)[],
): Approval {
  const within = approval?.within;
  return {
    by: approval?.by ?? defaultApproval.by,
    within:
      within === undefined
        ? defaultApproval.within
        : reader.duration([...path, 'approval', 'within'], within),
    ...(approval?.counts !== undefined && { counts: approval.counts }),
  };
}

/** Canonical columns are `schema.table.column`. */
const columnSegments = 3;

function readMask(reader: FileReader, lists: ListReader, raw: RawMask, index: number): Mask {
  const path = ['masks', index];
  const columns = lists.patterns([...path, 'columns'], raw.columns, columnSegments);
  const kind = raw.with ?? 'null';
  if (raw.keep && kind !== 'partial') {
    const message = `\`keep\` is for masks with \`with: partial\`; this one has \`with: ${kind}\`, which keeps nothing. Change the one or remove the other.`;
    reader.fault([...path, 'keep'], 'misplaced-key', message, { at: 'key' });
  }
  if (kind === 'partial' && (raw.keep?.first ?? 0) + (raw.keep?.last ?? 0) === 0) {
    const message =
      '`with: partial` needs to know what stays: write `keep: { first: 2, last: 0 }`, or `with: redact` to keep nothing.';
    reader.fault([...path, raw.keep ? 'keep' : 'with'], raw.keep ? 'out-of-range' : 'missing-key', message);
  }
  if (raw.step !== undefined && kind !== 'range') {
    const message = `\`step\` is for masks with \`with: range\`; this one has \`with: ${kind}\`, which has no buckets. Change the one or remove the other.`;
    reader.fault([...path, 'step'], 'misplaced-key', message, { at: 'key' });
  }
  if (kind === 'range' && raw.step === undefined) {
    const message =
      '`with: range` needs to know how wide a bucket is: write `step: 10` for numbers, or `step: month` for dates and timestamps.';
    reader.fault([...path, 'with'], 'missing-key', message);
  }
  if (raw.writable !== undefined && kind !== 'tokenize' && kind !== 'hash') {
    const message = `\`writable\` is for masks with \`with: tokenize\` or \`with: hash\`; columns with \`with: ${kind}\` may be written in any case. Remove it.`;
    reader.fault([...path, 'writable'], 'misplaced-key', message, { at: 'key' });
  }
  if (raw.tokens !== undefined && kind !== 'tokenize') {
    const message = `\`tokens\` names the set that tokens are of, so it is for masks with \`with: tokenize\`; this one has \`with: ${kind}\`. Remove it.`;
    reader.fault([...path, 'tokens'], 'misplaced-key', message, { at: 'key' });
  }
  checkHarmless(reader, raw.harmless ?? [], [...path, 'harmless']);
  return {
    columns,
    with: kind,
    ...(raw.keep && { keep: { first: raw.keep.first ?? 0, last: raw.keep.last ?? 0 } }),
    ...(raw.step !== undefined && { step: raw.step }),
    ...(raw.harmless && { harmless: [...new Set(raw.harmless)] }),
    ...(raw.writable === true && { writable: true }),
    ...(raw.tokens !== undefined && { tokens: raw.tokens }),
    ...(raw.unless && {
      unless: {
        ...(raw.unless.groups && { groups: raw.unless.groups }),
        ...(raw.unless.people && { people: raw.unless.people }),
      },
    }),
    location: reader.location(path),
  };
}

/** A name that PostgreSQL does not have would let nothing pass, unseen; one that acts is no computation of a value. */
function checkHarmless(reader: FileReader, names: readonly string[], path: Path): void {
  names.forEach((name, index) => {
    const effect = builtinEffect(name);
    if (effect === 'harmless') return;
    const at = [...path, index];
    if (effect === 'call') {
      const message = `\`${name}\` does more than compute, so what it makes of a masked column never passes. Remove it.`;
      reader.fault(at, 'unknown-value', message);
      return;
    }
    const bare = name.startsWith('pg_catalog.') ? name.slice('pg_catalog.'.length) : name.toLowerCase();
    const meant = builtinEffect(bare) === 'harmless' ? bare : suggest(name, harmlessBuiltins());
    const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
    const message = `PostgreSQL has no function of this name.${hint} Functions of your own cannot be called harmless.`;
    reader.fault(at, 'unknown-value', message);
  });
}

function readLimits(reader: FileReader, raw: NonNullable<RawPolicy['limits']>): Limits {
  return {
    ...(raw.rows !== undefined && { rows: raw.rows }),
    ...(raw.bytes !== undefined && { bytes: reader.size(['limits', 'bytes'], raw.bytes) }),
    ...(raw.duration !== undefined && { duration: reader.duration(['limits', 'duration'], raw.duration) }),
    ...(raw.statementsPerMinute !== undefined && { statementsPerMinute: raw.statementsPerMinute }),
    ...(raw.cost !== undefined && { cost: raw.cost }),
    ...(raw.estimatedRows !== undefined && { estimatedRows: raw.estimatedRows }),
  };
}

function readBudgets(reader: FileReader, raw: NonNullable<RawPolicy['budgets']>): Budgets {
  const budgets = Object.entries(raw) as [BudgetScope, RawBudget][];
  return Object.fromEntries(
    budgets.map(([scope, budget]): [BudgetScope, Budget] => [
      scope,
      {
        ...(budget.rows !== undefined && { rows: budget.rows }),
        ...(budget.bytes !== undefined && { bytes: reader.size(['budgets', scope, 'bytes'], budget.bytes) }),
        ...(budget.cost !== undefined && { cost: budget.cost }),
      },
    ]),
  );
}

function boundPlaces(reader: FileReader, { limits = {}, budgets = {} }: RawPolicy): Record<string, Location> {
  const paths: string[][] = [
    ...Object.keys(limits).map((key) => ['limits', key]),
    ...Object.entries(budgets).flatMap(([scope, budget]) =>
      Object.keys(budget).map((key) => ['budgets', scope, key]),
    ),
  ];
  return Object.fromEntries(paths.map((path) => [path.join('.'), reader.location(path)]));
}
