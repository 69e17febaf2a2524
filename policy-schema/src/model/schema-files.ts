import { policySchema } from './policy-schema.ts';
import { workspaceSchema } from './workspace-schema.ts';

/** The schemas as files for editors and other tools, by name in policy-schema/schema/. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({ policy: policySchema(), workspace: workspaceSchema() }).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
}
