/** The server refused a question of the gate's own: somebody cancelled it, or a timeout that the client has set did. */
export class ProbeRefused extends Error {
  /** The server's SQLSTATE. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
