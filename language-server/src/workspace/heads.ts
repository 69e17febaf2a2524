import type { Folder } from './folders.ts';
import { type Head, readHead } from './head.ts';

/** Commits come seldom, and asking Git costs two processes. */
const everyMs = 10_000;

interface Known {
  readonly head: Head | undefined;
  readonly at: number;
}

/** The last commit of each folder, asked for again when it may have moved. */
export class Heads {
  readonly #known = new Map<Folder, Known>();
  readonly #asking = new Map<Folder, Promise<Head | undefined>>();

  /** What is known now; undefined while nobody has asked, or where there is none. */
  of(folder: Folder): Head | undefined {
    return this.#known.get(folder)?.head;
  }

  /** Ask again, unless that was just done. Whether it is another one than before. */
  async refresh(folder: Folder): Promise<boolean> {
    const known = this.#known.get(folder);
    if (known !== undefined && Date.now() - known.at < everyMs) return false;
    let asking = this.#asking.get(folder);
    if (asking === undefined) {
      asking = readHead(folder.root, known?.head).finally(() => this.#asking.delete(folder));
      this.#asking.set(folder, asking);
    }
    const head = await asking;
    this.#known.set(folder, { head, at: Date.now() });
    return head !== known?.head;
  }

  /** What was known may be old: something changed on the disk. */
  expire(): void {
    for (const [folder, { head }] of this.#known) this.#known.set(folder, { head, at: 0 });
  }
}
