import path from 'node:path';
import { compareSets } from '@gatehouse/policy-schema/evaluate/compare.ts';
import { type CompiledPolicies, compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { PolicyStatus, PolicyText, PolicyTextsResult } from '../control/messages.ts';
import { ConfigFault, PolicyFault } from '../core/faults.ts';
import type { PolicyChanged } from '../recordings/entry.ts';
import type { Records } from '../recordings/record.ts';
import { loadAccepted, saveAccepted } from './accepted-store.ts';
import { compareWorkspaces, type WorkspaceChange } from './compare-workspaces.ts';
import { readPolicyFiles } from './files.ts';
import { type Snapshot, snapshotFiles, snapshotTexts } from './snapshot.ts';
import { type PolicyWatch, watchPolicyFiles } from './watch.ts';

/** What is enforced. `snapshot` is absent while nothing is accepted; then every request is denied. */
export interface InForce {
  readonly snapshot?: Snapshot;
  readonly compiled: CompiledPolicies;
}

/** The files as they stand, next to what is enforced. */
type Files =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'pending'; readonly snapshot: Snapshot; readonly loosens: readonly string[] }
  | { readonly kind: 'broken'; readonly lines: readonly string[] };

export interface AcceptedPolicyOptions {
  readonly workspaceFolder: string;
  /** Where the accepted texts are kept, outside of the repository. */
  readonly store: string;
  /** The person who started the daemon. */
  readonly person: string;
  readonly log: (line: string) => void;
  readonly now?: () => Date;
}

/** What the record says of a change. */
interface Change {
  readonly state: PolicyChanged['state'];
  readonly snapshot: Snapshot | undefined;
  readonly by?: string;
  readonly detail: string;
}

const nothing: PolicySet = { policies: [], digest: '' };

/**
 * The policy that is enforced. Files only propose: a change that can only tighten is taken at once, one that could
 * allow anything more waits until a person accepts it, and files with errors change nothing. What is enforced survives
 * a restart, whatever the files say by then.
 */
export class AcceptedPolicy {
  readonly #options: AcceptedPolicyOptions;
  readonly #now: () => Date;
  #inForce: InForce = { compiled: compilePolicies(nothing) };
  #files: Files = { kind: 'accepted' };
  /** Why there is nothing accepted although there was once. */
  #lost: string | undefined;
  #stored = false;
  #records: Records | undefined;
  #applied: (inForce: InForce) => Promise<void> = async () => {};
  #watch: PolicyWatch | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Read what was accepted before; nothing else is looked at until {@link begin}. */
  constructor(options: AcceptedPolicyOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    const stored = loadAccepted(options.store);
    if (stored.kind === 'missing') return;
    this.#stored = true;
    const result = stored.kind === 'found' ? snapshotTexts(stored.acceptance) : undefined;
    if (result?.ok === true) this.#enforce(result.snapshot);
    else if (stored.kind === 'unusable') this.#lost = stored.why;
    else this.#lost = `it no longer passes the checks: ${result?.broken[0] ?? 'unknown'}`;
  }

  get current(): InForce {
    return this.#inForce;
  }

  /**
   * Look at the files for the first time, and watch them from then on. On the very first start of a workspace what is
   * found is accepted, as a person has just started the daemon on it.
   * @param firstStart whether no policy is in the records: an accepted one that was deleted must not look like none.
   * @param applied called, and waited for, once with what is enforced at first, then whenever that changes; never twice at a time
   * @throws ConfigFault `workspace-invalid` on a first start with files that have errors
   */
  async begin(
    records: Records,
    firstStart: boolean,
    applied: (inForce: InForce) => Promise<void>,
  ): Promise<void> {
    this.#records = records;
    if (firstStart) await (this.#stored ? this.#recordFirst() : this.#acceptFirst());
    else if (!this.#stored) this.#lost = `${this.#options.store} is gone`;
    this.#applied = applied;
    await this.#enqueue(async () => {
      await this.#look();
      await this.#applied(this.#inForce);
    });
    const { workspaceFolder, log } = this.#options;
    this.#watch = await watchPolicyFiles(workspaceFolder, () => this.#enqueue(() => this.#look()), log);
    this.#watchCertificates();
    // What changed while the watch was being set up.
    await this.#enqueue(() => this.#look());
  }

