import { gist, whoWords } from '@gatehouse/policy-schema/evaluate/meaning/words.ts';
import type { Change } from '@gatehouse/policy-schema/evaluate/meaning/changes.ts';
import type { Meaning } from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import type { Location } from '@gatehouse/policy-schema/model/policy.ts';
import { changeExamples, outcomes, type ShownExample } from './change-examples.ts';
import { type Compared, type Judged, verdicts } from './compare-versions.ts';
import { symbolOf } from './effects.ts';
import { circumstances, reasonOf } from './example-words.ts';
import { block, code, table } from './markdown.ts';

/** Rows of a table, and examples of one outcome. More of them nobody reads in a comment. */
const maxRows = 50;
const maxExamples = 5;

/** What a change means: a heading with the verdict, examples by what became of them, and each part that changed. */
export async function diffBlocks(compared: Compared): Promise<readonly string[]> {
  const { before, after, meaning, judged } = compared;
  const { symbol, word } = verdicts[meaning.verdict];
  const told = gistsOf(meaning);
  const blocks = [
    `## Gatehouse: ${symbol} ${word}`,
    `${code(before.title)} → ${code(after.title)}${told === '' ? '' : `: ${code(told)}`}`,
    ...exampleBlocks(await changeExamples(compared)),
  ];
  if (meaning.unknown.length > 0)
    blocks.push(
      `### Not fully compared\n\n${meaning.unknown
        .slice(0, maxRows)
        .map((words) => `- ${code(words)}`)
        .join('\n')}`,
    );
  if (meaning.verdict === 'equivalent')
    blocks.push(judged.length === 0 ? 'No rule, mask or limit changed.' : 'No request gets another answer.');
  if (judged.length > 0) blocks.push(...changeBlocks(judged));
  return blocks;
}

function exampleBlocks(shown: readonly ShownExample[]): string[] {
  return [...Map.groupBy(shown, ({ outcome }) => outcome)].flatMap(([outcome, own]) => [
    `### ${outcomes[outcome]}`,
    ...own.slice(0, maxExamples).map(exampleBlock),
    ...(own.length > maxExamples ? [`and ${own.length - maxExamples} more`] : []),
  ]);
}

function exampleBlock({ example }: ShownExample): string {
  const lines = (['before', 'after'] as const).map((when) => {
    const decision = example[when];
    const which = decision.effect === 'approve' ? 'waiting' : decision.effect;
    return `- ${when} ${symbolOf(which)} ${code(reasonOf(decision, example))}`;
  });
  const asked = example.statement ?? example.input.request.text;
  return [block(asked, 'sql'), '', code(`${whoWords(example)}${circumstances(example)}`), '', ...lines].join(
    '\n',
  );
}

const signs: Readonly<Record<Change['what'], string>> = { added: '+', removed: '−', changed: '~' };

function changeBlocks(judged: readonly Judged[]): readonly string[] {
  const rows = judged.slice(0, maxRows).map(({ change, meaning }) => {
    const { policy, part, words, what } = change;
    const name = part === undefined ? `policy ${policy}` : `${policy}: ${part}`;
    const means =
      meaning === undefined ? '' : `${verdicts[meaning.verdict].symbol} ${verdicts[meaning.verdict].word}`;
    return [signs[what], code(name), words === '' ? '' : code(words), means, code(placeOf(change))];
  });
  const more = judged.length - rows.length;
  return [
    '### What changed',
    table(['', 'part', 'change', 'by itself', 'where'], rows),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function placeOf({ before, after, what }: Change): string {
  const at = (place: Location | undefined) => (place === undefined ? '' : `${place.file}:${place.line}`);
  return what === 'removed' ? `was ${at(before)}` : at(after);
}

function gistsOf({ examples: { loosens, tightens } }: Meaning): string {
  return [
    ...(loosens ? [gist(loosens, 'loosens')] : []),
    ...(tightens ? [gist(tightens, 'tightens')] : []),
  ].join('; ');
}
