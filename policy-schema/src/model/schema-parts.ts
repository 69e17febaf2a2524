import { timeSteps } from './policy.ts';
import { durationPattern, sizePattern } from './units.ts';

/** JSON Schema 2020-12, as far as it is used here. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Titles of the schemas whose errors have words and codes of their own; see schema-errors.ts, which does not compile
 * with one missing.
 */
export const titles = {
  name: 'Name',
  pattern: 'Pattern',
  duration: 'Duration',
  size: 'Size',
  step: 'Step',
  function: 'Function',
  approver: 'Approver',
  owner: 'Owner',
  group: 'Group',
  secret: 'Secret source',
  condition: 'Condition',
  time: 'Time',
} as const;

export type SchemaTitle = (typeof titles)[keyof typeof titles];

/** A number between these has an exact decimal form of few digits. */
const leastStep = 0.000001;
const greatestStep = 1_000_000_000_000;

/** A mapping whose keys are all known. */
export function mapping(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  more: JsonSchema = {},
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

/** A list with at least one item: an empty one would match nothing, which a deny rule must not do unseen. */
export function list(items: JsonSchema, description: string, more: JsonSchema = {}): JsonSchema {
  return { type: 'array', items, minItems: 1, description, ...more };
}

export function text(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: 'string', minLength: 1, description, ...more };
}

export function name(description: string): JsonSchema {
  return {
    type: 'string',
    title: titles.name,
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
    description,
  };
}

/** What {@link name} accepts, with `*` for any run of characters. */
export function patternText(examples: readonly string[] = []): JsonSchema {
  return { type: 'string', title: titles.pattern, minLength: 1, maxLength: 512, examples };
}

export function duration(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: 'string', title: titles.duration, pattern: durationPattern, description, ...more };
}

export function size(description: string, least: 0 | 1, more: JsonSchema = {}): JsonSchema {
  return {
    type: ['string', 'integer'],
    title: titles.size,
    pattern: sizePattern,
    minimum: least,
    description,
    ...more,
  };
}

/** The width of a bucket, of numbers or of times. */
export function step(description: string): JsonSchema {
  return {
    type: ['number', 'string'],
    title: titles.step,
    minimum: leastStep,
    maximum: greatestStep,
    pattern: `^(${timeSteps.join('|')})$`,
    description,
    examples: [10],
  };
}

export function count(description: string, least: 0 | 1, more: JsonSchema = {}): JsonSchema {
  return { type: 'integer', minimum: least, maximum: 1_000_000_000, description, ...more };
}

/** The two keys that every file of Gatehouse starts with. */
export function heading(kind: string): Readonly<Record<string, JsonSchema>> {
  return {
    gatehouse: { const: 'v1', description: 'The version of the language.' },
    kind: { const: kind, description: 'What the file holds.' },
  };
}
