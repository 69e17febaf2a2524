/** How long the editor waits for what it asks right after a keystroke, when nothing was read again yet. */
import { completion } from '@gatehouse/language-server/features/completion.ts';
import { definition } from '@gatehouse/language-server/features/definition.ts';
import { documentSymbols } from '@gatehouse/language-server/features/document-symbols.ts';
import { hover } from '@gatehouse/language-server/features/hover.ts';
import { inlayHints } from '@gatehouse/language-server/features/inlay-hints.ts';
import { semanticTokens } from '@gatehouse/language-server/features/semantic-tokens.ts';
import { tryLenses } from '@gatehouse/language-server/features/try-lens.ts';
import type { Desk } from '@gatehouse/language-server/desk.ts';
import { LiveDesk } from '@gatehouse/language-server/workspace/live-desk.ts';
import { longFile } from './language-workspace.ts';
import { percentile } from './statistics.ts';

/** Milliseconds. */
export interface FeatureTimes {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

interface Place {
  readonly name: string;
  /** What is typed, behind which words of a rule or the line that they stand in. */
  readonly after: string;
  readonly at?: 'line end';
  readonly type: string;
}

const places: readonly Place[] = [
  { name: 'completion of a key', after: 'effect: ', at: 'line end', type: '\n    me' },
  { name: 'completion of a value', after: 'effect: ', type: 'app' },
  { name: 'completion of a name', after: 'tables: [', type: 'pub' },
  { name: 'completion in a condition', after: 'hasWhere', type: ' && request.sql.' },
];

type Ask = (desk: Desk, offset: number) => unknown;

const asked: Readonly<Record<string, Ask>> = {
  hover: (desk, offset) => hover(desk, longFile, offset - 1),
  definition: (desk, offset) => definition(desk, longFile, offset - 1),
  'semantic tokens': (desk) => semanticTokens(desk, longFile),
  'code lenses': (desk) => tryLenses(desk, longFile),
  'document symbols': (desk) => documentSymbols(desk, longFile),
  'inlay hints': (desk, offset) => inlayHints(desk, longFile, { start: offset - 2000, end: offset + 2000 }),
};

/** Each question after a keystroke of its own, so that each pays for what the keystroke made stale. */
export function measureFeatures(files: ReadonlyMap<string, string>, rounds: number): readonly FeatureTimes[] {
  const start = files.get(longFile) ?? '';
  const live = new LiveDesk();
  for (const [file, text] of files) live.setDisk(file, text);
  live.setOpen(longFile, start);
  live.desk.diagnostics(longFile);
  const times = new Map<string, number[]>();
  const rules = [...start.matchAll(/ {2}- name: /g)].map(({ index }) => index);
  const ask = (name: string, text: string, offset: number, question: Ask): void => {
    const before = performance.now();
    live.setOpen(longFile, text);
    question(live.desk, offset);
    const took = performance.now() - before;
    times.set(name, [...(times.get(name) ?? []), took]);
  };
  for (let round = 0; round < rounds; round++) {
    const rule = rules[(round * 37 + 11) % rules.length] ?? 0;
    for (const { name, after, at, type } of places) {
      const behind = start.indexOf(after, rule) + after.length;
      const from = at === 'line end' ? start.indexOf('\n', behind) : behind;
      for (let typed = 1; typed <= type.length; typed++) {
        const text = start.slice(0, from) + type.slice(0, typed) + start.slice(from);
        ask(name, text, from + typed, (desk, offset) => completion(desk, longFile, offset));
      }
    }
    const from = start.indexOf('hasWhere', rule) + 'hasWhere'.length;
    for (const [index, [name, question]] of Object.entries(asked).entries()) {
      for (const unit of ' &|') {
        const text = `${start.slice(0, from)}${' '.repeat(index)}${unit}${start.slice(from)}`;
        ask(name, text, from + index + 1, question);
      }
    }
  }
  return [...times].map(([name, all]) => {
    // The first tenth is the compiler warming up.
    const warm = all.slice(all.length / 10);
    return { name, p50: percentile(warm, 0.5), p95: percentile(warm, 0.95) };
  });
}
