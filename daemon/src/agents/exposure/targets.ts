import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import type { SecretSource } from '@gatehouse/policy-schema/model/workspace.ts';
import { entryOf, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Upstream } from '../upstreams.ts';

/** A resource as the finder sees it. */
export interface Target extends Upstream {
  readonly user: string;
  readonly password?: SecretSource;
  /** Where gatehouse.yaml, the file, says what `password` is; in UTF-16 units. */
  readonly source?: { readonly file: string; readonly at: { readonly start: number; readonly end: number } };
}

/** The resources of a gatehouse.yaml; undefined where it has errors, as no resources would look harmless. */
export function targetsOf(file: string, text: string): readonly Target[] | undefined {
  const { workspace, parsed } = loadWorkspace(file, text);
  const list = parsed.root && entryOf(parsed.root, 'resources')?.value;
  const items = list?.kind === 'sequence' ? list.items : [];
  return workspace?.resources.map(({ name, protocol, host, port, database, user, password }) => {
    const target = { resource: name, protocol, host, port, database, user };
    if (password === undefined) return target;
    const item = items.find((each) => {
      const named = entryOf(each, 'name')?.value;
      return named?.kind === 'scalar' && named.value === name;
    });
    const node = entryOf(item, 'password')?.value;
    const at = node && { start: node.range.start, end: endOf(node, text) };
    return { ...target, password, ...(at === undefined ? {} : { source: { file, at } }) };
  });
}

/** The range of a block goes on to what follows it; its last value does not. */
function endOf(node: SyntaxNode, text: string): number {
  const isFlow = /[{[]/.test(text[node.range.start] ?? '');
  if (node.kind === 'scalar' || isFlow) return node.range.end;
  const last = node.kind === 'mapping' ? node.entries.at(-1)?.value : node.items.at(-1);
  return last === undefined ? node.range.end : endOf(last, text);
}

/**
 * The name under which a password that was found is kept: the resource's own where it logs in as the resource's user and
 * nothing is known of a name, else one beside it, so that moving never puts a wrong password in place of a right one.
 */
export function secretNameOf(targets: readonly Target[], resource: string, user: string | undefined): string {
  const target = targets.find((each) => each.resource === resource);
  const own = target?.password !== undefined && 'stdin' in target.password ? target.password.stdin : resource;
  if (user === undefined || user === target?.user) return own;
  const safe = /^[A-Za-z0-9_.-]{1,40}$/.test(user) ? user : 'other';
  return `${own}-${safe}`;
}
