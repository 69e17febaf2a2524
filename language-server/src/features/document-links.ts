import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { entryOf, type ScalarNode, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile } from '../desk.ts';

/** What a link leads to. */
export type LinkTarget =
  | { readonly kind: 'url'; readonly url: string }
  /** A path as it is written: absolute, or relative to the workspace folder. */
  | { readonly kind: 'file'; readonly path: string }
  /** The page of a diagnostic code. */
  | { readonly kind: 'page'; readonly code: string };

export interface DocumentLink {
  readonly range: TextRange;
  readonly target: LinkTarget;
  readonly tooltip: string;
}

/**
 * The links of a file: the files that gatehouse.yaml names, addresses in comments and in texts for people, and the pages of
 * the codes that a comment asks to ignore.
 */
export function documentLinks(desk: Desk, name: string): readonly DocumentLink[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const links = [...fileLinks(file), ...textLinks(file.tree), ...commentLinks(file)];
  return links.sort((a, b) => a.range.start - b.range.start);
}

function fileLinks({ kind, tree }: DeskFile): readonly DocumentLink[] {
  const resources = kind === 'Workspace' ? entryOf(tree, 'resources')?.value : undefined;
  if (resources?.kind !== 'sequence') return [];
  return resources.items.flatMap((resource) => [
    ...fileLink(entryOf(entryOf(resource, 'tls')?.value, 'ca')?.value, 'Open the certificates'),
    ...fileLink(
      entryOf(entryOf(resource, 'password')?.value, 'file')?.value,
      'Open the file with the password',
    ),
  ]);
}

function fileLink(node: SyntaxNode | undefined, tooltip: string): readonly DocumentLink[] {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return [];
  const { start, end } = node.offsets().range(0, node.value.length);
  return [{ range: { start, end }, target: { kind: 'file', path: node.value }, tooltip }];
}

/** Keys whose values are texts for people. */
const prose: ReadonlySet<string> = new Set(['description', 'message']);

function textLinks(tree: SyntaxNode | undefined): readonly DocumentLink[] {
  const found: DocumentLink[] = [];
  const visit = (node: SyntaxNode, isProse: boolean): void => {
    if (node.kind === 'sequence') {
      for (const item of node.items) visit(item, false);
    } else if (node.kind === 'mapping') {
      for (const { key, value } of node.entries) visit(value, isProse || prose.has(key) || key === 'groups');
    } else if (isProse) found.push(...scalarLinks(node));
  };
  if (tree) visit(tree, false);
  return found;
}

function scalarLinks(node: ScalarNode): readonly DocumentLink[] {
  const { value } = node;
  if (typeof value !== 'string') return [];
  return addresses(value).map(({ start, end }) => {
    const range = node.offsets().range(start, end);
    return urlLink({ start: range.start, end: range.end }, value.slice(start, end));
  });
}

function urlLink(range: TextRange, url: string): DocumentLink {
  return { range, target: { kind: 'url', url }, tooltip: 'Open the address' };
}

/** Addresses of the web in a text, without the full stop or bracket that closes the sentence around them. */
function addresses(text: string): readonly TextRange[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s<>"'`{}|\\^]{1,2000}/g)].flatMap((match) => {
    const url = trimmedAddress(match[0]);
    return /:\/\/[^/?#]/.test(url) ? [{ start: match.index, end: match.index + url.length }] : [];
  });
}

function trimmedAddress(url: string): string {
  for (let end = url.length; ; end--) {
    const last = url[end - 1] ?? '';
    const opens = last === ')' ? '(' : last === ']' ? '[' : undefined;
    const rest = url.slice(0, end);
    const unopened = opens !== undefined && rest.split(last).length > rest.split(opens).length;
    if (end === 0 || (!/[.,;:!?*_]/.test(last) && !unopened)) return rest;
  }
}

const ignored = /#\s*gatehouse-ignore(?:-file)?\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)/;

function commentLinks(file: DeskFile): readonly DocumentLink[] {
  return commentsOf(file).flatMap(({ start, end }) => {
    const comment = file.text.slice(start, end);
    const links = addresses(comment).map((range) =>
      urlLink({ start: start + range.start, end: start + range.end }, comment.slice(range.start, range.end)),
    );
    const match = ignored.exec(comment);
    if (match === null) return links;
    const codes = start + match.index + match[0].length - (match[1]?.length ?? 0);
    const pages = [...(match[1] ?? '').matchAll(/[a-z0-9-]+/g)].map((code): DocumentLink => {
      const at = codes + code.index;
      return {
        range: { start: at, end: at + code[0].length },
        target: { kind: 'page', code: code[0] },
        tooltip: `What ${code[0]} means`,
      };
    });
    return [...pages, ...links];
  });
}

/** Comments, told from a `#` inside of a value by the tree. */
export function commentsOf({ text, tree }: Pick<DeskFile, 'text' | 'tree'>): readonly TextRange[] {
  const scalars: TextRange[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'scalar') scalars.push(node.range);
    else if (node.kind === 'sequence') node.items.forEach(visit);
    else
      for (const { keyRange, value } of node.entries) {
        scalars.push(keyRange);
        visit(value);
      }
  };
  if (tree) visit(tree);
  scalars.sort((a, b) => a.start - b.start);
  const found: TextRange[] = [];
  let next = 0;
  for (const match of text.matchAll(/(?<=^|[ \t\r\n])#[^\r\n]*/g)) {
    const at = match.index;
    while (next < scalars.length && (scalars[next]?.end ?? 0) <= at) next++;
    const scalar = scalars[next];
    // The line of a block scalar's header may end in a comment, which belongs to the scalar's range.
    const inside = scalar !== undefined && scalar.start <= at && !isHeader(text.slice(scalar.start, at));
    if (!inside) found.push({ start: at, end: at + match[0].length });
  }
  return found;
}

function isHeader(text: string): boolean {
  return /^[|>][-+1-9]{0,2}[ \t]+$/.test(text);
}
