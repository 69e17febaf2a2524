import type { Location } from '../../model/policy.ts';
import type { ParsedYaml } from '../../syntax/parse-yaml.ts';
import { placeAt } from '../../syntax/tree.ts';
import type { PolicyMutant } from './policy-mutant.ts';

/** Where a mutant's change stands in its file; of an item of a list that is named elsewhere, where the list is used. */
export function placeOf({ path, location }: PolicyMutant, { root, source }: ParsedYaml): Location {
  if (root === undefined) return location;
  const list = typeof path.at(-1) === 'number' ? placeAt(root, path.slice(0, -1))?.node : undefined;
  const isNamed =
    list?.kind === 'sequence' &&
    list.items.some((item) => item.kind === 'scalar' && String(item.value).startsWith('$'));
  const node = isNamed ? list : placeAt(root, path)?.node;
  return node === undefined ? location : { file: source.file, ...source.position(node.range.start) };
}
