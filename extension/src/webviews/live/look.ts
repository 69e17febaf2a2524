import * as l10n from '@vscode/l10n';
import type { LiveLook, LiveRow } from '../../views/live/messages.ts';
import { clockOf, spanOf } from '../replay/told.ts';

/**
 * What becomes of a request, by shape, word and colour. Shapes are characters of the codicons' font: rows fly by too fast for
 * elements of their own.
 */
export const looks: Readonly<Record<LiveLook, { readonly glyph: string; readonly word: () => string }>> = {
  allow: { glyph: '\ueba4', word: () => l10n.t('Allowed') },
  approve: { glyph: '\ueb99', word: () => l10n.t('Approved') },
  deny: { glyph: '\ueabd', word: () => l10n.t('Denied') },
  waiting: { glyph: '\ueb7c', word: () => l10n.t('Waiting') },
};

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `14:05:09`: of one width, as all rows have one. */
export function timeOf(at: string): string {
  return clock.format(new Date(at));
}

/** Of the run; what went wrong instead. */
export function outcomeWords({ outcome, durationMs }: LiveRow): string {
  if (outcome === undefined) return '';
  switch (outcome) {
    case 'denied':
      return '';
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'cut':
      return l10n.t('cut off');
    case 'completed':
      return durationMs === undefined ? '' : spanOf(durationMs);
  }
}

/** A row as it is read out. */
export function rowWords(row: LiveRow): string {
  const rule = row.rules[0]?.rule;
  return [
    looks[row.look].word(),
    clockOf(row.at),
    l10n.t('{0} on {1}', row.agent, row.resource),
    row.text,
    ...(rule === undefined ? [] : [l10n.t('rule {0}', rule)]),
    outcomeWords(row),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
