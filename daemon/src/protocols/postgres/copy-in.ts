import type { Duplex } from 'node:stream';
import type { ClientUnits } from './client-units.ts';
import { encodeCopyFail } from './wire/frontend-messages.ts';
import type { Outlet } from './wire/outlet.ts';

/**
 * Hands the client's COPY data on while the server takes it. The statement that asks for the data was decided and
 * recorded; the data itself is neither held back nor kept.
 */
export class CopyIn {
  readonly #units: ClientUnits;
  readonly #server: Outlet;
  readonly #stream: Duplex;
  #taking = false;
  /** The server waits for the rest of a message, whatever it says meanwhile. */
  #inside = false;

  constructor(units: ClientUnits, server: Outlet, stream: Duplex) {
    this.#units = units;
    this.#server = server;
    this.#stream = stream;
  }

  /** The server sent CopyInResponse. */
  begin(): void {
    this.#taking = true;
  }

  /** The server sent an error, and takes no more. */
  stop(): void {
    if (this.#taking) this.#units.interrupt();
    this.#taking = false;
  }

  /** Feed the server until the client ends the data, the server stops, or either side goes. False: nothing was fed. */
  async feed(): Promise<boolean> {
    let fed = false;
    this.#units.clearInterrupt();
    while (this.#taking || this.#inside) {
      const unit = await this.#units.nextCopy(this.#inside);
      switch (unit.kind) {
        case 'data':
          fed = true;
          this.#inside = !unit.last;
          this.#server.pass(unit.buffer, unit.start, unit.end);
          if (!this.#server.flush()) await drained(this.#stream);
          break;
        case 'end':
          fed = true;
          this.#taking = false;
          this.#server.pass(unit.buffer, unit.start, unit.end);
          this.#server.flush();
          break;
        case 'other':
          fed = true;
          this.#taking = false;
          this.#server.write(encodeCopyFail('unexpected message during COPY from stdin'));
          this.#server.flush();
          break;
        case 'gone':
          // Half of the data must not be taken for all of it: a server whose client vanishes rolls back.
          this.#taking = false;
          this.#inside = false;
          this.#stream.destroy();
          break;
        case 'interrupted':
          break;
      }
    }
    return fed;
  }
}

/** Wait until the stream takes more, or is gone. */
export async function drained(stream: Duplex): Promise<void> {
  if (stream.destroyed || !stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });
}
