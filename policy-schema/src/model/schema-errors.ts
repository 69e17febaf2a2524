import type { ErrorObject } from 'ajv';
import type { DiagnosticCode } from '../syntax/codes.ts';
import type { Diagnostic, TextEdit, TextRange } from '../syntax/diagnostic.ts';
import { yamlScalar } from '../syntax/edits.ts';
import type { SourceFile } from '../syntax/source.ts';
import { suggest } from '../syntax/suggest.ts';
import {
  entryOf,
  headOf,
  type Place,
  placeAt,
  pointerSteps,
  rangeOf,
  type SyntaxNode,
} from '../syntax/tree.ts';
import { type Grammar, grammars } from './grammars.ts';
import { misplacedKeyHint } from './key-hints.ts';
import { type JsonSchema, type SchemaTitle, titles } from './schema-parts.ts';

interface Finding {
  readonly range: TextRange;
  readonly code: DiagnosticCode;
  readonly message: string;
  /** What is most likely meant, in the place of the range or of another. */
  readonly instead?: { readonly title: string; readonly edit: Omit<TextEdit, 'file'> };
}

/** Something to write in the place of a range. */
function write(
  range: TextRange,
  text: string,
  title = `Write \`${text}\``,
): Required<Pick<Finding, 'instead'>> {
  return { instead: { title, edit: { start: range.start, end: range.end, text } } };
}

/**
 * Turn a schema error into a diagnostic at the exact key or value. Values are quoted only where they come from a list
 * of possible ones, so that a mistyped file never puts a secret into a message.
 */
export function schemaDiagnostic(
  source: SourceFile,
  root: SyntaxNode,
  error: ErrorObject,
): Diagnostic | undefined {
  const steps = pointerSteps(error.instancePath);
  const place = placeAt(root, steps) ?? { node: root };
  const finding = explain(error, place, keyName(steps), steps);
  if (finding === undefined) return undefined;
  const { range, code, message, instead } = finding;
  const diagnostic = source.diagnostic(range, code, message);
  if (instead === undefined) return diagnostic;
  // Never safe: nobody but the writer knows what was meant.
  const edits = [{ file: source.file, ...instead.edit }];
  return { ...diagnostic, fixes: [{ title: instead.title, safety: 'unsafe', edits }] };
}

/** The known key that an `additionalProperties` error's key most likely means. */
export function meantKey(error: ErrorObject): string | undefined {
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
  return suggest(String(error.params.additionalProperty), known);
}

function explain(
  error: ErrorObject,
  place: Place,
  key: string,
  steps: readonly string[],
): Finding | undefined {
  const params = error.params as Readonly<Record<string, unknown>>;
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const at = rangeOf(place);
  const grammar = grammars[schema.title as SchemaTitle] as Grammar | undefined;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(String(params.additionalProperty), place, schema, steps);
    case 'required':
      return missingKey(String(params.missingProperty), place, schema);
    case 'enum':
      return unknownValue(place, key, schema.enum as readonly unknown[]);
    case 'const':
      return {
        range: at,
        code: place.node.kind === 'scalar' && place.node.value !== null ? 'unknown-value' : 'wrong-type',
        message: `Write \`${key}: ${String(schema.const)}\`.`,
        ...(place.node.kind === 'scalar' && place.node.value !== null && write(at, String(schema.const))),
      };
    case 'propertyNames':
      // The error inside says what is wrong with the key.
      return undefined;
    case 'type':
      if (grammar?.anyType) return { range: at, code: grammar.code, message: `\`${key}\` ${grammar.advice}` };
      return wrongType(place, key, schema);
    case 'maxProperties':
      return {
        range: headOf(place),
        code: 'misplaced-key',
        message: `\`${key}\` takes one of ${keysOf(schema)}, not several.`,
      };
    case 'minProperties':
      if (grammar) return { range: at, code: 'missing-key', message: `\`${key}\` ${grammar.advice}` };
      return {
        range: headOf(place),
        code: 'missing-key',
        message: `\`${key}\` is empty. Write at least one of ${keysOf(schema)}.`,
      };
    case 'minItems':
      return {
        range: at,
        code: 'out-of-range',
        message: `The list \`${key}\` is empty and would match nothing. Name something, or leave the key out.`,
      };
    default:
      return outOfRange(error, place, key, schema, grammar);
  }
}

function outOfRange(
  error: ErrorObject,
  place: Place,
  key: string,
  schema: JsonSchema,
  grammar: Grammar | undefined,
): Finding {
  if (error.propertyName !== undefined) {
    const range = entryOf(place.node, error.propertyName)?.keyRange ?? rangeOf(place);
    return { range, code: 'bad-name', message: `A key of \`${key}\` ${(grammar ?? grammars.Name).advice}` };
  }
  const range = rangeOf(place);
  if (grammar) return { range, code: grammar.code, message: `\`${key}\` ${grammar.advice}` };
  const bounds = [
    bound(schema.minimum ?? schema.minLength, 'at least'),
    bound(schema.maximum ?? schema.maxLength, 'at most'),
  ];
  const unit = schema.type === 'string' ? 'characters long' : '';
  const message = `\`${key}\` must be ${bounds.filter((part) => part !== '').join(' and ')} ${unit}`.trim();
  return { range, code: 'out-of-range', message: `${message}.` };
}

