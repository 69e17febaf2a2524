import { isDeepStrictEqual } from 'node:util';
import type { SessionEffect } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { LineageCatalog } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import { Catalog, type CatalogView } from './catalog.ts';
import { readSessionProbe, type SessionPath, sessionProbeText, type WantedNames } from './catalog-probe.ts';
import { lineageCatalog } from './lineage-catalog.ts';
import { changesPath } from './name-changes.ts';
import { isTemporary, SessionNames } from './session-names.ts';
import type { SessionState } from './session-state.ts';

type Rows = readonly (readonly (string | null)[])[];

export interface SessionViewOptions {
  /** Shared by the sessions of a resource. */
  readonly catalog: Catalog;
  readonly state: SessionState;
  /** Ask the server, which must be idle. */
  readonly probe: (sql: string) => Promise<Rows>;
}

/** The catalog for lineage, and what it was taken from. */
export interface LineageNames {
  readonly lineage: LineageCatalog;
  readonly catalog: CatalogView;
}

/** What names mean to one session: its search path, and the catalog as it sees it. */
export class SessionView {
  readonly #options: SessionViewOptions;
  /** The resource's catalog, or one of this session alone while it sees what others do not. */
  #catalog: Catalog;
  #path: SessionPath = { schemas: [], setting: '', role: '' };
  /** The path in one string. */
  #pathKey = '';
  /** The catalog's version when the path was asked: schemas come and go, and with them what the path leads to. */
  #pathVersion = -1;
  /** The search path or role was changed inside this transaction, whose end may undo it. */
  #pathTouched = false;
  #ddlPending = false;
  /** One catalog for lineage as long as all that it depends on is the same. */
  #lineage: (LineageNames & { readonly path: SessionPath }) | undefined;

  constructor(options: SessionViewOptions) {
    this.#options = options;
    this.#catalog = options.catalog;
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Ask the session what its names mean by now. */
  async refresh(): Promise<void> {
    const { version } = this.#catalog;
    const path = readSessionProbe(await this.#options.probe(sessionProbeText));
    if (!isDeepStrictEqual(path, this.#path)) this.#path = path;
    this.#pathKey = path.schemas.join('\0');
    this.#pathVersion = version;
    // Code may have made temporary tables whose names nobody told.
    if (this.#seesOther() && this.#isShared) {
      this.#seesAlone();
      this.#pathVersion = this.#catalog.version;
    }
  }

  /** The names as far as they are known without a question; undefined where one must be asked. */
  known(wanted: WantedNames): SessionNames | undefined {
    this.#settle();
    this.#catalog.expire();
    const usesNames = wanted.relations.length > 0 || wanted.functions.length > 0;
    if (usesNames && (this.#pathVersion !== this.#catalog.version || !this.#catalog.knows(wanted)))
      return undefined;
    return new SessionNames(this.#catalog.view, this.#path.schemas);
  }

  /** Learn what is not known of `wanted`. The server must be idle. */
  async learn(wanted: WantedNames): Promise<SessionNames> {
    for (;;) {
      if (this.#pathVersion !== this.#catalog.version) await this.refresh();
      const view: CatalogView = await this.#catalog.learn(wanted, this.#options.probe);
      // While one question was answered, another session may have changed what the other answer was about.
      if (view.version === this.#pathVersion) return new SessionNames(view, this.#path.schemas);
    }
  }

  /** Like {@link known}, for the lineage of a statement with these names. Asked for only where masks are in force. */
  knownForLineage(wanted: WantedNames): LineageNames | undefined {
    this.#settle();
    this.#catalog.expire();
    if (this.#pathVersion !== this.#catalog.version || !this.#catalog.knowsForLineage(wanted))
      return undefined;
    return this.#lineageIn(this.#catalog.view);
  }

  /** Learn what lineage needs to know of `wanted`. The server must be idle. */
  async learnForLineage(wanted: WantedNames): Promise<LineageNames> {
    for (;;) {
      if (this.#pathVersion !== this.#catalog.version) await this.refresh();
      const view = await this.#catalog.learnForLineage(wanted, this.#options.probe);
      if (view.version === this.#pathVersion) return this.#lineageIn(view);
    }
  }

  #lineageIn(view: CatalogView): LineageNames {
    if (this.#lineage?.catalog !== view || this.#lineage.path !== this.#path) {
      this.#lineage = { catalog: view, path: this.#path, lineage: lineageCatalog(view, this.#path) };
    }
    return this.#lineage;
  }

  get pathTouched(): boolean {
    return this.#pathTouched;
  }

  /** All that the meaning of names depends on, besides the names themselves. */
  get key(): string {
    return this.#isShared ? this.#pathKey : `\n${this.#pathKey}`;
  }

  /** Unqualified names may mean something else from now on. */
  pathChanged(): void {
    this.#pathVersion = -1;
    this.#pathTouched = true;
  }

  /** The server reported another search path. */
  pathReported(): void {
    this.#pathVersion = -1;
  }

  /** Code that nobody here has read was run, whether it succeeded or not. */
  codeRan(block: boolean): void {
    this.pathChanged();
    if (!this.#isShared) this.#catalog.invalidate();
    if (block) this.#changed();
  }

  /** A statement with this effect has completed. */
  apply(effect: SessionEffect): void {
    if (changesPath(effect)) this.pathChanged();
    switch (effect.kind) {
      case 'ddl':
        this.#changed();
        break;
      case 'temp-table':
      case 'discard':
        this.#seesAlone();
        break;
      case 'transaction':
        this.#transaction(effect.what);
        break;
      default:
    }
  }

  #transaction(what: Extract<SessionEffect, { kind: 'transaction' }>['what']): void {
    if (what === 'begin' || what === 'savepoint' || what === 'release') return;
    if (this.#pathTouched) this.#pathVersion = -1;
    // COMMIT, too: in a failed transaction it is a ROLLBACK.
    if (what.startsWith('rollback') || !this.#isShared) this.#catalog.invalidate();
    if (what === 'commit-prepared') this.#options.catalog.invalidate();
  }

  #changed(): void {
    this.#options.catalog.invalidate();
    this.#ddlPending = true;
    this.#seesAlone();
  }

  get #isShared(): boolean {
    return this.#catalog === this.#options.catalog;
  }

  /** What this session sees is its own until its DDL is committed and its temporary tables are gone. */
  #seesAlone(): void {
    if (this.#isShared) this.#catalog = new Catalog();
    else this.#catalog.invalidate();
  }

  /** Whether the catalog tells this session other things than most: of temporary tables, or less of views. */
  #seesOther(): boolean {
    const { schemas } = this.#path;
    const first = schemas.find((schema) => !isTemporary(schema)) ?? 'pg_catalog';
    return this.#options.state.temporary.size > 0 || schemas.some(isTemporary) || first !== 'pg_catalog';
  }

  /** Outside a transaction, committed DDL is everybody's, and a path that its end may have undone is asked anew. */
  #settle(): void {
    const { state, catalog } = this.#options;
    if (state.transactionStatus !== 'I') return;
    if (this.#pathTouched) {
      this.#pathTouched = false;
      this.#pathVersion = -1;
    }
    if (this.#ddlPending) {
      this.#ddlPending = false;
      catalog.invalidate();
      if (!this.#seesOther()) this.#catalog = catalog;
    }
  }
}
