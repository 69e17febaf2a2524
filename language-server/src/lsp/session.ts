import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import type { ClientCapabilities, Connection, TextDocumentPositionParams } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { Desk, DeskFile } from '../desk.ts';
import { type Folder, Folders, type Place } from '../workspace/folders.ts';
import { type FindingPlaces, toOffset } from './convert.ts';

/** A file that a request speaks of, as it stands. */
export interface At {
  readonly folder: Folder;
  readonly desk: Desk;
  readonly file: DeskFile;
  readonly source: SourceFile;
}

/** Something changed: one file in the editor, or what lies outside of it (the disk, Git, the daemon). */
export interface Change {
  readonly place?: Place;
  readonly outside: boolean;
}

/** What handlers share: the folders, and the way from an address to a file of a desk. */
export class Session {
  readonly folders = new Folders();
  readonly connection: Connection;
  readonly client: ClientCapabilities;
  /** Nobody has trusted the folders: no program is run in them. */
  readonly untrusted: boolean;
  readonly #pages: string | undefined;
  readonly #listeners: ((change: Change) => void)[] = [];
  readonly #closers: (() => void)[] = [];
  /** Resolves once what the client told of the disk was read. */
  #settled: Promise<unknown> = Promise.resolve();
  #lastEdit = Number.NEGATIVE_INFINITY;

  /** @param pages folder with the pages of the codes, as an address that ends in `/` */
  constructor(
    connection: Connection,
    client: ClientCapabilities,
    { pages, untrusted }: { readonly pages: string | undefined; readonly untrusted: boolean },
  ) {
    this.untrusted = untrusted;
    this.connection = connection;
    this.client = client;
    this.#pages = pages;
  }

  /** The file at an address, once its folder was read; undefined when it is none of Gatehouse's. */
  async at(uri: string): Promise<At | undefined> {
    const place = this.folders.placeOf(pathOf(uri));
    if (place === undefined) return undefined;
    await this.settled(place.folder);
    return atOf(place.folder, place.file);
  }

  /** The answer to a request about a place in a file; null where the file is none of Gatehouse's. */
  async answer<Result>(
    { textDocument, position }: TextDocumentPositionParams,
    work: (place: { readonly at: At; readonly offset: number }) => Result,
  ): Promise<Result | null> {
    const at = await this.at(textDocument.uri);
    return at ? work({ at, offset: toOffset(at.source, position) }) : null;
  }

  /** Work that must end before any request is answered. */
  during(work: Promise<unknown>): void {
    this.#settled = Promise.all([this.#settled, work]);
  }

  async settled(folder: Folder): Promise<void> {
    await Promise.all([this.#settled, folder.ready]);
  }

  /** Resolves when no key was pressed for a while, for what takes long and need not follow each key. */
  async rested(milliseconds: number): Promise<void> {
    const left = (): number => this.#lastEdit + milliseconds - performance.now();
    while (left() > 0) await setTimeout(left(), undefined, { ref: false });
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  changed(change: Change): void {
    if (change.place) this.#lastEdit = performance.now();
    for (const listener of this.#listeners) listener(change);
  }

  /** Called when the server shuts down. */
  onClose(closer: () => void): void {
    this.#closers.push(closer);
  }

  close(): void {
    for (const closer of this.#closers) closer();
  }

  uriOf(folder: Folder, file: string): string {
    return URI.file(path.join(folder.root, file)).toString();
  }

  pageOf(code: string): string | undefined {
    return this.#pages === undefined ? undefined : `${this.#pages}${code}.md`;
  }

  placesOf(folder: Folder): FindingPlaces {
    const { files } = folder.desk.desk;
    return { ...this.addressesOf(folder), sourceOf: (file) => files.get(file)?.parsed.source };
  }

  addressesOf(folder: Folder): Omit<FindingPlaces, 'sourceOf'> {
    return {
      uriOf: (file) => this.uriOf(folder, file),
      pageOf: (code) => this.pageOf(code),
    };
  }
}

export function atOf(folder: Folder, name: string): At | undefined {
  const { desk } = folder.desk;
  const file = desk.files.get(name);
  return file && { folder, desk, file, source: file.parsed.source };
}

export function pathOf(uri: string): string {
  return URI.parse(uri).fsPath;
}
