import { RecordFault } from '../core/faults.ts';

const mintKey = Symbol('mint');

/**
 * The right to forward one request, minted by the recorder after the request's record is safe, spent once.
 * Forwarding code asks for a permit, so a request that was not recorded cannot be forwarded by mistake.
 */
export class Permit {
  /** The sequence number of the record that stands behind this permit. */
  readonly seq: number;
  #spent = false;

  /** Only {@link mintPermit} can call this. */
  constructor(key: typeof mintKey, seq: number) {
    if (key !== mintKey) throw new RecordFault('permit-forged', 'Only the recorder mints permits.');
    this.seq = seq;
  }

  /** Consume the permit. @throws RecordFault `permit-spent` the second time. */
  spend(): void {
    if (this.#spent) throw new RecordFault('permit-spent', 'This permit was already used.');
    this.#spent = true;
  }
}

/** For recordings/recorder.ts alone; the architecture test holds it to that. */
export function mintPermit(seq: number): Permit {
  return new Permit(mintKey, seq);
}
