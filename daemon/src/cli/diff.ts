import type { Change } from '@gatehouse/policy-schema/evaluate/meaning/changes.ts';
import type {
  Example,
  Meaning,
  MeaningVerdict,
} from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import type { Location } from '@gatehouse/policy-schema/model/policy.ts';
import { Command, Option } from 'commander';
import { findWorkspace } from '../workspace/files.ts';
import {
  type Compared,
  compareVersions,
  type Judged,
  revisionOf,
  standing,
  verdicts,
} from './compare-versions.ts';
import { formatOf, symbolOf } from './effects.ts';
import { circumstances, reasonOf } from './example-words.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { type Format, json, out } from './terminal.ts';
import { oneLine, plural, wrap } from './text.ts';

export function diffCommand(): Command {
  return new Command('diff')
    .summary('say what a change of policy means')
    .description(
      'Compare the policy files with those of a Git revision by what they mean: whether any request is decided laxer or stricter, with a smallest request that shows it. Needs no daemon, and changes nothing.',
    )
    .argument('[revision]', 'what to compare with: a branch, a tag, a commit', 'HEAD')
    .argument('[other]', 'a second revision, in place of the files as they stand')
    .addOption(
      new Option('--format <kind>', 'how to write it').choices(['text', 'json', 'markdown']).default('text'),
    )
    .option('--json', 'the verdict, the changes and the examples as one JSON object; --format json')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse diff                           what the edits since the last commit mean
  $ gatehouse diff origin/main               in CI: fails when the branch allows more
  $ gatehouse diff v1.2 v1.3 --json | jq .verdict
  $ gatehouse diff origin/main --format markdown      for a pull request; see \`gatehouse summary\` too

Exit status: 0 same meaning or stricter, 1 looser, both, or not fully compared, 2 could not run.`,
    )
    .action(
      run(
        async (
          revision: string,
          other: string | undefined,
          options: { readonly json?: boolean; readonly format: 'text' | 'json' | 'markdown' },
          command: Command,
        ) => {
          const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
          const folder = await findWorkspace(workspace ?? process.cwd());
          const before = await revisionOf(folder, revision);
          const after = other === undefined ? await standing(folder) : await revisionOf(folder, other);
          const compared = await compareVersions(before, after);
          await writers[options.json === true ? 'json' : options.format](compared);
          return codes[compared.meaning.verdict];
        },
      ),
    );
}

const codes: Readonly<Record<MeaningVerdict, ExitCode>> = {
  equivalent: exitCodes.ok,
  stricter: exitCodes.ok,
  looser: exitCodes.no,
  incomparable: exitCodes.no,
  unknown: exitCodes.no,
};

const writers: Readonly<Record<'text' | 'json' | 'markdown', (compared: Compared) => void | Promise<void>>> =
  {
    text: show,
    json: (compared) => json(jsonOf(compared)),
    markdown: async (compared) => {
      const { diffBlocks } = await import('./diff-markdown.ts');
      const { bounded } = await import('./markdown.ts');
      out.write(bounded(await diffBlocks(compared)));
    },
  };

const signs: Readonly<Record<Change['what'], { sign: string; format: Format }>> = {
  added: { sign: '+', format: 'green' },
  removed: { sign: '-', format: 'red' },
  changed: { sign: '~', format: 'yellow' },
};

async function show({ before, after, meaning, judged }: Compared): Promise<void> {
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

function jsonOf({ before, after, meaning, judged }: Compared): unknown {
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