  /** How things stand, for people. */
  status(): PolicyStatus {
    const { snapshot } = this.#inForce;
    const policies = snapshot?.set.policies ?? [];
    const accepted = {
      digest: snapshot?.set.digest ?? '',
      policies: policies.length,
      rules: policies.reduce((sum, policy) => sum + policy.rules.length, 0),
    };
    const files = this.#files;
    switch (files.kind) {
      case 'accepted':
        return { accepted };
      case 'pending':
        return { accepted, pending: { digest: files.snapshot.digest, loosens: files.loosens } };
      case 'broken':
        return { accepted, broken: files.lines };
    }
  }

  /** The texts behind {@link status}. */
  texts(): PolicyTextsResult {
    const { snapshot } = this.#inForce;
    const accepted = snapshot === undefined ? [] : textsOf(snapshot);
    const files = this.#files;
    if (files.kind !== 'pending') return { accepted };
    return { accepted, pending: { digest: files.snapshot.digest, files: textsOf(files.snapshot) } };
  }

  /** Look at the files now instead of when the watch reports them. */
  refresh(): Promise<void> {
    return this.#enqueue(() => this.#look());
  }

  /**
   * Enforce the pending change, on a person's word.
   * @param digest what the person saw, as {@link status} gave it
   * @throws PolicyFault `policy-missing` when nothing waits under that digest (any more), and whatever kept the change
   *   from being recorded or stored; then nothing is changed
   */
  accept(digest: string, by: string): Promise<PolicyStatus> {
    return this.#enqueue(async () => {
      await this.#look();
      const files = this.#files;
      if (files.kind !== 'pending') {
        const why = files.kind === 'broken' ? `the files have errors: ${files.lines[0]}` : 'no change waits';
        throw new PolicyFault('policy-missing', `There is nothing to accept: ${why}.`);
      }
      if (files.snapshot.digest !== digest) {
        throw new PolicyFault(
          'policy-missing',
          'The files have changed since you looked at them. Look again with `gatehouse accept`.',
        );
      }
      // Evidence first: a change that allows more is recorded before it allows anything.
      const { snapshot, loosens } = files;
      await this.#record({ state: 'accepted', snapshot, by, detail: loosens.join('; ') });
      this.#save(snapshot, by);
      this.#lost = undefined;
      await this.#adopt(snapshot);
      this.#options.log(`${by} accepted the change of the policy files.\n  ${loosens.join('\n  ')}`);
      return this.status();
    });
  }

  async close(): Promise<void> {
    await this.#watch?.close();
    await this.#queue.catch(() => {});
  }

  #enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  async #acceptFirst(): Promise<void> {
    const { workspaceFolder, person } = this.#options;
    const result = await snapshotFiles(workspaceFolder, await readPolicyFiles(workspaceFolder));
    if (!result.ok) {
      throw new ConfigFault(
        'workspace-invalid',
        `The files of the workspace have errors, and there is no policy from before to go on with:\n  ${result.broken.join('\n  ')}\nSee them with \`gatehouse check\`.`,
      );
    }
    const { snapshot } = result;
    // Stored first: a daemon that is killed between the two finds it without a record, and makes up for that.
    this.#save(snapshot, person);
    await this.#record({ state: 'accepted', snapshot, by: person, detail: 'first start of the workspace' });
    this.#enforce(snapshot);
    this.#options.log('First start of this workspace: its policy is accepted as it is.');
  }

  /** What was accepted is older than the records: a first start was cut short, or somebody moved the records away. */
  async #recordFirst(): Promise<void> {
    const { snapshot } = this.#inForce;
    if (snapshot === undefined) return;
    await this.#record({ state: 'accepted', snapshot, detail: 'accepted before the records begin' });
  }

  async #look(): Promise<void> {
    const { workspaceFolder } = this.#options;
    const result = await snapshotFiles(workspaceFolder, await readPolicyFiles(workspaceFolder));
    if (!result.ok) return this.#break(result.broken);
    const { snapshot } = result;
    const before = this.#inForce.snapshot;
    if (before === undefined) return this.#pend(snapshot, this.#allOf(snapshot));
    if (snapshot.digest === before.digest) {
      // Only words moved. The rules' places in the files moved with them.
      if (!sameTexts(before, snapshot)) {
        this.#saveLater(snapshot, 'wording');
        this.#enforce(snapshot);
      }
      this.#files = { kind: 'accepted' };
      return;
    }
    const change = compareSnapshots(before, snapshot);
    if (change.loosens.length > 0) return this.#pend(snapshot, change.loosens);
    await this.#adopt(snapshot);
    const detail = change.tightens.join('; ') || 'nothing more is allowed';
    this.#options.log(
      `The policy files changed, and allow no more than before; they are in force.\n  ${change.tightens.join('\n  ')}`.trimEnd(),
    );
    await this.#recordLater({ state: 'accepted', snapshot, by: 'tightening', detail });
    this.#saveLater(snapshot, 'tightening');
  }

  /** With nothing in force, everything is new. */
  #allOf(snapshot: Snapshot): readonly string[] {
    return [
      `nothing is enforced now and all requests are denied, as the accepted policy was lost (${this.#lost ?? 'unknown'})`,
      ...snapshot.parsed.resources.map(
        (resource) => `resource ${resource.name} at ${resource.host}:${resource.port}`,
      ),
      ...compareSets(nothing, snapshot.set).loosens,
    ];
  }

  async #adopt(snapshot: Snapshot): Promise<void> {
    this.#enforce(snapshot);
    this.#files = { kind: 'accepted' };
    this.#watchCertificates();
    await this.#applied(this.#inForce);
  }

  #enforce(snapshot: Snapshot): void {
    this.#inForce = { snapshot, compiled: compilePolicies(snapshot.set) };
  }

  async #break(lines: readonly string[]): Promise<void> {
    const known = this.#files.kind === 'broken' && this.#files.lines.join('\n') === lines.join('\n');
    this.#files = { kind: 'broken', lines };
    if (known) return;
    this.#options.log(
      `The policy files have errors; what was accepted stays in force.\n  ${lines.join('\n  ')}`,
    );
    const detail = lines.slice(0, 20).join('; ');
    await this.#recordLater({ state: 'broken', snapshot: this.#inForce.snapshot, detail });
  }

  async #pend(snapshot: Snapshot, loosens: readonly string[]): Promise<void> {
    const known = this.#files.kind === 'pending' && this.#files.snapshot.digest === snapshot.digest;
    this.#files = { kind: 'pending', snapshot, loosens };
    if (known) return;
    this.#options.log(
      `The policy files could allow more than what was accepted; the change waits for \`gatehouse accept\`.\n  ${loosens.join('\n  ')}`,
    );
    await this.#recordLater({ state: 'pending', snapshot, detail: loosens.slice(0, 20).join('; ') });
  }

  #watchCertificates(): void {
    const { workspaceFolder } = this.#options;
    const paths = [...(this.#inForce.snapshot?.certificates.keys() ?? [])];
    this.#watch?.also(paths.map((file) => path.resolve(workspaceFolder, file)));
  }

  async #record(change: Change): Promise<void> {
    const { state, snapshot, by, detail } = change;
    await this.#records?.append({
      kind: 'policy.changed',
      state,
      policyDigest: snapshot?.set.digest ?? '',
      ...(by === undefined ? {} : { by }),
      detail,
    });
  }

  /** For what may not wait for its record: less being allowed. A failing store denies every request anyway. */
  async #recordLater(change: Change): Promise<void> {
    try {
      await this.#record(change);
    } catch (error) {
      this.#options.log(`A change of the policy could not be recorded: ${messageOf(error)}`);
    }
  }

  #save(snapshot: Snapshot, by: string): void {
    saveAccepted(this.#options.store, { ...snapshot, at: this.#now().toISOString(), by });
    this.#stored = true;
  }

  /** Where storing fails, the next start finds the same tightening again. */
  #saveLater(snapshot: Snapshot, by: string): void {
    try {
      this.#save(snapshot, by);
    } catch (error) {
      this.#options.log(`The accepted policy could not be stored: ${messageOf(error)}`);
    }
  }
}

function compareSnapshots(before: Snapshot, after: Snapshot): WorkspaceChange {
  const sets = compareSets(before.set, after.set);
  const workspaces = compareWorkspaces(
    { workspace: before.parsed, certificates: before.certificates },
    { workspace: after.parsed, certificates: after.certificates },
  );
  return {
    loosens: [...workspaces.loosens, ...sets.loosens],
    tightens: [...workspaces.tightens, ...sets.tightens],
  };
}

function sameTexts(a: Snapshot, b: Snapshot): boolean {
  if (a.workspace?.text !== b.workspace?.text || a.policies.size !== b.policies.size) return false;
  return [...a.policies].every(([file, text]) => b.policies.get(file) === text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textsOf({ workspace, policies }: Snapshot): readonly PolicyText[] {
  const files = [...policies].map(([file, text]) => ({ file, text }));
  return workspace === undefined ? files : [workspace, ...files];
}
