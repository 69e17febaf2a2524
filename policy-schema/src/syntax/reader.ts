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
import { emptyToken, ParsedScalar } from './scalar-node.ts';
import type { SourceFile } from './source.ts';
import type { MappingEntry, ScalarNode, SyntaxNode } from './tree.ts';
import { yamlFault } from './yaml-faults.ts';

const maxDepth = 32;
/** Nodes after aliases are followed, so that a small file cannot unfold into a large one. */
export const maxNodes = 50_000;

/** Tokens by which one place of a file speaks of another, or by which the file is more than one document's content. */
const farReaching: ReadonlySet<unknown> = new Set([
  'anchor',
  'alias',
  'tag',
  'directive',
  'doc-start',
  'doc-end',
  'byte-order-mark',
]);

/** Reads one text into a tree. A new one for each text. */
export class Reader {
  readonly diagnostics: Diagnostic[] = [];
  /** Whether each value stands for itself, so that one can be read without the others. */
  local = true;
  readonly #source: SourceFile;
  readonly #shift: number;
  /** `open` while the anchor's own node is being read: an alias to it would be a cycle. */
  readonly #anchors = new Map<string, SyntaxNode | 'open'>();
  readonly #sizes = new Map<SyntaxNode, number>();
  /** Once something is wrong with the YAML, what follows from it is not worth telling. */
  #quiet = false;

  /**
   * @param source The file, for places in messages
   * @param shift What is added to an offset of the text that is read to make an offset of the file
   */
  constructor(source: SourceFile, shift = 0) {
    this.#source = source;
    this.#shift = shift;
  }

  /** The tree as far as one can be made; it is the file's only when there are no diagnostics. */
  read(text: string): SyntaxNode | undefined {
    const tokens = [...new Parser().parse(text)];
    this.#inspectTokens(tokens);
    this.#quiet = this.diagnostics.length > 0;
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
      this.#fault(this.#range(fault.pos), yamlFault(fault.code, fault.message));
    }
    this.#quiet = this.diagnostics.length > 0;
    return this.#convertRoot(document);
  }

  #range([start, end]: readonly [number, number, ...unknown[]]): TextRange {
    return { start: start + this.#shift, end: end + this.#shift };
  }

  #fault(range: TextRange, message: string, code: 'syntax' | 'duplicate-key' = 'syntax'): void {
    if (!this.#quiet) this.diagnostics.push(this.#source.diagnostic(range, code, message));
  }

  /** Refuse on the token level what the composer would quietly give a meaning: tags, directives, more documents. */
  #inspectTokens(tokens: readonly CST.Token[]): void {
    let documents = 0;
    const stack: unknown[] = [...tokens].reverse();
    while (stack.length > 0) {
      const token = stack.pop();
      if (Array.isArray(token)) {
        for (let index = token.length - 1; index >= 0; index--) stack.push(token[index]);
      } else if (isRecord(token)) {
        if (farReaching.has(token.type)) this.local = false;
        if (token.type === 'document' && ++documents > 1) {
          const at = Number(token.offset);
          this.#fault(this.#range([at, at + 3]), yamlFault('MULTIPLE_DOCS', ''));
          return;
        }
        if (token.type === 'directive') this.#fault(this.#tokenRange(token), yamlFault('BAD_DIRECTIVE', ''));
        if (token.type === 'tag') this.#fault(this.#tokenRange(token), tagMessage(String(token.source)));
        for (const key of ['end', 'value', 'sep', 'key', 'items', 'start']) {
          if (typeof token[key] === 'object') stack.push(token[key]);
        }
      }
    }
  }

  #tokenRange(token: Record<string, unknown>): TextRange {
    const start = Number(token.offset);
    return this.#range([start, start + String(token.source).length]);
  }

  #convertRoot(document: Document.Parsed): SyntaxNode {
    const { contents } = document;
    if (contents === null) return ParsedScalar.empty(this.#shift);
    return this.#convert(contents, 0, 0);
  }

  /** @param emptyAt Where a value stands that is not there, as an offset of the file */
  #convert(node: ParsedNode | null, depth: number, emptyAt: number): SyntaxNode {
    if (node === null) return ParsedScalar.empty(emptyAt);
    const range = this.#range(node.range);
    if (depth > maxDepth) {
      this.#fault(
        range,
        `This is nested more than ${maxDepth} levels deep. Nothing in these files needs that.`,
      );
      return ParsedScalar.empty(range.start);
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
      if (this.diagnostics.length === 0) this.#fault(range, tooManyNodes);
      converted = ParsedScalar.empty(range.start);
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
      const keyRange = keyNode ? this.#range(keyNode.range) : { start: this.#shift, end: this.#shift };
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
        this.#fault(keyRange, message, 'duplicate-key');
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
      return ParsedScalar.empty(range.start);
    }
    return target;
  }

  #scalar(node: Scalar.Parsed, range: TextRange): ScalarNode {
    const raw: unknown = node.value;
    const value =
      typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean'
        ? raw
        : raw === null
          ? null
          : String(raw);
    const token = node.srcToken ?? emptyToken(node.range[0]);
    return new ParsedScalar(
      { value, style: scalarStyle(node) },
      range,
      token,
      node.source ?? '',
      this.#shift,
    );
  }
}

const tooManyNodes = `This holds more than ${maxNodes} values, those behind aliases included. Split the file.`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function tagMessage(tag: string): string {
  return `\`${tag}\` is a YAML tag, which Gatehouse does not read. If it begins a condition, put the condition in quotes, or below \`when: |\`.`;
}

/** Keys are what is written: `1:` is the key "1" and `on:` the key "on". An absent key is none. */
function keyText(node: Scalar.Parsed): string | undefined {
  if (typeof node.value === 'string') return node.value;
  return node.source === undefined || node.source === '' ? undefined : node.source;
}

const styles: Readonly<Record<string, ScalarNode['style']>> = {
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function scalarStyle(node: Scalar.Parsed): ScalarNode['style'] {
  return styles[node.type ?? ''] ?? 'plain';
}
