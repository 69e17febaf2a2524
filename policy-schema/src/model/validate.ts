import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { plainValue } from '../syntax/tree.ts';
import { policySchema } from './policy-schema.ts';
import { meantKey, schemaDiagnostic } from './schema-errors.ts';
import type { JsonSchema } from './schema-parts.ts';
import { testSchema } from './test-schema.ts';
import { workspaceSchema } from './workspace-schema.ts';

export type FileKind = 'Policy' | 'Workspace' | 'Test';

const schemas: Readonly<Record<FileKind, () => JsonSchema>> = {
  Policy: policySchema,
  Workspace: workspaceSchema,
  Test: testSchema,
};
const compiled = new Map<FileKind, ValidateFunction>();
/** More of them help no one, and each costs work. */
const maxErrors = 100;

function validator(kind: FileKind): ValidateFunction {
  let validate = compiled.get(kind);
  if (!validate) {
    // Ours are held against the meta schema by a test, and tidying the code takes longer than it will ever run: both
    // would cost every start of the command and of the editor.
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      allowUnionTypes: true,
      strict: true,
      validateSchema: false,
      code: { optimize: false },
    });
    validate = ajv.compile(schemas[kind]());
    compiled.set(kind, validate);
  }
  return validate;
}

/**
 * Hold a parsed file against the schema of its kind.
 * @returns The plain value, of the schema's shape, when there is no error; and what there is to say.
 */
export function validateFile(
  kind: FileKind,
  parsed: ParsedYaml,
): { value?: unknown; diagnostics: Diagnostic[] } {
  const { root, source } = parsed;
  if (root === undefined) return { diagnostics: [...parsed.diagnostics] };
  if (root.kind !== 'mapping') {
    const empty = root.kind === 'scalar' && root.value === null;
    const message = `${empty ? 'The file is empty' : 'The file is no mapping of keys to values'}. It starts with \`gatehouse: v1\` and \`kind: ${kind}\`.`;
    return { diagnostics: [source.diagnostic(root.range, empty ? 'missing-key' : 'wrong-type', message)] };
  }
  const value = plainValue(root);
  const validate = validator(kind);
  if (validate(value)) return { value, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const errors = (validate.errors ?? []).slice(0, maxErrors);
  for (const error of errors) {
    if (isMistyped(error, errors)) continue;
    const diagnostic = schemaDiagnostic(source, root, error);
    if (diagnostic && !diagnostics.some((other) => sameFinding(other, diagnostic)))
      diagnostics.push(diagnostic);
  }
  return { diagnostics };
}

/** A missing key needs no words of its own where an unknown one beside it surely means it. */
function isMistyped(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  const missing = String(error.params.missingProperty);
  return errors.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      meantKey(other) === missing,
  );
}

function sameFinding(a: Diagnostic, b: Diagnostic): boolean {
  return a.range.start === b.range.start && a.code === b.code && a.message === b.message;
}
