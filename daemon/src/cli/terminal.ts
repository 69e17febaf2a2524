import { styleText } from 'node:util';

export type Format = Parameters<typeof styleText>[0];

/** Where a command writes. Styles follow the stream, NO_COLOR and FORCE_COLOR. */
export class Terminal {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  get interactive(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Undefined: not a terminal, so nothing is cut to a width. */
  get columns(): number | undefined {
    if (!this.interactive) return undefined;
    return Math.max(40, this.#stream.columns || 80);
  }

  paint(format: Format, text: string): string {
    return styleText(format, text, { stream: this.#stream });
  }

  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  write(text: string): void {
    this.#stream.write(text);
  }
}

export const out = new Terminal(process.stdout);
export const err = new Terminal(process.stderr);

/** One JSON value, for programs. */
export function json(value: unknown): void {
  out.line(JSON.stringify(value));
}
