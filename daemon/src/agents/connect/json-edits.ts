import { createScanner, findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { type Spliced, splice } from './splices.ts';

/**
 * Members put into JSON that people wrote, and taken out again, without touching another byte: formatting, comments and
 * trailing commas stay as they are, as a file that is written anew would be a diff that nobody reads.
 */

/** Names of members and places in arrays, from the root on. */
export type Path = readonly (string | number)[];

/** How a text is laid out, so that what is added looks like the rest. */
interface Layout {
  readonly newline: string;
  readonly indent: string;
}

/** The tree of a text with comments and trailing commas, or the offset of its first mistake. */
export function parsed(text: string): { readonly root: Node } | { readonly mistake: number } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [first] = errors;
  if (first !== undefined || root === undefined) return { mistake: first?.offset ?? 0 };
  return { root };
}

/** Put a member into the object at a path, after those that are there. The object is there. */
export function withMember(spliced: Spliced, path: Path, name: string, value: unknown): Spliced {
  return withChild(
    spliced,
    path,
    (layout, depth) => `${JSON.stringify(name)}: ${laidOut(value, layout, depth)}`,
  );
}

/** Put an element at the end of the array at a path. The array is there. */
export function withElement(spliced: Spliced, path: Path, value: unknown): Spliced {
  return withChild(spliced, path, (layout, depth) => laidOut(value, layout, depth));
}

/** Take out a member or an element, with its comma and the white space before it. Comments stay. */
export function without(spliced: Spliced, path: Path): Spliced {
  const { text } = spliced;
  const value = nodeAt(text, path);
  const child = value?.parent?.type === 'property' ? value.parent : value;
  const siblings = child?.parent?.children;
  if (child === undefined || siblings === undefined) return spliced;
  const end = child.offset + child.length;
  const comma = commaAfter(text, end);
  const start = text.slice(0, child.offset).trimEnd().length;
  const previous = siblings[siblings.indexOf(child) - 1];
  if (comma !== undefined) {
    // What stands between the member and its comma is a comment, at most.
    const cut = splice(spliced, comma, 1, '');
    return tidied(splice(cut, start, end - start, ''), start);
  }
  const cut = splice(spliced, start, end - start, '');
  const before = previous === undefined ? undefined : commaAfter(text, previous.offset + previous.length);
  return before === undefined ? tidied(cut, start) : splice(cut, before, 1, '');
}

/** Whether a container has neither members nor comments. */
export function isEmptyAt(text: string, path: Path): boolean {
  const node = nodeAt(text, path);
  if (node?.children === undefined || node.children.length > 0) return false;
  return text.slice(node.offset + 1, node.offset + node.length - 1).trim() === '';
}

function nodeAt(text: string, path: Path): Node | undefined {
  const tree = parsed(text);
  return 'root' in tree ? findNodeAtLocation(tree.root, [...path]) : undefined;
}

/** The line break that is left in an object or array which became empty goes, too. */
function tidied(spliced: Spliced, at: number): Spliced {
  const { text } = spliced;
  const space = /^\s*/.exec(text.slice(at))?.[0] ?? '';
  const isEmpty = /[{[]/.test(text[at - 1] ?? '') && /[}\]]/.test(text[at + space.length] ?? '');
  return isEmpty ? splice(spliced, at, space.length, '') : spliced;
}

function withChild(spliced: Spliced, path: Path, write: (layout: Layout, depth: number) => string): Spliced {
  const { text } = spliced;
  const container = nodeAt(text, path);
  if (container?.children === undefined) return spliced;
  const layout = layoutOf(text);
  const closing = container.offset + container.length - 1;
  const last = container.children.at(-1);
  const isOneLine = last !== undefined && !text.slice(container.offset, closing).includes('\n');
  if (isOneLine) {
    const end = last.offset + last.length;
    return splice(spliced, end, 0, `, ${write({ newline: '', indent: '' }, 0)}`);
  }
  const outer = indentAt(text, container.offset);
  const inner =
    last === undefined ? `${outer}${layout.indent}` : indentAt(text, (container.children[0] ?? last).offset);
  const depth = layout.indent === '' ? 0 : Math.round(inner.length / layout.indent.length);
  const line = `${layout.newline}${inner}${write(layout, depth)}`;
  if (last === undefined) {
    const inside = text.slice(container.offset + 1, closing);
    if (inside.trim() === '')
      return splice(spliced, container.offset + 1, inside.length, `${line}${layout.newline}${outer}`);
    // Comments alone: after them, on a line of its own.
    const after = container.offset + 1 + inside.trimEnd().length;
    return splice(spliced, after, closing - after, `${line}${layout.newline}${outer}`);
  }
  const end = last.offset + last.length;
  const trailing = commaAfter(text, end);
  const place = endOfLineComment(text, trailing === undefined ? end : trailing + 1);
  const added = splice(spliced, place, 0, trailing === undefined ? line : `${line},`);
  return trailing === undefined ? splice(added, end, 0, ',') : added;
}

/** Behind the comment that belongs to what ends here, if there is one on the same line. */
function endOfLineComment(text: string, from: number): number {
  const comment = /^[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)/.exec(text.slice(from))?.[0] ?? '';
  return from + comment.length;
}

function commaAfter(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  const kind = scanner.scan();
  // SyntaxKind is a const enum of the library, which type stripping cannot read: 5 is CommaToken.
  return kind === 5 ? scanner.getTokenOffset() : undefined;
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function layoutOf(text: string): Layout {
  const indent = /^[{[][^\n]*\n(?:\s*\n)*([ \t]+)\S/.exec(text.trimStart())?.[1] ?? '  ';
  return { newline: text.includes('\r\n') ? '\r\n' : '\n', indent };
}

function laidOut(value: unknown, { newline, indent }: Layout, depth: number): string {
  return JSON.stringify(value, undefined, indent === '' ? 0 : indent).replaceAll(
    '\n',
    newline + indent.repeat(depth),
  );
}
