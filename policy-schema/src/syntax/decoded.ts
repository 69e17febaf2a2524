/** What decoders of scalars share: the value as it grows, with the place of each unit. */

export interface Decoded {
  readonly value: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Where a line ends, its break included. */
export interface Break {
  readonly start: number;
  readonly end: number;
}

export class DecodedBuilder {
  value = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #source: string;
  readonly #base: number;

  /** Positions given to the methods are relative to `source`, which stands at `base` in the file. */
  constructor(source: string, base: number) {
    this.#source = source;
    this.#base = base;
  }

  put(text: string, start: number, end: number): void {
    for (let i = 0; i < text.length; i++) {
      this.starts.push(this.#base + start);
      this.ends.push(this.#base + end);
    }
    this.value += text;
  }

  copy(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.starts.push(this.#base + i);
      this.ends.push(this.#base + i + 1);
    }
    this.value += this.#source.slice(from, to);
  }

  /** `count` newlines for the last of `breaks`, or one space for a single break. */
  fold(breaks: readonly Break[], count: number): void {
    if (count === 0) {
      const only = breaks[0];
      if (only) this.put(' ', only.start, only.end);
      return;
    }
    for (const at of breaks.slice(-count)) this.put('\n', at.start, at.end);
  }
}
