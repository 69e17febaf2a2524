import { policySchema } from '@gatehouse/policy-schema/model/policy-schema.ts';
import type { JsonSchema } from '@gatehouse/policy-schema/model/schema-parts.ts';
import { testSchema } from '@gatehouse/policy-schema/model/test-schema.ts';
import type { FileKind } from '@gatehouse/policy-schema/model/validate.ts';
import { workspaceSchema } from '@gatehouse/policy-schema/model/workspace-schema.ts';
import type { Step } from './yaml-spot.ts';

const schemas: Readonly<Record<FileKind, JsonSchema>> = {
  Policy: policySchema(),
  Workspace: workspaceSchema(),
  Test: testSchema(),
};

/** The schema of what stands at a path; undefined for what no file has there. */
export function schemaAt(kind: FileKind, path: readonly Step[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = schemas[kind];
  for (const step of path) {
    if (schema === undefined) return undefined;
    schema =
      typeof step === 'number'
        ? objectOf(schema.items)
        : (propertiesOf(schema)[step] ?? objectOf(schema.additionalProperties));
  }
  return schema;
}

/** The keys of a mapping with their schemas; none for what is no mapping. Those of several forms stand together. */
export function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const forms = (schema?.oneOf ?? schema?.anyOf ?? []) as readonly JsonSchema[];
  return Object.assign(
    {},
    ...forms.map((form) => form.properties ?? {}),
    (schema?.properties ?? {}) as Readonly<Record<string, JsonSchema>>,
  );
}

function objectOf(schema: unknown): JsonSchema | undefined {
  return typeof schema === 'object' && schema !== null ? (schema as JsonSchema) : undefined;
}

/** What a schema says of itself, in Markdown: its words, the values that it takes, its default and examples. */
export function schemaWords(schema: JsonSchema): string {
  const parts: string[] = [];
  if (typeof schema.description === 'string') parts.push(schema.description);
  const values = valuesOf(schema);
  const long = typeof schema.description === 'string' && schema.description.includes('\n- ');
  if (values.length > 0 && !long) parts.push(`One of ${values.map((value) => `\`${value}\``).join(', ')}.`);
  if (schema.default !== undefined && !isEmpty(schema.default))
    parts.push(`Default: \`${show(schema.default)}\`.`);
  const examples = Array.isArray(schema.examples) ? schema.examples : [];
  if (examples.length > 0) parts.push(`Example: \`${show(examples[0])}\``);
  return parts.join('\n\n');
}

/** The values that a schema takes, where it takes a few. */
export function valuesOf(schema: JsonSchema): readonly string[] {
  if (schema.const !== undefined) return [show(schema.const)];
  if (schema.type === 'boolean') return ['true', 'false'];
  return Array.isArray(schema.enum) ? [...new Set(schema.enum.map(String))] : [];
}

/** The words about one value, where the description has a line for it: `- value: words` or `` `value`: words. ``. */
export function valueWords(schema: JsonSchema, value: string): string | undefined {
  const text = typeof schema.description === 'string' ? schema.description : '';
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return (
    new RegExp(`^- \`${escaped}\`: (.*)$`, 'm').exec(text)?.[1] ??
    new RegExp(`\`${escaped}\`: ([^\`]*?\\.)(?= \`|$)`).exec(text)?.[1]
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
