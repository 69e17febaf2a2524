import { conditionFunctions } from '../conditions/functions.ts';
import { conditionVariables } from '../conditions/variables.ts';
import { policySchema } from '../model/policy-schema.ts';
import type { JsonSchema } from '../model/schema-parts.ts';
import { testSchema } from '../model/test-schema.ts';
import { workspaceSchema } from '../model/workspace-schema.ts';
import { diagnosticCodes } from '../syntax/codes.ts';
import { vocabularies } from '../vocabulary/registry.ts';

const begin = '<!-- reference: written by policy-schema/schema/write.ts -->';
const end = '<!-- end of reference -->';

/** A page with the part between its two marks replaced by the reference as it is now. */
export function withReference(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) return page;
  return `${page.slice(0, from + begin.length)}\n\n${languageReference()}\n${page.slice(to)}`;
}

/** The reference of the language in Markdown: every key, action, fact, function and code, from their declarations. */
export function languageReference(): string {
  return [
    '## Every key of a policy file',
    ...mappingTables(policySchema(), ''),
    '## Every key of gatehouse.yaml',
    ...mappingTables(workspaceSchema(), ''),
    '## Every key of a test file',
    ...mappingTables(testSchema(), ''),
    ...Object.values(vocabularies).map(({ name, actions }) =>
      [
        `## Actions of \`${name}\``,
        table(
          ['action', 'what it is'],
          Object.entries(actions).map(([kind, doc]) => [`\`${kind}\``, doc]),
        ),
      ].join('\n\n'),
    ),
    '## What a condition may name',
    table(
      ['name', 'type', 'what it is'],
      conditionVariables().map(({ path, type, doc }) => [`\`${path}\``, `\`${type}\``, doc]),
    ),
    '## Functions in conditions',
    table(
      ['function', 'what it does'],
      conditionFunctions.map(({ name, receiver, doc }) => [
        `\`${receiver === undefined ? '' : `${receiver}.`}${name}()\``,
        doc,
      ]),
    ),
    '## Codes of diagnostics',
    table(
      ['code', 'what it stands for'],
      Object.entries(diagnosticCodes).map(([code, doc]) => [`\`${code}\``, doc]),
    ),
    '',
  ].join('\n\n');
}

/** A table for a mapping and for each mapping inside of it. */
function mappingTables(schema: JsonSchema, path: string): string[] {
  const required = (schema.required ?? []) as readonly string[];
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const rows = properties.map(([key, property]) => [
    `\`${key}\``,
    valueText(property),
    required.includes(key) ? 'required' : 'default' in property ? `\`${show(property.default)}\`` : '',
    `${description(property)}${example(property)}`,
  ]);
  const inner = properties.flatMap(([key, property]) => {
    const items = property.items as JsonSchema | undefined;
    const at = path === '' ? key : `${path}.${key}`;
    if (items?.properties) return mappingTables(items, `${at}[]`);
    return property.properties ? mappingTables(property, at) : [];
  });
  const heading = path === '' ? [] : [`### \`${path}\``];
  return [...heading, table(['key', 'value', 'default', 'what it means'], rows), ...inner];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function valueText(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${show(schema.const)}\``;
  if (Array.isArray(schema.enum)) {
    const choices = [...new Set(schema.enum.map(String))];
    return choices.length > 8 ? 'see below' : choices.map((choice) => `\`${choice}\``).join(', ');
  }
  if (schema.type === 'array') {
    const items = (schema.items ?? {}) as JsonSchema;
    if (items.properties) return 'list of mappings';
    return Array.isArray(items.enum) ? 'list of actions' : `list of ${plural(valueText(items))}`;
  }
  if (schema.type === 'object') {
    if (schema.properties) return 'mapping';
    const { type } = (schema.additionalProperties ?? {}) as JsonSchema;
    return type === 'array' ? 'mapping of lists' : 'mapping of text';
  }
  if (typeof schema.title === 'string' && schema.title !== 'Secret source') return schema.title.toLowerCase();
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type === 'integer' ? 'whole number' : 'text';
}

function plural(noun: string): string {
  return noun === 'text' ? 'texts' : `${noun}s`;
}

function description(schema: JsonSchema): string {
  return String(schema.description ?? '').split('\n')[0] ?? '';
}

function example(schema: JsonSchema): string {
  const items = (schema.items ?? {}) as JsonSchema;
  if (Array.isArray(schema.examples)) return ` Example: \`${show(schema.examples[0])}\`.`;
  return Array.isArray(items.examples) && items.examples.length > 0
    ? ` Example: \`${show(items.examples)}\`.`
    : '';
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
