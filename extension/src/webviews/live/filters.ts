import type { LiveLook, LiveRow, RuleFilter } from '../../views/live/messages.ts';

/** Which rows are shown; what is empty says nothing. */
export interface Filters {
  readonly look: LiveLook | '';
  readonly agent: string;
  readonly resource: string;
  /** Words, each of which stands somewhere in the row. */
  readonly text: string;
  readonly rule: RuleFilter | undefined;
}

export const noFilters: Filters = { look: '', agent: '', resource: '', text: '', rule: undefined };

export function isFiltered({ look, agent, resource, text, rule }: Filters): boolean {
  return look !== '' || agent !== '' || resource !== '' || text.trim() !== '' || rule !== undefined;
}

/** Whether a row is one of those that are looked for. Made once for many rows. */
export function matcherOf({ look, agent, resource, text, rule }: Filters): (row: LiveRow) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) =>
    (look === '' || row.look === look) &&
    (agent === '' || row.agent === agent) &&
    (resource === '' || row.resource === resource) &&
    (rule === undefined || row.rules.some((own) => own.policy === rule.policy && own.rule === rule.rule)) &&
    (words.length === 0 || hasAll(row, words));
}

function hasAll({ text, agent, resource, rules }: LiveRow, words: readonly string[]): boolean {
  const whole = `${text} ${agent} ${resource} ${rules.map(({ rule }) => rule).join(' ')}`.toLowerCase();
  return words.every((word) => whole.includes(word));
}
