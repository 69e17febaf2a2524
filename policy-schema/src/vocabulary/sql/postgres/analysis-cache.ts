import type { SqlAnalysis } from './analysis.ts';
import { analyzeSql } from './analyze.ts';
import { shapeOf } from './shape.ts';

export interface AnalysisCacheOptions {
  /** Entries of one generation, texts and shapes apart. */
  readonly maxEntries?: number;
  /** UTF-16 units of the keys of one generation. */
  readonly maxKeyLength?: number;
}

/**
 * Analyses by text and by shape. Each is kept in two generations of maps: when the young one is full it becomes the
 * old one and the old one goes. A hit moves nothing, since taking an entry out of a map and putting it in again costs
 * more than the map saves.
 */
export class AnalysisCache {
  readonly #texts: Generations;
  readonly #shapes: Generations;

  constructor({ maxEntries = 4096, maxKeyLength = 8 * 1024 * 1024 }: AnalysisCacheOptions = {}) {
    this.#texts = new Generations(maxEntries, maxKeyLength);
    this.#shapes = new Generations(maxEntries, maxKeyLength);
  }

  /**
   * The analysis of a text. Texts that differ in nothing but the values of literals, and where no fact depends on
   * those, share one object, which then has no `spans`.
   */
  get(text: string): SqlAnalysis {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const key = shapeOf(text)?.key;
    if (key === undefined) return this.#keep(text, analyzeSql(text));
    const hasLiterals = key !== text;
    const shared = hasLiterals ? this.#shapes.get(key) : undefined;
    // Kept by shape alone: a client that writes its values into its texts would fill the map of texts with them.
    if (shared !== undefined) return shared;
    const analysis = analyzeSql(text);
    if (!hasLiterals || !analysis.shapeSafe) return this.#keep(text, analysis);
    const { spans: _spans, ...shapeless } = analysis;
    this.#shapes.set(key, shapeless);
    return shapeless;
  }

  #keep(text: string, analysis: SqlAnalysis): SqlAnalysis {
    this.#texts.set(text, analysis);
    return analysis;
  }
}

class Generations {
  readonly #maxEntries: number;
  readonly #maxKeyLength: number;
  #young = new Map<string, SqlAnalysis>();
  #old = new Map<string, SqlAnalysis>();
  #keyLength = 0;

  constructor(maxEntries: number, maxKeyLength: number) {
    this.#maxEntries = maxEntries;
    this.#maxKeyLength = maxKeyLength;
  }

  get(key: string): SqlAnalysis | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, analysis: SqlAnalysis): void {
    if (key.length > this.#maxKeyLength) return;
    if (this.#young.size >= this.#maxEntries || this.#keyLength + key.length > this.#maxKeyLength) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#keyLength = 0;
    }
    this.#young.set(key, analysis);
    this.#keyLength += key.length;
  }
}
