import { compilePattern } from './pattern.ts';

/** What an entry of `applies.to` is held against. */
export interface AppliesTarget {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Compile an entry of `applies.to`: a resource's name, or `label=value` for a label's value. `*` is for any run of
 * characters in the name or value; a label's key stands for itself.
 */
export function compileTarget(entry: string): (resource: AppliesTarget) => boolean {
  const equals = entry.indexOf('=');
  if (equals === -1) {
    const matches = compilePattern(entry);
    return (resource) => matches(resource.name);
  }
  const key = entry.slice(0, equals);
  const matches = compilePattern(entry.slice(equals + 1));
  return (resource) => {
    const value = Object.hasOwn(resource.labels, key) ? resource.labels[key] : undefined;
    return value !== undefined && matches(value);
  };
}
