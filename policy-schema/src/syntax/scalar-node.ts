import type { CST } from 'yaml';
import type { TextRange } from './diagnostic.ts';
import { scalarOffsets, type ScalarOffsets } from './scalar-offsets.ts';
import type { ScalarNode, SyntaxNode } from './tree.ts';

/** A scalar with the token that it was read from, which may stand elsewhere now than when it was read. */
export class ParsedScalar implements ScalarNode {
  readonly kind = 'scalar';
  readonly value: ScalarNode['value'];
  readonly style: ScalarNode['style'];
  readonly range: TextRange;
  readonly #token: CST.FlowScalar | CST.BlockScalar;
  readonly #text: string;
  /** What is added to places in the token. */
  readonly #shift: number;
  #table: ScalarOffsets | undefined;

  /**
   * @param range In the file
   * @param text The value as the YAML library decoded it
   */
  constructor(
    { value, style }: Pick<ScalarNode, 'value' | 'style'>,
    range: TextRange,
    token: CST.FlowScalar | CST.BlockScalar,
    text: string,
    shift: number,
  ) {
    this.value = value;
    this.style = style;
    this.range = range;
    this.#token = token;
    this.#text = text;
    this.#shift = shift;
  }

  /** A scalar that is not there, at an offset of the file. */
  static empty(at: number): ParsedScalar {
    return new ParsedScalar({ value: null, style: 'plain' }, { start: at, end: at }, emptyToken(at), '', 0);
  }

  offsets(): ScalarOffsets {
    this.#table ??= scalarOffsets(this.#token, this.#text, this.range, this.#shift);
    return this.#table;
  }

  /** The same scalar where text before it has grown or shrunk. Never holds on to the one it is made from. */
  moved(by: number): ParsedScalar {
    return new ParsedScalar(this, movedRange(this.range, by), this.#token, this.#text, this.#shift + by);
  }
}

export function emptyToken(offset: number): CST.FlowScalar {
  return { type: 'scalar', offset, indent: -1, source: '' };
}

export function movedRange({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** A tree where text before it has grown or shrunk. */
export function movedNode(node: SyntaxNode, by: number): SyntaxNode {
  switch (node.kind) {
    case 'scalar':
      return node instanceof ParsedScalar ? node.moved(by) : { ...node, range: movedRange(node.range, by) };
    case 'sequence':
      return {
        kind: 'sequence',
        items: node.items.map((item) => movedNode(item, by)),
        range: movedRange(node.range, by),
      };
    case 'mapping':
      return {
        kind: 'mapping',
        entries: node.entries.map(({ key, keyRange, value }) => ({
          key,
          keyRange: movedRange(keyRange, by),
          value: movedNode(value, by),
        })),
        range: movedRange(node.range, by),
      };
  }
}
