import { policySchema } from './policy-schema.ts';
import { testSchema } from './test-schema.ts';
import { workspaceSchema } from './workspace-schema.ts';

/** The schemas as files for editors and other tools, by name in docs/schema/v1/. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({ policy: policySchema(), workspace: workspaceSchema(), test: testSchema() }).map(
      ([name, schema]) => [`${name}.schema.json`, `${layOut(schema, '', 0)}\n`],
    ),
  );
}

const lineWidth = 110;

/** JSON in the repository's format: mappings over lines, lists on one line where they fit. */
function layOut(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = onOneLine(value);
    const flat = value.every((item) => typeof item !== 'object' || item === null || Array.isArray(item));
    // One more for the comma behind.
    if (flat && indent.length + before + line.length + 1 <= lineWidth) return line;
    return `[\n${value.map((item) => `${inner}${layOut(item, inner, 0)}`).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${layOut(member, inner, name.length)}`;
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

function onOneLine(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(onOneLine).join(', ')}]` : JSON.stringify(value);
}
