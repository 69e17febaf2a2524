import { type CompiledCondition, compileCondition } from './condition.ts';

/**
 * Compiled conditions by source, in two generations: when the young map is full it becomes the old one, and the old one
 * goes. Compiled conditions hold no state, so whoever asks for the same text may have the same one.
 */
export class ConditionCache {
  readonly #maxEntries: number;
  readonly #maxLength: number;
  #young = new Map<string, CompiledCondition>();
  #old = new Map<string, CompiledCondition>();
  #length = 0;

  /**
   * @param maxEntries Of one generation. A workspace has some thousands of rules.
   * @param maxLength UTF-16 units of the sources of one generation
   */
  constructor(maxEntries = 4096, maxLength = 1024 * 1024) {
    this.#maxEntries = maxEntries;
    this.#maxLength = maxLength;
  }

  /** How many conditions are held. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(source: string): CompiledCondition {
    const young = this.#young.get(source);
    if (young !== undefined) return young;
    const compiled = this.#old.get(source) ?? compileCondition(source);
    if (source.length > this.#maxLength) return compiled;
    if (this.#young.size >= this.#maxEntries || this.#length + source.length > this.#maxLength) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#length = 0;
    }
    this.#young.set(source, compiled);
    this.#length += source.length;
    return compiled;
  }
}

/** Of this process: files are checked again and again, and few of their conditions change. */
const shared = new ConditionCache();

/** As {@link compileCondition} in the standard environment, once for each source. */
export function compiledCondition(source: string): CompiledCondition {
  return shared.get(source);
}

/** How many conditions are held for the process. */
export function compiledConditions(): number {
  return shared.size;
}
