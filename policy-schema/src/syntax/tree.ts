import type { TextRange } from './diagnostic.ts';
import type { ScalarOffsets } from './scalar-offsets.ts';

/** The tree of a YAML file, reduced to what Gatehouse reads: no tags, aliases followed, keys as text. */
export type SyntaxNode = ScalarNode | MappingNode | SequenceNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';
  /** Quotes and block header included. Empty for a value that is not there. */
  readonly range: TextRange;
  /** Where each character of a text value stands in the file. Built on first use. */
  offsets(): ScalarOffsets;
}

export interface MappingEntry {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly value: SyntaxNode;
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: readonly MappingEntry[];
  readonly range: TextRange;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly SyntaxNode[];
  readonly range: TextRange;
}

export type Path = readonly (string | number)[];

/** A key's value in a mapping; undefined for a missing key or a node that is no mapping. */
export function entryOf(node: SyntaxNode | undefined, key: string): MappingEntry | undefined {
  return node?.kind === 'mapping' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** A node with the key or the sequence slot that leads to it. */
export interface Place {
  readonly node: SyntaxNode;
  /** The entry that holds the node, where a mapping does. */
  readonly entry?: MappingEntry;
}

/** Follow a path of keys and indexes; indexes may be given as text, as in a JSON pointer. */
export function placeAt(root: SyntaxNode, path: Path): Place | undefined {
  let place: Place = { node: root };
  for (const step of path) {
    if (place.node.kind === 'mapping') {
      const entry = entryOf(place.node, String(step));
      if (!entry) return undefined;
      place = { node: entry.value, entry };
    } else if (place.node.kind === 'sequence') {
      const item: SyntaxNode | undefined = place.node.items[Number(step)];
      if (!item) return undefined;
      place = { node: item };
    } else {
      return undefined;
    }
  }
  return place;
}

/** Where to point for a place's value: the value, or its key where the value is left empty. */
export function rangeOf(place: Place): TextRange {
  const { range } = place.node;
  return range.start === range.end && place.entry ? place.entry.keyRange : range;
}

/** Where to point when a mapping lacks something: the key that holds it, else its first key, else the whole. */
export function headOf(place: Place): TextRange {
  if (place.entry) return place.entry.keyRange;
  return (place.node.kind === 'mapping' && place.node.entries[0]?.keyRange) || place.node.range;
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The plain value of a tree. Mappings have no prototype, so that `__proto__` is a key like any other. */
export function plainValue(node: SyntaxNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(plainValue);
    case 'mapping': {
      const value: Record<string, unknown> = Object.create(null);
      for (const entry of node.entries) value[entry.key] = plainValue(entry.value);
      return value;
    }
  }
}
