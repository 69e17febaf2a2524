import { yamlScalar } from '../../syntax/edits.ts';
import type { Path } from '../../syntax/tree.ts';
import type { PolicyMutant } from './policy-mutant.ts';

export interface ListMutant extends Pick<PolicyMutant, 'mutation' | 'path' | 'was' | 'now'> {
  readonly items: readonly string[];
}

/**
 * A list of patterns with each item left out, and one that matches everything. An item that is the only one stays: without it
 * the list would speak of nothing, as a rule that is removed does.
 * @param path Where the list stands in the file
 */
export function* listMutants(path: Path, key: string, items: readonly string[]): Generator<ListMutant> {
  for (const [at, item] of items.length > 1 ? items.entries() : []) {
    yield {
      mutation: 'item dropped',
      path: [...path, at],
      was: `${key}: […, ${yamlScalar(item)}, …]`,
      now: `${key}: […]`,
      items: items.filter((_, own) => own !== at),
    };
  }
  if (items.some((item) => /^\*+$/.test(item))) return;
  yield { mutation: 'list widened', path, was: `${key}: ${flow(items)}`, now: `${key}: ["*"]`, items: ['*'] };
}

const shown = 3;

function flow(items: readonly string[]): string {
  const more = items.length > shown ? [`… ${items.length - shown} more`] : [];
  return `[${[...items.slice(0, shown).map((item) => yamlScalar(item)), ...more].join(', ')}]`;
}
