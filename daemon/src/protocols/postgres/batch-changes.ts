import type { StatementFacts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { dependsOn, type NameChange, nameChange, redefines, together } from './name-changes.ts';

/** Names of statements or cursors; `all` but those that were given anew since. */
class Names {
  #all = false;
  readonly #names = new Set<string>();
  readonly #fresh = new Set<string>();

  add(name: string | undefined): void {
    if (name === undefined) {
      this.#all = true;
      this.#fresh.clear();
    } else this.#names.add(name);
  }

  /** The batch itself gave the name, so that what it stands for is known. */
  renew(name: string): void {
    this.#names.delete(name);
    if (this.#all) this.#fresh.add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.#all && !this.#fresh.has(name));
  }

  /** Sets that are empty stay as they are: each clear() of one makes a table that the table before it holds. */
  clear(): void {
    this.#all = false;
    if (this.#names.size > 0) this.#names.clear();
    if (this.#fresh.size > 0) this.#fresh.clear();
  }
}

/**
 * What the part of a batch that is on its way, or will be, changes for the part behind it. A batch is read before any
 * of it runs, so what it changes cannot be asked for: what depends on that is refused, or taken to be anything.
 */
export class BatchChanges {
  readonly statements = new Names();
  readonly cursors = new Names();
  /** How many statements will be run before this place. */
  ran = 0;
  #names: NameChange = 'nothing';
  #texts = false;
  /** Views or functions may be others than the catalog told. */
  redefined = false;
  /** Code that nobody here has read will be run. */
  ranCode = false;

  /** Statements will be run, those that they execute among them. */
  add(statements: readonly StatementFacts[], pathTouched: boolean): void {
    this.ran++;
    for (const each of statements) this.#names = together(this.#names, nameChange(each, pathTouched));
    this.redefined ||= statements.some(redefines);
    if (statements.some(({ kind }) => kind === 'do')) {
      this.#texts = true;
      this.statements.add(undefined);
      this.cursors.add(undefined);
    }
    for (const effect of statements.flatMap((each) => each.session)) {
      switch (effect.kind) {
        case 'prepare':
        case 'deallocate':
          this.statements.add(effect.name);
          break;
        case 'declare':
        case 'close':
          this.cursors.add(effect.cursor);
          break;
        case 'discard':
          if (effect.what !== 'all') break;
          this.statements.add(undefined);
          this.cursors.add(undefined);
          break;
        default:
      }
    }
  }

  /** Why a statement cannot be decided behind what the batch has so far. */
  refusal(text: string, statements: readonly StatementFacts[]): Undecidable | undefined {
    if (statements.some((each) => dependsOn(each, this.#names))) return unclear('what the names in it mean');
    // Under other settings, a backslash or a letter beyond ASCII may end a literal elsewhere.
    if (this.#texts && /[\\\u0080-\uffff]/.test(text)) return unclear('how it is read');
    return undefined;
  }

  /** Why something under a name of a prepared statement cannot be decided now. */
  refusalOf(statement: string): Undecidable | undefined {
    // The unnamed one is out of SQL's reach.
    if (statement === '' || !this.statements.has(statement)) return undefined;
    return unclear(`what the prepared statement "${statement}" is`);
  }

  /** As {@link refusal}, for statements that look names up only when they are run. */
  refusalToRun(statements: readonly StatementFacts[]): Undecidable | undefined {
    for (const effect of statements.flatMap((each) => each.session)) {
      const refused = effect.kind === 'execute' ? this.refusalOf(effect.name) : undefined;
      if (refused !== undefined) return refused;
      if (effect.kind === 'fetch' && this.cursors.has(effect.cursor))
        return unclear(`what the cursor "${effect.cursor}" reads`);
    }
    return this.refusal('', statements);
  }

  get isEmpty(): boolean {
    return this.ran === 0;
  }

  /** The batch is over. */
  clear(): void {
    this.#names = 'nothing';
    this.#texts = false;
    this.redefined = false;
    this.ranCode = false;
    this.ran = 0;
    this.statements.clear();
    this.cursors.clear();
  }
}

function unclear(what: string): Undecidable {
  return {
    code: 'unsupported',
    message: `Gatehouse cannot decide this statement: one before it in the same batch may change ${what}`,
    hint: 'Send a Sync between them, so that the statement begins a batch of its own.',
  };
}
