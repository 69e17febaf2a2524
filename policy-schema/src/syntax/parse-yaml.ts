import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type Scalar,
} from 'yaml';
import type { Diagnostic, TextRange } from './diagnostic.ts';
import { scalarOffsets, type ScalarOffsets } from './scalar-offsets.ts';
import { SourceFile } from './source.ts';
import type { MappingEntry, ScalarNode, SyntaxNode } from './tree.ts';
import { yamlFault } from './yaml-faults.ts';

/** Bounds on a file. Policy files are small; what is larger is a mistake or an attack on the reader. */
export const maxTextLength = 256 * 1024;
const maxDepth = 32;
/** Nodes after aliases are followed, so that a small file cannot unfold into a large one. */
const maxNodes = 50_000;
const maxDiagnostics = 20;

export interface ParsedYaml {
  readonly source: SourceFile;
  /** Absent when the text could not be read, and then there is at least one error. */
  readonly root?: SyntaxNode;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Read one YAML 1.2 document (core schema) into a tree with exact ranges. Never throws, whatever the text.
 * Refused, with an error that says what to do: directives, tags, several documents, keys that stand twice or are no
 * text, aliases that form a cycle, and files over the bounds above.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const source = new SourceFile(file, text);
  if (text.length > maxTextLength) {
    const message = `The file has ${text.length} characters; Gatehouse reads at most ${maxTextLength}. Split it.`;
    return { source, diagnostics: [source.diagnostic({ start: 0, end: 0 }, 'syntax', message)] };
  }
  const reader = new Reader(source);
  let root: SyntaxNode | undefined;
  try {
    root = reader.read();
  } catch (error) {
    // The library recurses over nested collections, so deep nesting ends in a RangeError. Nothing else is expected,
    // and nothing may pass: what cannot be read is an error of the file.
    const message =
      error instanceof RangeError ? 'This is nested too deeply to be read.' : 'This cannot be read as YAML.';
    return { source, diagnostics: [source.diagnostic({ start: 0, end: 0 }, 'syntax', message)] };
  }
  const diagnostics = reader.diagnostics.slice(0, maxDiagnostics);
  if (root === undefined || diagnostics.length > 0) return { source, diagnostics };
  return { source, root, diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  /** `open` while the anchor's own node is being read: an alias to it would be a cycle. */
  readonly #anchors = new Map<string, SyntaxNode | 'open'>();
  readonly #sizes = new Map<SyntaxNode, number>();

  constructor(source: SourceFile) {
    this.#source = source;
  }

  read(): SyntaxNode | undefined {
    const { text } = this.#source;
    const tokens = [...new Parser().parse(text)];
    if (!this.#acceptTokens(tokens)) return undefined;
    const composer = new Composer({
      version: '1.2',
      schema: 'core',
      keepSourceTokens: true,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const [document] = composer.compose(tokens, true, text.length);
    if (document === undefined) return undefined;
    for (const fault of [...document.errors, ...document.warnings]) {
      this.#fault({ start: fault.pos[0], end: fault.pos[1] }, yamlFault(fault.code, fault.message));
    }
    if (this.diagnostics.length > 0) return undefined;
    return this.#convertRoot(document);
  }

  #fault(range: TextRange, message: string): void {
    this.diagnostics.push(this.#source.diagnostic(range, 'syntax', message));
  }

  /** Refuse on the token level what the composer would quietly give a meaning: tags, directives, more documents. */
  #acceptTokens(tokens: readonly CST.Token[]): boolean {
    let documents = 0;
    const stack: unknown[] = [...tokens].reverse();
    while (stack.length > 0) {
      const token = stack.pop();
      if (Array.isArray(token)) {
        for (const item of token.toReversed()) stack.push(item);
      } else if (isRecord(token)) {
        if (token.type === 'document' && ++documents > 1) {
          const at = Number(token.offset);
          this.#fault({ start: at, end: at + 3 }, yamlFault('MULTIPLE_DOCS', ''));
          return false;
        }
        if (token.type === 'directive') this.#fault(tokenRange(token), yamlFault('BAD_DIRECTIVE', ''));
        if (token.type === 'tag') this.#fault(tokenRange(token), tagMessage(String(token.source)));
        for (const key of ['end', 'value', 'sep', 'key', 'items', 'start']) {
          if (typeof token[key] === 'object') stack.push(token[key]);
        }
      }
    }
    return this.diagnostics.length === 0;
  }

  #convertRoot(document: Document.Parsed): SyntaxNode {
    const { contents } = document;
    if (contents === null) return emptyNode(0);
    return this.#convert(contents, 0);
  }

  #convert(node: ParsedNode | null, depth: number, emptyAt = 0): SyntaxNode {
    if (node === null) return emptyNode(emptyAt);
    const range = { start: node.range[0], end: node.range[1] };
    if (depth > maxDepth) {
      this.#fault(
        range,
        `This is nested more than ${maxDepth} levels deep. Nothing in these files needs that.`,
      );
      return emptyNode(range.start);
    }
    if (isAlias(node)) return this.#follow(node.source, range);
    const anchor = node.anchor;
    if (anchor) this.#anchors.set(anchor, 'open');
    let converted: SyntaxNode;
    let size = 1;
    if (isMap(node)) {
      converted = { kind: 'mapping', entries: this.#entries(node.items, depth), range };
      for (const entry of converted.entries) size += this.#sizes.get(entry.value) ?? 1;
    } else if (isSeq(node)) {
      const items: SyntaxNode[] = [];
      for (const item of node.items)
        items.push(this.#convert(item as ParsedNode | null, depth + 1, range.end));
      converted = { kind: 'sequence', items, range };
      for (const item of items) size += this.#sizes.get(item) ?? 1;
    } else {
      converted = this.#scalar(node as Scalar.Parsed, range);
    }
    if (size > maxNodes) {
      if (this.diagnostics.length === 0) {
        this.#fault(
          range,
          `This holds more than ${maxNodes} values, those behind aliases included. Split the file.`,
        );
      }
      converted = emptyNode(range.start);
      size = 1;
    }
    this.#sizes.set(converted, size);
    if (anchor) this.#anchors.set(anchor, converted);
    return converted;
  }

  #entries(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    depth: number,
  ): readonly MappingEntry[] {
    const entries = new Map<string, MappingEntry>();
    for (const item of items) {
      const keyNode = item.key as ParsedNode | null;
      const key = isScalar(keyNode) ? keyText(keyNode as Scalar.Parsed) : undefined;
      const keyRange = keyNode ? { start: keyNode.range[0], end: keyNode.range[1] } : { start: 0, end: 0 };
      const value = this.#convert(item.value as ParsedNode | null, depth + 1, keyRange.end);
      if (key === undefined) {
        const at = keyNode === null || keyRange.end === keyRange.start ? value.range : keyRange;
        this.#fault(at, 'A key must be plain text. Write `key: value`, or put the text in quotes.');
        continue;
      }
      const before = entries.get(key);
      if (before) {
        const { line } = this.#source.position(before.keyRange.start);
        const message = `The key \`${key}\` stands twice, first on line ${line}. Keep one, or join their values.`;
        this.diagnostics.push(this.#source.diagnostic(keyRange, 'duplicate-key', message));
        continue;
      }
      entries.set(key, { key, keyRange, value });
    }
    return [...entries.values()];
  }

  #follow(name: string, range: TextRange): SyntaxNode {
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      const text = this.#source.text.slice(range.start, range.end);
      const message =
        target === 'open'
          ? `The alias \`${text}\` stands inside what it names. Write the value out.`
          : `\`*\` at the start of a value is a YAML alias, and nothing is named \`&${name}\`. To write a pattern, put it in quotes: "${text}".`;
      this.#fault(range, message);
      return emptyNode(range.start);
    }
    return target;
  }

  #scalar(node: Scalar.Parsed, range: TextRange): ScalarNode {
    const token = node.srcToken;
    const raw: unknown = node.value;
    const value =
      typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean'
        ? raw
        : raw === null
          ? null
          : String(raw);
    let table: ScalarOffsets | undefined;
    const text = node.source ?? '';
    return {
      kind: 'scalar',
      value,
      style: scalarStyle(node),
      range,
      offsets: () => {
        table ??= scalarOffsets(token ?? emptyToken(range.start), text, range);
        return table;
      },
    };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function tokenRange(token: Record<string, unknown>): TextRange {
  const start = Number(token.offset);
  return { start, end: start + String(token.source).length };
}

function tagMessage(tag: string): string {
  return `\`${tag}\` is a YAML tag, which Gatehouse does not read. If it begins a condition, put the condition in quotes, or below \`when: |\`.`;
}

function emptyToken(offset: number): CST.FlowScalar {
  return { type: 'scalar', offset, indent: -1, source: '' };
}

function emptyNode(at: number): ScalarNode {
  const range = { start: at, end: at };
  return {
    kind: 'scalar',
    value: null,
    style: 'plain',
    range,
    offsets: () => scalarOffsets(emptyToken(at), '', range),
  };
}

/** Keys are what is written: `1:` is the key "1" and `on:` the key "on". An absent key is none. */
function keyText(node: Scalar.Parsed): string | undefined {
  if (typeof node.value === 'string') return node.value;
  return node.source === undefined || node.source === '' ? undefined : node.source;
}

function scalarStyle(node: Scalar.Parsed): ScalarNode['style'] {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single-quoted';
    case 'QUOTE_DOUBLE':
      return 'double-quoted';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}
