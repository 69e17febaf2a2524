import { suggest } from '../syntax/suggest.ts';
import type { Resource } from './workspace.ts';

export type ChosenResource =
  | { readonly kind: 'chosen'; readonly resource: Resource }
  /** None was named, and there is not just one. */
  | { readonly kind: 'unsaid'; readonly names: readonly string[] }
  /** The words say that no resource has the name, and which ones there are. */
  | { readonly kind: 'unknown'; readonly words: string };

/** The resource that people named, or the only one there is. */
export function chooseResource(resources: readonly Resource[], name: string | undefined): ChosenResource {
  const names = resources.map((each) => each.name);
  if (name === undefined) {
    const [only, another] = resources;
    const isClear = only !== undefined && another === undefined;
    return isClear ? { kind: 'chosen', resource: only } : { kind: 'unsaid', names };
  }
  const resource = resources.find((each) => each.name === name);
  if (resource !== undefined) return { kind: 'chosen', resource };
  const close = suggest(name, names);
  const words = close === undefined ? `There are: ${names.join(', ') || 'none'}.` : `Did you mean ${close}?`;
  return { kind: 'unknown', words: `No resource is named "${name}". ${words}` };
}
