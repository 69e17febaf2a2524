import type { RecordEntry, RecordLine, RuledRequest, Ruling } from './entry.ts';
import type { Permit } from './permit.ts';

/** What the rest of the daemon sees of the record of truth. Implemented by recorder.ts. */
export interface Records {
  /**
   * Append an entry and wait until its batch is as safe as the workspace asks.
   * @throws RecordFault when it could not be written; the caller then denies.
   */
  append(entry: RecordEntry): Promise<Permit>;
  /**
   * {@link append} a decided request. Its ruling's parts are put into JSON once for as long as they live, so nothing may
   * change them.
   */
  decided(request: RuledRequest, ruling: Ruling): Promise<Permit>;
  /**
   * Append without waiting: for what follows a permit (answers, closings). A failure shows at the next
   * {@link append}, which then rejects.
   */
  note(entry: RecordEntry): void;
  /** Call back with each line once it is safe. Returns the unsubscribe function. */
  subscribe(listener: (line: RecordLine) => void): () => void;
  /** Wait for what was appended and noted, and close. */
  close(): Promise<void>;
}
