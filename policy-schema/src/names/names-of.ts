import { listNamed, patternOf } from '../model/lists.ts';
import type { NameKind, NameUse } from '../model/names.ts';
import type { FileKind } from '../model/validate.ts';
import type { TextRange } from '../syntax/diagnostic.ts';
import { entryOf, type MappingEntry, type ScalarNode, type SyntaxNode } from '../syntax/tree.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import { namesInCondition } from './condition-names.ts';
import type { TextWord } from '../conditions/words.ts';

/** What a name stands in: the nearest thing that people speak of. */
export interface Holder {
  readonly kind: 'workspace' | 'resource' | 'policy' | 'rule' | 'mask' | 'list' | 'test';
  /** Rules: `policy/rule`, as {@link NameUse} has it; masks: their columns. */
  readonly name: string;
  readonly range: TextRange;
  /** Its name, or what comes nearest to one. */
  readonly head: TextRange;
}

/** How a name is written, for whoever writes another one there. Places are UTF-16 units of the scalar's value. */
export type Spelling =
  | { readonly kind: 'key'; readonly keyRange: TextRange }
  | { readonly kind: 'value'; readonly scalar: ScalarNode; readonly start: number; readonly end: number }
  /** A text of a condition. */
  | {
      readonly kind: 'text';
      readonly scalar: ScalarNode;
      readonly start: number;
      readonly end: number;
      readonly word: TextWord;
    }
  /** A field of a condition, such as `env` of `resource.labels.env`. */
  | { readonly kind: 'field'; readonly scalar: ScalarNode; readonly start: number; readonly end: number };

export interface NamePlace extends NameUse {
  readonly holder: Holder;
  readonly spelling: Spelling;
}

/** An item of a named list that is no list itself: what it names follows from where the list is used. */
export interface ListedName {
  readonly list: string;
  readonly scalar: ScalarNode;
  readonly holder: Holder;
}

/** Where a list is used for what has names of its own. */
export interface ListPurpose {
  readonly list: string;
  readonly purpose: 'targets' | 'agents';
}

export interface FileNames {
  readonly places: readonly NamePlace[];
  readonly listed: readonly ListedName[];
  readonly purposes: readonly ListPurpose[];
}

const kept = new WeakMap<SyntaxNode, FileNames>();
const nothing: FileNames = { places: [], listed: [], purposes: [] };

/** Every name that a file makes or uses, from its tree alone, whatever is broken in it. Never throws. */
export function namesOf(file: string, kind: FileKind, tree: SyntaxNode | undefined): readonly NamePlace[] {
  return fileNames(file, kind, tree).places;
}

/** As {@link namesOf}, with what only all files together can tell. */
export function fileNames(file: string, kind: FileKind, tree: SyntaxNode | undefined): FileNames {
  if (tree === undefined) return nothing;
  let names = kept.get(tree);
  if (names === undefined) {
    const reader = new NameReader(file);
    if (kind === 'Workspace') reader.workspace(tree);
    else if (kind === 'Test') reader.tests(tree);
    else reader.policy(tree);
    names = reader;
    kept.set(tree, names);
  }
  return names;
}

type Role = 'definition' | 'reference';

class NameReader implements FileNames {
  readonly places: NamePlace[] = [];
  readonly listed: ListedName[] = [];
  readonly purposes: ListPurpose[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  workspace(root: SyntaxNode): void {
    const holder: Holder = {
      kind: 'workspace',
      name: 'gatehouse.yaml',
      range: root.range,
      head: headOf(root),
    };
    for (const resource of itemsOf(root, 'resources')) {
      const name = textOf(resource, 'name');
      const own: Holder = {
        kind: 'resource',
        name: name?.value ?? '',
        range: resource.range,
        head: name?.range ?? headOf(resource),
      };
      if (name) this.#value('resource', name, own, 'definition');
      const labels = entryOf(resource, 'labels')?.value;
      for (const label of labels?.kind === 'mapping' ? labels.entries : []) {
        this.#key('label', label, own);
        if (isText(label.value))
          this.#part('label', `${label.key}=${label.value.value}`, label.value, own, 'definition');
      }
    }
    const groups = entryOf(root, 'groups')?.value;
    for (const group of groups?.kind === 'mapping' ? groups.entries : []) this.#key('group', group, holder);
  }

  policy(root: SyntaxNode): void {
    const name = textOf(root, 'name');
    const holder: Holder = {
      kind: 'policy',
      name: name?.value ?? '',
      range: root.range,
      head: name?.range ?? headOf(root),
    };
    if (name) this.#value('policy', name, holder, 'definition');
    const owner = textOf(root, 'owner');
    if (owner) this.#approver(owner, holder);
    this.#applies(entryOf(root, 'applies')?.value, holder);
    this.#lists(entryOf(root, 'lists')?.value);
    for (const rule of itemsOf(root, 'rules')) this.#rule(rule, holder.name);
    for (const mask of itemsOf(root, 'masks')) this.#mask(mask);
  }

  tests(root: SyntaxNode): void {
    const defaults = entryOf(root, 'defaults')?.value;
    if (defaults) this.#asked(defaults, this.#testHolder(defaults, 'defaults'));
    for (const test of itemsOf(root, 'cases')) {
      const holder = this.#testHolder(test);
      this.#asked(test, holder);
      for (const rule of textsOf(entryOf(test, 'expect')?.value, 'rules')) {
        const slash = rule.value.indexOf('/');
        if (slash < 1) continue;
        this.#part('policy', rule.value.slice(0, slash), rule, holder, 'reference', 0, slash);
        this.#part('rule', rule.value, rule, holder, 'reference', slash + 1);
      }
    }
    for (const matrix of itemsOf(root, 'matrices')) {
      const holder = this.#testHolder(matrix);
      for (const request of itemsOf(matrix, 'requests')) this.#asked(request, holder);
      for (const principal of itemsOf(matrix, 'principals')) this.#who(principal, holder);
    }
  }

  #testHolder(node: SyntaxNode, fallback = ''): Holder {
    const name = textOf(node, 'name');
    const head = name?.range ?? headOf(node);
    return { kind: 'test', name: name?.value ?? fallback, range: node.range, head };
  }

