import type { RecordLine } from '@gatehouse/daemon/recordings/entry.ts';

/** The record's lines as they come, kept until the next step. */
export class RecordLines {
  #lines: RecordLine[] = [];
  #wake = () => {};

  add(line: RecordLine): void {
    this.#lines.push(line);
    this.#wake();
  }

  forget(): void {
    this.#lines = [];
  }

  async first<Kind extends RecordLine['kind']>(kind: Kind): Promise<Extract<RecordLine, { kind: Kind }>> {
    for (;;) {
      const found = this.#lines.find((line) => line.kind === kind);
      if (found !== undefined) return found as Extract<RecordLine, { kind: Kind }>;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
