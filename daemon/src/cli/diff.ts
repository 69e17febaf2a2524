import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Change } from '@gatehouse/policy-schema/evaluate/meaning/changes.ts';
import type {
  Example,
  Meaning,
  MeaningVerdict,
} from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import type { Location, PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace, type PolicyFiles, readPolicyFiles } from '../workspace/files.ts';
import { readRevision } from '../workspace/revision.ts';
import { formatOf, symbolOf } from './effects.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { type Format, json, out } from './terminal.ts';
import { oneLine, plural, wrap } from './text.ts';

/** More changes than this are listed without a verdict of their own. */
const maxJudged = 60;

interface Version {
  /** `HEAD (3f2a91c)`, `the files as they stand`. */
  readonly title: string;
  readonly name: string;
  readonly set: PolicySet;
  readonly resources: readonly Resource[];
}

interface Judged {
  readonly change: Change;
  /** What the change means by itself. */
  readonly meaning?: Meaning;
}

export function diffCommand(): Command {
  return new Command('diff')
    .summary('say what a change of policy means')
    .description(
      'Compare the policy files with those of a Git revision by what they mean: whether any request is decided laxer or stricter, with a smallest request that shows it. Needs no daemon, and changes nothing.',
    )
    .argument('[revision]', 'what to compare with: a branch, a tag, a commit', 'HEAD')
    .argument('[other]', 'a second revision, in place of the files as they stand')
    .option('--json', 'the verdict, the changes and the examples as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse diff                           what the edits since the last commit mean
  $ gatehouse diff origin/main               in CI: fails when the branch allows more
  $ gatehouse diff v1.2 v1.3 --json | jq .verdict

Exit status: 0 same meaning or stricter, 1 looser, both, or not fully compared, 2 could not run.`,
    )
    .action(
      run(
        async (
          revision: string,
          other: string | undefined,
          options: { readonly json?: boolean },
          command: Command,
        ) => {
          const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
          const folder = await findWorkspace(workspace ?? process.cwd());
          const before = await revisionOf(folder, revision);
          const after = other === undefined ? await standing(folder) : await revisionOf(folder, other);
          return compare(before, after, options.json === true);
        },
      ),
    );
}

async function revisionOf(folder: string, name: string): Promise<Version> {
  const { files, commit } = await readRevision(folder, name);
  const title = commit.startsWith(name) || name.startsWith(commit) ? commit : `${name} (${commit})`;
  return versionOf(files, title, name);
}

async function standing(folder: string): Promise<Version> {
  return versionOf(await readPolicyFiles(folder), 'the files as they stand', 'files');
}

async function versionOf(files: PolicyFiles, title: string, name: string): Promise<Version> {
  const { checkWorkspace } = await import('@gatehouse/policy-schema/check/check-workspace.ts');
  const { set, workspace, diagnostics } = checkWorkspace({
    workspace: files.workspace,
    policies: files.policies,
    checks: [],
  });
  const broken = [
    ...files.problems,
    ...diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ file, line, column, message }) => `${file}:${line}:${column} ${oneLine(message)}`),
  ];
  // Before there were policy files, nothing was allowed.
  const isEmpty = files.workspace === undefined && files.policies.size === 0;
  if (isEmpty) return { title, name, set: { policies: [], digest: '' }, resources: [] };
  if (set === undefined || broken.length > 0) {
    throw new ConfigFault(
      'workspace-invalid',
      `${name === 'files' ? 'The policy files have errors; see `gatehouse check`.' : `The policy files of ${title} have errors, so they mean nothing.`}\n  ${broken.slice(0, 5).join('\n  ')}`,
    );
  }
  return { title, name, set, resources: workspace?.resources ?? [] };
}

const codes: Readonly<Record<MeaningVerdict, ExitCode>> = {
  equivalent: exitCodes.ok,
  stricter: exitCodes.ok,
  looser: exitCodes.no,
  incomparable: exitCodes.no,
  unknown: exitCodes.no,
};

async function compare(before: Version, after: Version, asJson: boolean): Promise<ExitCode> {
  const [{ compareMeaning }, { changesBetween }] = await Promise.all([
    import('@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts'),
    import('@gatehouse/policy-schema/evaluate/meaning/changes.ts'),
  ]);
  const resources = after.resources.length > 0 ? after.resources : before.resources;
  const meaning = compareMeaning(before.set, after.set, { resources });
  const changes = changesBetween(before.set, after.set);
  const judged = changes.map((change, at): Judged => {
    if (changes.length === 1) return { change, meaning };
    return at < maxJudged
      ? { change, meaning: compareMeaning(before.set, change.alone, { resources }) }
      : { change };
  });
  if (asJson) json(jsonOf(before, after, meaning, judged));
  else await show(before, after, meaning, judged);
  return codes[meaning.verdict];
}

const verdicts: Readonly<Record<MeaningVerdict, { symbol: string; word: string; format: Format }>> = {
  equivalent: { symbol: '=', word: 'same meaning', format: 'green' },
  stricter: { symbol: '↓', word: 'stricter', format: 'cyan' },
  looser: { symbol: '↑', word: 'looser', format: ['red', 'bold'] },
  incomparable: { symbol: '↕', word: 'looser and stricter', format: ['yellow', 'bold'] },
  unknown: { symbol: '?', word: 'not fully compared', format: ['yellow', 'bold'] },
};

const signs: Readonly<Record<Change['what'], { sign: string; format: Format }>> = {
  added: { sign: '+', format: 'green' },
  removed: { sign: '-', format: 'red' },
  changed: { sign: '~', format: 'yellow' },
};

async function show(
  before: Version,
  after: Version,
  meaning: Meaning,
  judged: readonly Judged[],
): Promise<void> {
  const { gist, whoWords } = await import('@gatehouse/policy-schema/evaluate/meaning/words.ts');
  out.line(out.paint('dim', `${before.title} → ${after.title}`));
  const { symbol, word, format } = verdicts[meaning.verdict];
  const { loosens, tightens } = meaning.examples;
  const gistsOf = ({ examples }: Meaning) =>
    [
      ...(examples.loosens ? [gist(examples.loosens, 'loosens')] : []),
      ...(examples.tightens ? [gist(examples.tightens, 'tightens')] : []),
    ].join('; ');
  const all = oneLine(gistsOf(meaning));
  const told = all === '' ? '' : `: ${all}`;
  const columns = out.columns ?? Number.POSITIVE_INFINITY;
  for (const [at, line] of wrap(`${symbol} ${word}${told}`, columns - 2).entries())
    out.line((at === 0 ? '' : '  ') + out.paint(format, line));
  if (judged.length > 0) out.line();
  showChanges(judged, gistsOf);
  for (const [title, example] of [
    [loosens?.laxity.kind === 'effect' ? 'Newly let through' : 'Laxer', loosens],
    [tightens?.laxity.kind === 'effect' ? 'No longer let through' : 'Stricter', tightens],
  ] as const) {
    if (example === undefined) continue;
    out.line();
    showExample(title, example, whoWords(example));
  }
  for (const words of meaning.unknown) {
    out.line();
    for (const line of wrap(`${out.paint('yellow', '?')} ${oneLine(words)}`, columns - 2)) out.line(line);
  }
  if (meaning.verdict === 'equivalent') {
    out.line(
      out.paint(
        'dim',
        judged.length === 0 ? 'No rule, mask or limit changed.' : 'No request gets another answer.',
      ),
    );
  }
}

function showChanges(judged: readonly Judged[], gistOf: (meaning: Meaning) => string): void {
  const groups = Map.groupBy(judged, ({ change }) => change.policy);
  for (const [policy, own] of groups) {
    const whole = own.find(({ change }) => change.part === undefined);
    const place = own[0]?.change.after ?? own[0]?.change.before;
    const head = signs[whole?.change.what ?? 'changed'];
    const size = whole === undefined ? '' : ` (${whole.change.words})`;
    const title = `${out.paint(head.format, head.sign)} ${out.paint('bold', `policy ${policy}`)}${size}`;
    out.line(`${title}  ${out.paint('dim', place?.file ?? '')}`);
    if (whole?.meaning !== undefined && judged.length > 1) showVerdict(whole.meaning, gistOf);
    for (const { change, meaning } of own) {
      if (change.part === undefined) continue;
      const look = signs[change.what];
      const words = change.words === '' ? '' : out.paint('dim', ` (${oneLine(change.words)})`);
      out.line(
        `  ${out.paint(look.format, look.sign)} ${oneLine(change.part)}${words}  ${out.paint('dim', placeOf(change))}`,
      );
      if (meaning !== undefined && judged.length > 1) showVerdict(meaning, gistOf);
    }
  }
}

/** What a change means by itself, under it. */
function showVerdict(meaning: Meaning, gistOf: (meaning: Meaning) => string): void {
  const { symbol, word, format } = verdicts[meaning.verdict];
  const told = gistOf(meaning);
  out.line(`      ${out.paint(format, `${symbol} ${word}`)}${told === '' ? '' : `: ${oneLine(told)}`}`);
}

function placeOf({ before, after, what }: Change): string {
  const at = (place: Location | undefined) => (place === undefined ? '' : `${place.file}:${place.line}`);
  return what === 'removed' ? `was ${at(before)}` : at(after);
}

function showExample(title: string, example: Example, who: string): void {
  out.line(out.paint('bold', title));
  const asked = example.statement ?? example.input.request.text;
  out.line(`    ${out.paint('cyan', oneLine(asked))}`);
  out.line(`    ${oneLine(who)}${circumstances(example)}`);
  const columns = (out.columns ?? Number.POSITIVE_INFINITY) - 14;
  for (const [name, decision] of [
    ['before', example.before],
    ['after', example.after],
  ] as const) {
    const which = decision.effect === 'approve' ? 'waiting' : decision.effect;
    const words = wrap(oneLine(reasonOf(decision, example)), columns);
    for (const [at, line] of words.entries()) {
      const head =
        at === 0 ? `${name.padEnd(7)}${out.paint(formatOf(which), symbolOf(which))} ` : ' '.repeat(9);
      out.line(`    ${head}${line}`);
    }
  }
}

function reasonOf(decision: Decision, { laxity }: Example): string {
  if (laxity.kind === 'bound') {
    const [kind = '', ...keys] = laxity.name.split(' ');
    const bound =
      kind === 'limit'
        ? Object.entries(decision.limits).find(([key]) => key === keys[0])?.[1]
        : decision.budgets.find(({ per, of }) => per === keys[0] && of === keys[1])?.bound;
    return `${laxity.name} ${bound ?? 'none'}`;
  }
  if (laxity.kind === 'mask') {
    const own = decision.masks.map((mask) => `${mask.with} on ${mask.columns.join(', ')}`);
    return own.length === 0 ? `${laxity.column} is not masked` : `masks ${[...new Set(own)].join('; ')}`;
  }
  const { approval } = decision;
  const asks = approval ? `, asks ${approval.by.map((list) => list.join(' or ')).join(' and ')}` : '';
  return `${decision.reason}${asks}`;
}

/** What else must be so: facts that a statement does not show. */
function circumstances({ input: { request, now }, before, after }: Example): string {
  const rules = [before, after]
    .flatMap(({ trace }) => trace())
    .filter(({ condition }) => condition !== 'none');
  if (rules.length === 0) return '';
  const told: string[] = [];
  const { facts } = request;
  for (const fact of [
    'estimatedRows',
    'plannerCost',
    'inTransaction',
    'application',
    'statementCount',
  ] as const) {
    const value = facts[fact];
    const usual: Readonly<Record<string, unknown>> = {
      estimatedRows: 1n,
      plannerCost: 1,
      inTransaction: false,
      application: 'psql',
      statementCount: 1n,
    };
    if (value === undefined) told.push(`${fact} is not known`);
    else if (value !== usual[fact]) told.push(`${fact} is ${String(value)}`);
  }
  const usualNow = new Date('2026-03-02T10:00:00Z').getTime();
  if (now.getTime() !== usualNow) told.push(`at ${now.toISOString().slice(0, 16)}Z`);
  return told.length === 0 ? '' : `, where ${told.join(', ')}`;
}

function jsonOf(before: Version, after: Version, meaning: Meaning, judged: readonly Judged[]): unknown {
  const example = (own: Example | undefined) =>
    own && {
      statement: own.statement,
      actions: own.actions,
      facts: own.input.request.facts,
      principal: own.input.principal,
      resource: own.input.resource.name,
      declared: own.declared,
      now: own.input.now,
      laxity: own.laxity,
      before: { effect: own.before.effect, reason: own.before.reason },
      after: { effect: own.after.effect, reason: own.after.reason },
    };
  const value = {
    verdict: meaning.verdict,
    before: before.title,
    after: after.title,
    changes: judged.map(({ change: { alone: _, ...change }, meaning: own }) => ({
      ...change,
      verdict: own?.verdict,
    })),
    loosens: example(meaning.examples.loosens),
    tightens: example(meaning.examples.tightens),
    unknown: meaning.unknown,
    summary: plural(judged.length, 'change'),
  };
  return JSON.parse(
    JSON.stringify(value, (_key, own: unknown) => (typeof own === 'bigint' ? Number(own) : own)),
  );
}
