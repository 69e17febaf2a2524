import type { Folder } from './folders.ts';
import { type Head, readHead } from './head.ts';

/** Commits come seldom, lenses are asked for on each keystroke, and asking Git costs a process. */
const restMs = 10_000;

/** The last commit of each folder, asked for again when it may have moved. */
export class Heads {
  readonly #known = new Map<Folder, { readonly head: Promise<Head | undefined>; readonly at: number }>();

  /** Undefined where there is no Git, no repository or no commit. */
  of(folder: Folder): Promise<Head | undefined> {
    const known = this.#known.get(folder);
    if (known !== undefined && Date.now() - known.at < restMs) return known.head;
    const before = known?.head ?? Promise.resolve(undefined);
    const head = before.then((last) => readHead(folder.root, last));
    // The first commit is not to be waited for.
    void head.then((found) => found ?? this.#known.delete(folder));
    this.#known.set(folder, { head, at: Date.now() });
    return head;
  }

  /** Something changed on the disk, perhaps the commit too. */
  expire(): void {
    for (const [folder, { head }] of this.#known) this.#known.set(folder, { head, at: 0 });
  }
}
