/** As much of two untyped packages as the tests use. */

declare module 'pg-copy-streams' {
  import type { Duplex, Readable } from 'node:stream';
  import type { Submittable } from 'pg';
  export function from(text: string): Duplex & Submittable;
  export function to(text: string): Readable & Submittable;
}

declare module 'pg-cursor' {
  import type { Submittable } from 'pg';
  export default class Cursor implements Submittable {
    constructor(text: string, values?: readonly unknown[]);
    submit: Submittable['submit'];
    read(rows: number): Promise<Record<string, unknown>[]>;
    close(): Promise<void>;
  }
}
