/** What a change means, in words for a line: the same in the terminal and in the editor. */
import type { Effect } from '../../model/policy.ts';
import { actionWords } from '../../vocabulary/sql/postgres/action-words.ts';
import type { Action } from '../../vocabulary/vocabulary.ts';
import type { Example, Meaning, MeaningVerdict } from './compare-meaning.ts';
import type { Direction } from './found.ts';
import { boundsOf } from './laxer.ts';

/** `DELETE on public.orders`, `CALL public.f`. */
function asked({ actions }: Example): string {
  const [first, ...more] = actions;
  if (first === undefined) return 'requests that do nothing';
  const last = more.at(-1);
  if (last?.implied === true) return `${phrase(first)} that leads to ${phrase(last)}`;
  return phrase(first) + (more.length > 0 ? ` with ${more.map(actionWords).join(', ')}` : '');
}

function phrase({ kind, facts }: Action): string {
  const word = kind.toUpperCase().replaceAll('-', ' ');
  const { table, columns, function: routine, parameter, object, name } = facts;
  const few =
    typeof columns === 'object' && columns.length > 0 && !columns.includes('*') ? columns : undefined;
  if (typeof table === 'string')
    return `${word}${few === undefined ? '' : ` of ${few.join(', ')}`} on ${table}`;
  const named = [object, name, routine, parameter].filter((value) => typeof value === 'string');
  return [word, ...named].join(' ');
}

const newly: Readonly<Record<Direction, Readonly<Record<Effect, Readonly<Record<Effect, string>>>>>> = {
  loosens: {
    deny: { allow: 'now allows', approve: 'now lets people approve', deny: '' },
    approve: { allow: 'no longer asks anyone about', approve: 'asks less of who approves', deny: '' },
    allow: { allow: '', approve: '', deny: '' },
  },
  tightens: {
    allow: { deny: 'now denies', approve: 'now asks a person about', allow: '' },
    approve: { deny: 'now denies', approve: 'asks more of who approves', allow: '' },
    deny: { allow: '', approve: '', deny: '' },
  },
};

/** What became of the example: `now allows DELETE on public.orders`. */
export function gist(example: Example, direction: Direction): string {
  const { before, after, laxity } = example;
  switch (laxity.kind) {
    case 'effect':
    case 'approval':
      return `${newly[direction][before.effect][after.effect]} ${asked(example)}`;
    case 'mask':
      return `${direction === 'loosens' ? 'shows more' : 'shows less'} of ${laxity.column}`;
    case 'bound': {
      const bound = ({ limits, budgets }: Example['before']) =>
        boundsOf(limits, budgets).get(laxity.name) ?? 'none';
      return `${laxity.name} ${bound(before)} → ${bound(after)}`;
    }
  }
}

/** `by claude on shop-db`, with the groups, where the person is in some. */
export function whoWords({ input: { principal, resource }, declared }: Example): string {
  const groups = principal.groups.length === 0 ? '' : ` for ${principal.groups.join(', ')}`;
  return `by ${principal.agent}${groups} on ${resource.name}${declared ? '' : ', which is not declared'}`;
}

const titles: Readonly<Record<MeaningVerdict, string>> = {
  equivalent: 'same meaning as',
  stricter: 'stricter than',
  looser: 'looser than',
  incomparable: 'looser and stricter than',
  unknown: 'not fully compared with',
};

/** One line: `looser than HEAD: now allows DELETE on public.orders`. */
export function meaningLine({ verdict, examples, unknown }: Meaning, than: string): string {
  const { loosens, tightens } = examples;
  const gists = [
    ...(loosens ? [gist(loosens, 'loosens')] : []),
    // What is newly refused is no news where something is newly allowed, but for a line of its own.
    ...(tightens && !loosens ? [gist(tightens, 'tightens')] : []),
    ...(loosens || tightens ? [] : unknown),
  ];
  return `${titles[verdict]} ${than}${gists.length > 0 ? `: ${gists.join(', ')}` : ''}`;
}
