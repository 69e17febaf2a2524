import { conditionWordAt } from '@gatehouse/policy-schema/conditions/cursor.ts';
import { signatureText } from '@gatehouse/policy-schema/conditions/signatures.ts';
import { conditionVariables } from '@gatehouse/policy-schema/conditions/variables.ts';
import { cellCode, code, prose } from '@gatehouse/policy-schema/describe/markdown.ts';
import {
  budgetWords,
  limitWords,
  maskSentence,
  policyWords,
  ruleWords,
} from '@gatehouse/policy-schema/describe/policy.ts';
import type { NameKind } from '@gatehouse/policy-schema/model/names.ts';
import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { NamePlace } from '@gatehouse/policy-schema/names/names-of.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { entryOf, type ScalarNode, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile } from '../desk.ts';
import { schemaAt, schemaWords, valueWords } from './schema-at.ts';
import { resolveTargets } from './targets.ts';
import type { Step } from './yaml-spot.ts';

export interface Hover {
  readonly range: TextRange;
  readonly markdown: string;
}

/** What stands at an offset means. Undefined where there is nothing to say. Never throws. */
export function hover(desk: Desk, name: string, offset: number): Hover | undefined {
  const file = desk.files.get(name);
  const found = file?.tree && nodeAt(file.tree, offset);
  if (file === undefined || found === undefined) return undefined;
  const { path, range, key, scalar } = found;
  if (key === undefined && scalar && file.kind === 'Policy' && isWhen(path))
    return conditionHover(scalar, offset);
  const parts = [
    ...(meaning(file, path, key !== undefined) ?? []),
    ...(nameWords(desk, file, offset) ?? []),
    ...(live(desk, file, path, scalar) ?? []),
    ...schemaPart(file, path, key, scalar),
  ];
  return parts.length === 0 ? undefined : { range, markdown: parts.join('\n\n---\n\n') };
}

const isWhen = (path: readonly Step[]): boolean =>
  path.length === 3 && path[0] === 'rules' && path[2] === 'when';

interface Found {
  readonly path: readonly Step[];
  readonly range: TextRange;
  /** The offset stands on this key, whose value `path` leads to. */
  readonly key?: string;
  readonly scalar?: ScalarNode;
}

/** The key or scalar at an offset, with its path. */
function nodeAt(root: SyntaxNode, offset: number): Found | undefined {
  const inside = ({ start, end }: TextRange): boolean => start <= offset && offset <= end;
  const visit = (node: SyntaxNode, path: readonly Step[]): Found | undefined => {
    if (node.kind === 'scalar')
      return inside(node.range) && node.value !== null
        ? { path, range: node.range, scalar: node }
        : undefined;
    if (node.kind === 'sequence') {
      const index = node.items.findIndex(({ range }) => inside(range));
      const item = node.items[index];
      return item && visit(item, [...path, index]);
    }
    for (const { key, keyRange, value } of node.entries) {
      const own = [...path, key];
      if (inside(keyRange)) return { path: own, range: keyRange, key };
      if (inside(value.range)) {
        const found = visit(value, own);
        if (found) return found;
      }
    }
    return undefined;
  };
  return visit(root, []);
}

/** In plain English: a policy at its name, a rule at its name and effect, a mask, limits. */
function meaning({ unit }: DeskFile, path: readonly Step[], onKey: boolean): readonly string[] | undefined {
  if (unit === undefined) return undefined;
  const [section, index, key] = path;
  const { policy } = unit;
  if (section === 'name' || section === 'mode' || (section === 'applies' && path.length === 1))
    return [policyWords(policy)];
  if (
    section === 'rules' &&
    (key === 'name' || key === 'effect' || (onKey && path.length === 3 && key === 'sql'))
  ) {
    const rule = unit.rules.find((each) => each.index === index)?.rule;
    return rule && [ruleWords(rule, policy)];
  }
  if (section === 'masks' && typeof index === 'number' && (key === 'with' || (onKey && key === 'columns'))) {
    const mask = unit.masks.find((each) => each.index === index)?.mask;
    return mask && [maskSentence(mask)];
  }
  if (section === 'limits' && path.length === 1) return bullets(limitWords(policy.limits));
  if (section === 'budgets' && path.length === 1) return bullets(budgetWords(policy.budgets));
  return undefined;
}

function bullets(lines: readonly string[]): readonly string[] | undefined {
  return lines.length === 0 ? undefined : [lines.map((line) => `- ${line}`).join('\n')];
}

const kinds: Readonly<Record<NameKind, string>> = {
  resource: 'resource',
  label: 'label',
  policy: 'policy',
  rule: 'rule',
  list: 'list',
  tokens: 'set of tokens',
  group: 'group',
  person: 'person',
  agent: 'agent',
};