function bound(limit: unknown, words: string): string {
  return typeof limit === 'number' ? `${words} ${limit}` : '';
}

function unknownKey(key: string, place: Place, schema: JsonSchema, steps: readonly string[]): Finding {
  const known = Object.keys((schema.properties ?? {}) as object);
  const range = entryOf(place.node, key)?.keyRange ?? rangeOf(place);
  if (schema.title === titles.secret) {
    return {
      range,
      code: 'secret-in-file',
      message: `\`${keyName(steps)}\` ${grammars['Secret source'].advice}`,
    };
  }
  const meant = suggest(key, known);
  const hint = meant === undefined ? misplacedKeyHint(key, steps) : `Did you mean \`${meant}\`?`;
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  const choices = known.length > 0 ? `Known here: ${known.join(', ')}.` : 'No key is known here.';
  const message = `Unknown key \`${shown}\`. ${hint ?? choices}`;
  return { range, code: 'unknown-key', message, ...(meant !== undefined && write(range, meant)) };
}

function missingKey(key: string, place: Place, schema: JsonSchema): Finding {
  const declared = ((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>)[key] ?? {};
  const doc = typeof declared.description === 'string' ? ` ${firstSentence(declared.description)}` : '';
  const fixed = typeof declared.const === 'string' ? ` Write \`${key}: ${declared.const}\`.` : '';
  const values = Array.isArray(declared.enum) ? ` One of ${declared.enum.join(', ')}.` : '';
  return {
    range: headOf(place),
    code: 'missing-key',
    message: `The key \`${key}\` is missing.${fixed || doc}${values}`,
  };
}

function unknownValue(place: Place, key: string, allowed: readonly unknown[]): Finding {
  const choices = [...new Set(allowed.map(String))];
  const range = rangeOf(place);
  if (place.node.kind !== 'scalar' || place.node.value === null) {
    return {
      range,
      code: 'wrong-type',
      message: `\`${key}\` takes one of ${choices.join(', ')}; found ${found(place)}.`,
    };
  }
  const given = String(place.node.value);
  const meant = suggest(given, choices);
  const shown = given.length > 60 ? `${given.slice(0, 60)}…` : given;
  const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
  const list = meant !== undefined && choices.length > 8 ? '' : ` Possible: ${choices.join(', ')}.`;
  return {
    range,
    code: 'unknown-value',
    message: `\`${key}\` cannot be \`${shown}\`.${hint}${list}`,
    ...(meant !== undefined && write(range, meant)),
  };
}

function wrongType(place: Place, key: string, schema: JsonSchema): Finding {
  const wanted = wantedType(schema);
  const message = `\`${key}\` must be ${wanted}; found ${found(place)}.${typeHint(place, key, schema)}`;
  const range = rangeOf(place);
  const { node } = place;
  const isOne = schema.type === 'array' && node.kind === 'scalar' && typeof node.value === 'string';
  const isNumber = schema.type === 'string' && node.kind === 'scalar' && node.value !== null;
  const text = isOne ? yamlScalar(String(node.value)) : isNumber ? `"${String(node.value)}"` : undefined;
  return {
    range,
    code: 'wrong-type',
    message,
    // A title never quotes what the file holds, which may be a secret in the wrong place.
    ...(text !== undefined &&
      write(range, isOne ? `[${text}]` : text, isOne ? 'Make it a list' : 'Put it in quotes')),
  };
}

function wantedType(schema: JsonSchema): string {
  switch (schema.type) {
    case 'array':
      return 'a list';
    case 'object':
      return 'a mapping of keys to values';
    case 'integer':
      return 'a whole number';
    case 'string':
      return 'text';
    default:
      return 'another type of value';
  }
}

function found({ node }: Place): string {
  if (node.kind === 'mapping') return 'a mapping';
  if (node.kind === 'sequence') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'text';
  return typeof node.value === 'number' ? 'a number' : `the truth value ${String(node.value)}`;
}

function typeHint({ node }: Place, key: string, schema: JsonSchema): string {
  if (node.kind !== 'scalar') return '';
  if (schema.type === 'array')
    return node.value === null
      ? ' Leave the key out, or name something.'
      : ` Write \`${key}: [...]\`, also for a single one.`;
  if (schema.type === 'string' && node.value !== null) return ' Put it in quotes.';
  if (schema.type === 'object' && node.value === null)
    return ` Indent what belongs to \`${key}\` below it, or leave it out.`;
  return '';
}

function keysOf(schema: JsonSchema): string {
  return Object.keys((schema.properties ?? {}) as object)
    .map((key) => `\`${key}\``)
    .join(', ');
}

/** The nearest key on the way to a value: an item of `tables` is spoken of as `tables`. */
function keyName(steps: readonly string[]): string {
  return steps.findLast((step) => !/^[0-9]+$/.test(step)) ?? 'file';
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}