  #asked(node: SyntaxNode, holder: Holder): void {
    const resource = textOf(node, 'resource');
    if (resource) this.#value('resource', resource, holder);
    this.#who(entryOf(node, 'principal')?.value, holder);
  }

  #who(node: SyntaxNode | undefined, holder: Holder): void {
    if (node === undefined) return;
    const [agent, person] = [textOf(node, 'agent'), textOf(node, 'person')];
    if (agent) this.#value('agent', agent, holder);
    if (person) this.#value('person', person, holder);
    for (const group of textsOf(node, 'groups')) this.#value('group', group, holder);
  }

  #applies(applies: SyntaxNode | undefined, holder: Holder): void {
    for (const item of textsOf(applies, 'to')) {
      const list = this.#listUse(item, holder);
      if (list === undefined) this.target(item, holder);
      else this.purposes.push({ list, purpose: 'targets' });
    }
    for (const item of textsOf(applies, 'agents')) {
      const list = this.#listUse(item, holder);
      if (list === undefined) this.agent(item, holder);
      else this.purposes.push({ list, purpose: 'agents' });
    }
    for (const item of textsOf(applies, 'groups')) this.#value('group', item, holder);
  }

  #lists(lists: SyntaxNode | undefined): void {
    for (const entry of lists?.kind === 'mapping' ? lists.entries : []) {
      const { key, keyRange, value } = entry;
      const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
      const holder: Holder = { kind: 'list', name: key, range, head: keyRange };
      this.#key('list', entry, holder);
      for (const scalar of value.kind === 'sequence' ? value.items.filter(isText) : []) {
        if (this.#listUse(scalar, holder) === undefined) this.listed.push({ list: key, scalar, holder });
      }
    }
  }

  #rule(rule: SyntaxNode, policy: string): void {
    const name = textOf(rule, 'name');
    const full = `${policy}/${name?.value ?? ''}`;
    const holder: Holder = {
      kind: 'rule',
      name: full,
      range: rule.range,
      head: name?.range ?? headOf(rule),
    };
    if (name) this.#part('rule', full, name, holder, 'definition');
    for (const vocabulary of Object.keys(vocabularies)) {
      const block = entryOf(rule, vocabulary)?.value;
      for (const { key } of block?.kind === 'mapping' ? block.entries : []) {
        if (key !== 'actions') for (const item of textsOf(block, key)) this.#listUse(item, holder);
      }
    }
    for (const approver of textsOf(entryOf(rule, 'approval')?.value, 'by')) this.#approver(approver, holder);
    const when = textOf(rule, 'when');
    if (when) this.#condition(when, holder);
  }

  #mask(mask: SyntaxNode): void {
    const columns = textsOf(mask, 'columns');
    const holder: Holder = {
      kind: 'mask',
      name: columns.map(({ value }) => value).join(', '),
      range: mask.range,
      head: entryOf(mask, 'columns')?.value.range ?? headOf(mask),
    };
    for (const item of columns) this.#listUse(item, holder);
    const tokens = textOf(mask, 'tokens');
    if (tokens) this.#value('tokens', tokens, holder);
    const unless = entryOf(mask, 'unless')?.value;
    for (const item of textsOf(unless, 'groups')) this.#value('group', item, holder);
    for (const item of textsOf(unless, 'people')) this.#value('person', item, holder);
  }

  /** A resource's name, or a label with its value. */
  target(item: TextScalar, holder: Holder): void {
    const equals = item.value.indexOf('=');
    if (equals === -1) {
      this.agent(item, holder, 'resource');
      return;
    }
    this.#part('label', item.value.slice(0, equals), item, holder, 'reference', 0, equals);
    this.#part('label', item.value, item, holder, 'reference', equals + 1);
  }

  agent(item: TextScalar, holder: Holder, kind: 'agent' | 'resource' = 'agent'): void {
    const escaped = item.value.length - patternOf(item.value).length;
    this.#part(kind, item.value.slice(escaped), item, holder, 'reference', escaped);
  }

  /** @returns the list that an item names */
  #listUse(item: TextScalar, holder: Holder): string | undefined {
    const list = listNamed(item.value);
    if (list !== undefined) this.#part('list', list, item, holder, 'reference', 1);
    return list;
  }

  #approver(item: TextScalar, holder: Holder): void {
    const [, kind, name] = /^(group|person):([\s\S]+)$/.exec(item.value) ?? [];
    if (kind !== undefined && name !== undefined)
      this.#part(kind as 'group' | 'person', name, item, holder, 'reference', kind.length + 1);
  }

  #condition(scalar: TextScalar, holder: Holder): void {
    for (const { kind, name, start, end, text } of namesInCondition(scalar.value)) {
      this.places.push({
        kind,
        name,
        role: roleOf(name, 'reference'),
        file: this.#file,
        ...partRange(scalar, start, end),
        holder,
        spelling: text
          ? { kind: 'text', scalar, start, end, word: text }
          : { kind: 'field', scalar, start, end },
      });
    }
  }

  #key(kind: NameKind, { key, keyRange }: MappingEntry, holder: Holder): void {
    // One quote on each side, and nothing between them that is escaped.
    const quoted = keyRange.end - keyRange.start === key.length + 2 ? 1 : 0;
    this.places.push({
      kind,
      name: key,
      role: 'definition',
      file: this.#file,
      start: keyRange.start + quoted,
      end: keyRange.end - quoted,
      holder,
      spelling: { kind: 'key', keyRange },
    });
  }

  #value(kind: NameKind, scalar: TextScalar, holder: Holder, role: Role = 'reference'): void {
    this.#part(kind, scalar.value, scalar, holder, role);
  }

  #part(
    kind: NameKind,
    name: string,
    scalar: TextScalar,
    holder: Holder,
    role: Role,
    start = 0,
    end = scalar.value.length,
  ): void {
    this.places.push({
      kind,
      name,
      role: roleOf(name, role),
      file: this.#file,
      ...partRange(scalar, start, end),
      holder,
      spelling: { kind: 'value', scalar, start, end },
    });
  }
}

