import type { Redecided, RuleRow, ToldStep } from '@gatehouse/daemon/control/messages.ts';
import * as l10n from '@vscode/l10n';
import type { Effect } from '../kit/effect.ts';

/** What a step says, in the words of its list, its strip and its page. */

/** `waiting`: a person has not answered, or never did. */
export type Look = Effect | 'waiting';

export function lookOf(step: ToldStep): Look {
  return step.kind === 'request' ? step.decided.effect : 'waiting';
}

export function textOf(step: ToldStep): string {
  return step.kind === 'request' ? step.decided.text : step.approval.asked.text;
}

/** The first line with something in it, for a list. */
export function lineOf(step: ToldStep): string {
  return textOf(step).trim().replace(/\s+/g, ' ').slice(0, 300);
}

export function lookWord(look: Look): string {
  switch (look) {
    case 'allow':
      return l10n.t('Allowed');
    case 'approve':
      return l10n.t('Approved by a person');
    case 'deny':
      return l10n.t('Denied');
    case 'waiting':
      return l10n.t('Not answered');
  }
}

export function effectWord(effect: Effect): string {
  switch (effect) {
    case 'allow':
      return l10n.t('allowed');
    case 'approve':
      return l10n.t('held for a person');
    case 'deny':
      return l10n.t('denied');
  }
}

/** The rules behind a step's decision, each once. */
export function rulesOf(step: ToldStep): readonly RuleRow[] {
  if (step.kind !== 'request') return [];
  const { effect, actions, approval } = step.decided;
  const wanted: readonly Effect[] =
    effect === 'deny' && approval !== undefined ? ['deny', 'approve'] : [effect];
  const found = new Map<string, RuleRow>();
  for (const action of actions) {
    if (!wanted.includes(action.effect)) continue;
    for (const { policy, rule, effect: own, location } of action.rules) {
      const { file, line } = location;
      found.set(`${file}:${line}:${rule}`, { policy, rule, effect: own, file, line });
    }
  }
  return [...found.values()];
}

/** Without the name that stands before each denial. */
export function plainReason(reason: string): string {
  return reason.replace(/^Gatehouse: /, '');
}

/** What the comparison says of a step, in a few words; undefined where nothing would change. */
export function changeWords(again: Redecided | undefined): string | undefined {
  switch (again?.kind) {
    case undefined:
    case 'same':
      return undefined;
    case 'changed':
      if (again.before.effect === again.after.effect)
        return again.masks === undefined ? l10n.t('other limits') : l10n.t('other masks');
      // A person was asked, whatever became of it then.
      if (again.before.effect === 'approve')
        return l10n.t('would be {0} without asking', effectWord(again.after.effect));
      return l10n.t('would be {0}', effectWord(again.after.effect));
    case 'open':
      return l10n.t('cannot be told');
  }
}

export function clockOf(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

export function dayOf(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `350 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function spanOf(ms: number): string {
  if (ms < 1) return l10n.t('{0} ms', ms.toFixed(1));
  if (ms < 1000) return l10n.t('{0} ms', Math.round(ms));
  if (ms < 60_000) return l10n.t('{0} s', (ms / 1000).toFixed(1));
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return l10n.t('{0} min {1} s', minutes, Math.round((ms % 60_000) / 1000));
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** `1:05.2`: how far into the session. */
export function elapsed(ms: number): string {
  const seconds = ms / 1000;
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(1).padStart(4, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return l10n.t('{0} B', bytes);
  if (bytes < 1024 * 1024) return l10n.t('{0} KB', (bytes / 1024).toFixed(1));
  return l10n.t('{0} MB', (bytes / 1024 / 1024).toFixed(1));
}