/** What a name stands for and where it is used. */
function nameWords(desk: Desk, file: DeskFile, offset: number): readonly string[] | undefined {
  const index = nameIndexOf(desk.files);
  const place = index.at(file.file, offset);
  if (place === undefined || place.kind === 'rule' || place.kind === 'policy') return undefined;
  const name = code(place.name.replace(/^.*\//, ''));
  if (place.role === 'pattern') {
    const found = index.matchedBy(place).map((each) => code(each.name));
    return found.length === 0 ? undefined : [`Stands for ${[...new Set(found)].join(', ')} at present.`];
  }
  const uses = index.named(place.kind, place.name).filter(({ role }) => role !== 'definition');
  const used =
    uses.length === 0
      ? 'Used nowhere.'
      : `Used ${uses.length === 1 ? 'once' : `${uses.length} times`}, in ${usersOf(uses)}.`;
  return [[`**${kinds[place.kind]}** ${name}`, ...about(desk, place), used].join('\n\n')];
}

function usersOf(uses: readonly NamePlace[]): string {
  const holders = [...new Set(uses.map(({ holder }) => `${holder.kind} ${code(holder.name)}`))];
  const shown = holders.slice(0, 5).join(', ');
  return holders.length > 5 ? `${shown} and ${holders.length - 5} more` : shown;
}

function about(desk: Desk, { kind, name }: NamePlace): readonly string[] {
  const workspace = desk.world.workspace?.workspace;
  switch (kind) {
    case 'resource': {
      const resource = workspace?.resources.find((each) => each.name === name);
      if (resource === undefined) return [];
      const labels = Object.entries(resource.labels).map(([key, value]) => code(`${key}=${value}`));
      const where = `${resource.protocol}, database ${code(resource.database)} on ${code(resource.host)} as ${code(resource.user)}`;
      return [labels.length === 0 ? `${where}.` : `${where}; labels ${labels.join(', ')}.`];
    }
    case 'label': {
      const [key = '', value] = name.split('=', 2);
      const found = workspace?.resources.filter(({ labels }) =>
        value === undefined ? Object.hasOwn(labels, key) : labels[key] === value,
      );
      return found === undefined || found.length === 0
        ? []
        : [`On ${found.map((each) => code(each.name)).join(', ')}.`];
    }
    case 'list': {
      const patterns = desk.world.lists.patterns(name).map(({ pattern }) => pattern);
      return patterns.length === 0
        ? []
        : [`Stands for ${patterns.slice(0, 20).map(code).join(', ')}${patterns.length > 20 ? ', …' : ''}.`];
    }
    case 'group': {
      const groups = entryOf(desk.world.workspace?.root, 'groups')?.value;
      const words = groups && entryOf(groups, name)?.value;
      return words?.kind === 'scalar' ? [prose(String(words.value))] : [];
    }
    default:
      return [];
  }
}

/** Types of a table's columns, where the daemon knows them. */
function live(
  desk: Desk,
  file: DeskFile,
  path: readonly Step[],
  scalar: ScalarNode | undefined,
): readonly string[] | undefined {
  if (desk.live === undefined || scalar === undefined || path[2] !== 'sql' || path[3] !== 'tables')
    return undefined;
  const wanted = String(scalar.value);
  const tables = resolveTargets(desk, file).flatMap((name) => desk.live?.tables(name) ?? []);
  const found = tables.find(({ name }) => name === wanted);
  if (found === undefined) return undefined;
  const rows = found.columns.slice(0, 40).map(({ name, type }) => `| ${cellCode(name)} | ${prose(type)} |`);
  return [
    [`${found.kind} ${code(found.name)}`, '', '| column | type |', '| --- | --- |', ...rows].join('\n'),
  ];
}

function schemaPart(
  file: DeskFile,
  path: readonly Step[],
  key: string | undefined,
  scalar: ScalarNode | undefined,
): readonly string[] {
  const schema = schemaAt(file.kind, path);
  if (schema === undefined) return [];
  if (key !== undefined) return [`**${key}**\n\n${schemaWords(schema)}`];
  const value = String(scalar?.value);
  const parent = typeof path.at(-1) === 'number' ? schemaAt(file.kind, path.slice(0, -1)) : undefined;
  const words = valueWords(schema, value) ?? (parent && valueWords(parent, value));
  return words === undefined ? [] : [`${code(value)}: ${words}`];
}

const variables = new Map(conditionVariables().map((each) => [each.path, each]));
const objects: Readonly<Record<string, string>> = {
  request: 'What is asked.',
  principal: 'Who asks: the person and the agent.',
  resource: 'What is reached.',
};

/** The type and words of a variable, field or function in a condition. */
function conditionHover(scalar: ScalarNode, at: number): Hover | undefined {
  const source = String(scalar.value);
  const offsets = scalar.offsets();
  let offset = 0;
  while (offset < source.length && offsets.at(offset) < at) offset++;
  const word = conditionWordAt(source, offset);
  if (word === undefined) return undefined;
  const range = offsets.range(word.start, word.end);
  const [first] = word.signatures;
  if (first !== undefined) {
    const forms = word.signatures.flatMap((each) => each.forms.map((form) => signatureText(each, form)));
    return { range, markdown: `\`\`\`cel\n${forms.join('\n')}\n\`\`\`\n\n${first.doc}` };
  }
  if (word.type === undefined) return undefined;
  const known = word.path === undefined ? undefined : variables.get(word.path);
  const words =
    known?.doc ??
    objects[word.path ?? ''] ??
    (word.path?.startsWith('resource.labels.')
      ? 'A label of the resource. It fails where the resource has none: ask with `has()` first.'
      : '');
  return {
    range,
    markdown: `\`\`\`cel\n${word.path ?? word.word}: ${word.type}\n\`\`\`${words === '' ? '' : `\n\n${words}`}`,
  };
}