/** What an item of a list names, once it is known what the list is used for. */
export function listedNames(
  file: string,
  { scalar, holder }: ListedName,
  purpose: ListPurpose['purpose'],
): readonly NamePlace[] {
  if (!isText(scalar)) return [];
  const reader = new NameReader(file);
  if (purpose === 'targets') reader.target(scalar, holder);
  else reader.agent(scalar, holder);
  return reader.places;
}

type TextScalar = ScalarNode & { readonly value: string };

function isText(node: SyntaxNode | undefined): node is TextScalar {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

function textOf(node: SyntaxNode, key: string): TextScalar | undefined {
  const value = entryOf(node, key)?.value;
  return isText(value) ? value : undefined;
}

function itemsOf(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}

function textsOf(node: SyntaxNode | undefined, key: string): readonly TextScalar[] {
  return itemsOf(node, key).filter(isText);
}

function headOf(node: SyntaxNode): TextRange {
  return (node.kind === 'mapping' ? node.entries[0]?.keyRange : undefined) ?? node.range;
}

function roleOf(name: string, role: Role): NameUse['role'] {
  return role === 'reference' && name.includes('*') ? 'pattern' : role;
}

/** Where a part of a scalar's value stands. Most names are written as they are, which needs no table of offsets. */
function partRange(scalar: TextScalar, start: number, end: number): TextRange {
  const { range, value } = scalar;
  const extra = range.end - range.start - value.length;
  if (scalar.style === 'plain' && extra === 0) return { start: range.start + start, end: range.start + end };
  const quoted = scalar.style === 'single-quoted' || scalar.style === 'double-quoted';
  if (quoted && extra === 2 && !/[\\'"\s]/.test(value))
    return { start: range.start + 1 + start, end: range.start + 1 + end };
  return scalar.offsets().range(start, end);
}
