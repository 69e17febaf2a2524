import { hash } from 'node:crypto';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Adapter, AgentFile, Place } from './adapter.ts';
import { holdsEntries, type Outcome, withEntries, withoutEntries } from './json-file.ts';
import { isOurScript } from './our-words.ts';
import { type Splice, unspliced } from './splices.ts';
import { holdsTables, withoutTables, withTables } from './toml-file.ts';

/** A file as it is and as it would be; undefined: there is none. */
export interface FileEdit {
  readonly file: string;
  readonly purpose: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly executable: boolean;
}

/** What was written into a file, kept so that it can be taken out again to the byte. */
export interface Receipt {
  readonly splices: readonly Splice[];
  /** SHA-256 of the text as it was left. */
  readonly digest: string;
  readonly made: readonly (readonly string[])[];
  /** There was no file. */
  readonly created: boolean;
  /** The topmost folder that was made for the file. */
  readonly madeFolder?: string;
}

export type Receipts = ReadonlyMap<string, Receipt>;

/** What would be written. With a problem in it, nothing is. */
export interface Plan {
  readonly edits: readonly FileEdit[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  /** Receipts as they are afterwards. */
  readonly receipts: Receipts;
}

/** The disk, as far as plans look at it. */
export interface Look {
  /** The text of a file, undefined where there is none. @throws Error in words, where it cannot be read as text */
  readonly read: (file: string) => string | undefined;
  readonly isFolder: (folder: string) => boolean;
}

/** How the files of an agent come to lead it through the gate. Planning again after it was written finds nothing to do. */
export function planConnect(adapter: Adapter, place: Place, look: Look, receipts: Receipts): Plan {
  const plan = new Planning(look, receipts);
  for (const file of adapter.files(place)) plan.connect(file);
  for (const note of adapter.notes(place)) plan.notes.push(note);
  return plan.result();
}

/** How all of it is taken out again; what others wrote into the files meanwhile stays. */
export function planDisconnect(adapter: Adapter, place: Place, look: Look, receipts: Receipts): Plan {
  const plan = new Planning(look, receipts);
  for (const file of adapter.files(place)) plan.disconnect(file);
  return plan.result();
}

/** Whether everything stands in the files as it would be written. */
export function isConnected(adapter: Adapter, place: Place, look: Look): boolean {
  const files = adapter.files(place).filter((file) => belongs(file, look));
  return files.every((file) => {
    try {
      const text = look.read(file.file);
      return text !== undefined && (holds(file, text) || (file.kind === 'script' && !isOurScript(text)));
    } catch {
      return false;
    }
  });
}

class Planning {
  readonly notes: string[] = [];
  readonly #look: Look;
  readonly #edits: FileEdit[] = [];
  readonly #problems: string[] = [];
  readonly #receipts: Map<string, Receipt>;

  constructor(look: Look, receipts: Receipts) {
    this.#look = look;
    this.#receipts = new Map(receipts);
  }

  connect(of: AgentFile): void {
    const { file } = of;
    const current = belongs(of, this.#look) ? this.#read(file) : 'nothing';
    if (current === 'nothing' || (current !== undefined && holds(of, current))) return;
    if (of.kind === 'script' && current !== undefined && !isOurScript(current)) {
      this.notes.push(
        `${file} is a hook of somebody else, and Cline runs one of each kind. Have it call Gatehouse's, too.`,
      );
      return;
    }
    const earlier = this.#receipts.get(file);
    const base = this.#without(of, current);
    if (base.kind === 'refused') return;
    const outcome = this.#with(of, base.text ?? '');
    if (outcome.kind === 'refused') {
      this.#problems.push(`${file}: ${outcome.problem}`);
      return;
    }
    const madeFolder = this.#missingFolder(path.dirname(file)) ?? earlier?.madeFolder;
    this.#receipts.set(file, {
      splices: outcome.splices,
      digest: hash('sha256', outcome.text),
      made: outcome.made,
      created: base.text === undefined,
      ...(madeFolder === undefined ? {} : { madeFolder }),
    });
    this.#edit(of, current, outcome.text);
  }

  disconnect(of: AgentFile): void {
    const current = this.#read(of.file);
    if (current === 'nothing') return;
    const base = this.#without(of, current);
    if (base.kind === 'refused') return;
    this.#receipts.delete(of.file);
    if (base.text !== current) this.#edit(of, current, base.text);
  }

  result(): Plan {
    const problems = this.#problems;
    return {
      edits: problems.length === 0 ? this.#edits : [],
      notes: this.notes,
      problems,
      receipts: this.#receipts,
    };
  }

  #edit({ file, purpose, kind }: AgentFile, before: string | undefined, after: string | undefined): void {
    this.#edits.push({ file, purpose, before, after, executable: kind === 'script' });
  }

  #read(file: string): string | undefined | 'nothing' {
    try {
      return this.#look.read(file);
    } catch (error) {
      this.#problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      return 'nothing';
    }
  }

  /** The file as it would be had we never come; to the byte where nobody else wrote into it since. */
  #without(
    of: AgentFile,
    current: string | undefined,
  ): { kind: 'done'; text: string | undefined } | { kind: 'refused' } {
    if (current === undefined) return { kind: 'done', text: undefined };
    const receipt = this.#receipts.get(of.file);
    if (receipt !== undefined && hash('sha256', current) === receipt.digest) {
      const before = receipt.created ? undefined : unspliced(current, receipt.splices);
      if (receipt.created || before !== undefined) return { kind: 'done', text: before };
    }
    if (of.kind === 'script') return { kind: 'done', text: isOurScript(current) ? undefined : current };
    const outcome =
      of.kind === 'json' ? withoutEntries(current, of.entries, receipt?.made ?? []) : withoutTables(current);
    if (outcome.kind === 'refused') {
      this.#problems.push(`${of.file}: ${outcome.problem}`);
      return outcome;
    }
    const isEmpty = receipt?.created === true && holdsNothing(of, outcome.text);
    return { kind: 'done', text: isEmpty ? undefined : outcome.text };
  }

  #with(of: AgentFile, text: string): Outcome {
    switch (of.kind) {
      case 'json':
        return withEntries(text, of.entries, of.start);
      case 'toml': {
        const whole = withTables(text, { ...of.tables, ...of.optional });
        if (whole.kind === 'done') return whole;
        const needed = withTables(text, of.tables);
        if (needed.kind === 'done') {
          const names = Object.keys(of.optional)
            .map((name) => `[${name}]`)
            .join(', ');
          this.notes.push(`${of.file} has its own ${names}, which stays as it is.`);
        }
        return needed;
      }
      case 'script':
        return { kind: 'done', text: of.text, splices: [], made: [] };
    }
  }

  #missingFolder(folder: string): string | undefined {
    if (this.#look.isFolder(folder)) return undefined;
    const above = path.dirname(folder);
    return above === folder ? undefined : (this.#missingFolder(above) ?? folder);
  }
}

function belongs(of: AgentFile, look: Look): boolean {
  return of.kind !== 'json' || of.onlyBeside === undefined || look.isFolder(of.onlyBeside);
}

function holds(of: AgentFile, text: string): boolean {
  switch (of.kind) {
    case 'json':
      return holdsEntries(text, of.entries);
    case 'toml':
      return holdsTables(text, of.tables);
    case 'script':
      return text === of.text;
  }
}

/** Nothing but what a new file began with. */
function holdsNothing(of: AgentFile, text: string): boolean {
  if (text.trim() === '') return true;
  if (of.kind !== 'json') return false;
  try {
    return isDeepStrictEqual(JSON.parse(text), of.start ?? {});
  } catch {
    return false;
  }
}
