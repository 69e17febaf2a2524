import type { Socket } from 'node:net';
import { type DataCallback, type Disposable, StreamMessageReader } from 'vscode-jsonrpc/node';

/** Reads messages of a bounded size: the library's reader gathers whatever length a header claims. */
export class BoundedReader extends StreamMessageReader {
  readonly #socket: Socket;
  readonly #maxBytes: number;
  #gathered = 0;

  constructor(socket: Socket, maxBytes: number) {
    super(socket);
    // Its timer would outlive a connection that ends within a message.
    this.partialMessageTimeout = 0;
    this.#socket = socket;
    this.#maxBytes = maxBytes;
  }

  override listen(callback: DataCallback): Disposable {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#gathered += chunk.length;
      if (this.#gathered > this.#maxBytes) this.#socket.destroy();
    });
    return super.listen((message) => {
      this.#gathered = 0;
      callback(message);
    });
  }
}
