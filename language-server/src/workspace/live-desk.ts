import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { deskFrom } from '../desk-from.ts';
import type { Desk, LiveNames } from '../desk.ts';

/**
 * The files of one workspace folder as they stand: what is open in the editor, and what lies on the disk for the rest.
 * Names are relative to the folder, with `/`.
 */
export class LiveDesk {
  readonly #disk = new Map<string, string>();
  readonly #open = new Map<string, string>();
  #live: LiveNames | undefined;
  #desk: Desk | undefined;

  /** What lies on the disk; undefined when the file is gone. */
  setDisk(file: string, text: string | undefined): void {
    if (text === undefined) this.#disk.delete(file);
    else this.#disk.set(file, text);
    if (!this.#open.has(file)) this.#desk = undefined;
  }

  /** What stands in the editor; undefined when it was closed. */
  setOpen(file: string, text: string | undefined): void {
    if (text === undefined) this.#open.delete(file);
    else this.#open.set(file, text);
    this.#desk = undefined;
  }

  setLive(live: LiveNames | undefined): void {
    this.#live = live;
    this.#desk = undefined;
  }

  get diskFiles(): readonly string[] {
    return [...this.#disk.keys()];
  }

  isOpen(file: string): boolean {
    return this.#open.has(file);
  }

  get desk(): Desk {
    this.#desk ??= deskFrom(new Map([...this.#disk, ...this.#open]), workspaceFile, this.#live);
    return this.#desk;
  }
}
