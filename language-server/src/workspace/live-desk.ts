import { CheckSession } from '@gatehouse/policy-schema/check/session.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { deskOfFiles } from '../desk-from.ts';
import type { Desk, LiveNames, Traffic } from '../desk.ts';

/** UTF-16 units of text that are parsed so fast that nobody waits. */
const atOnce = 64 * 1024;

/**
 * The files of one workspace folder as they stand: what is open in the editor, and what lies on the disk for the rest.
 * Names are relative to the folder, with `/`.
 */
export class LiveDesk {
  readonly #disk = new Map<string, string>();
  readonly #open = new Map<string, string>();
  readonly #session = new CheckSession({ workspaceFile });
  #live: LiveNames | undefined;
  #traffic: Traffic | undefined;
  #desk: Desk | undefined;

  /** What lies on the disk; undefined when the file is gone. */
  setDisk(file: string, text: string | undefined): void {
    if (text === undefined) this.#disk.delete(file);
    else this.#disk.set(file, text);
    this.#show(file);
  }

  /** What stands in the editor; undefined when it was closed. */
  setOpen(file: string, text: string | undefined): void {
    if (text === undefined) this.#open.delete(file);
    else this.#open.set(file, text);
    this.#show(file);
  }

  setLive(live: LiveNames | undefined): void {
    this.#live = live;
    this.#desk = undefined;
  }

  /** @returns whether that is another than before */
  setTraffic(traffic: Traffic | undefined): boolean {
    const isOther = JSON.stringify(traffic) !== JSON.stringify(this.#traffic);
    this.#traffic = traffic;
    this.#desk = undefined;
    return isOther;
  }

  /** The texts in the editor, by file. */
  get openTexts(): ReadonlyMap<string, string> {
    return this.#open;
  }

  get diskFiles(): readonly string[] {
    return [...this.#disk.keys()];
  }

  isOpen(file: string): boolean {
    return this.#open.has(file);
  }

  /** Whether asking about any file costs little. Not so at the start, while many files are unread. */
  get isRead(): boolean {
    return this.#session.unread < atOnce;
  }

  /** Read for some milliseconds. @returns Whether all is read */
  readSome(milliseconds: number): boolean {
    return this.#session.readSome(milliseconds);
  }

  /** Errors that a file has whatever the others say. */
  early(file: string): readonly Diagnostic[] {
    return this.#session.early(file);
  }

  /** All files at this moment, a value. */
  get desk(): Desk {
    this.#desk ??= deskOfFiles(this.#session.checked, this.#live, this.#traffic);
    return this.#desk;
  }

  #show(file: string): void {
    this.#session.setFile(file, this.#open.get(file) ?? this.#disk.get(file));
    this.#desk = undefined;
  }
}
