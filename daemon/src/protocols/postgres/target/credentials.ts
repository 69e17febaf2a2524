import { createHash } from 'node:crypto';
import { TargetFault } from '../../../core/faults.ts';
import type { Authentication } from '../wire/authentication-messages.ts';
import {
  encodePasswordMessage,
  encodeSASLInitialResponse,
  encodeSASLResponse,
} from '../wire/frontend-messages.ts';
import { abortable, placeOf } from './attempt.ts';
import { serverEndPoint } from './channel-binding.ts';
import type { Transport } from './connect.ts';
import { type ChannelBinding, ScramClient, ScramError } from './scram.ts';
import type { DialOptions } from './target-options.ts';

type LoginState =
  | { readonly kind: 'unasked' }
  /** The password, or its hash, is with the server. */
  | { readonly kind: 'given' }
  | { readonly kind: 'scram-first'; readonly scram: ScramClient }
  | { readonly kind: 'scram-final'; readonly scram: ScramClient }
  | { readonly kind: 'scram-verified' };

const methodNames: Readonly<Record<number, string>> = {
  2: 'Kerberos V5',
  6: 'SCM',
  7: 'GSSAPI',
  8: 'GSSAPI',
  9: 'SSPI',
};

/** Answers the server's Authentication messages, each of which has its one place. */
export class Credentials {
  readonly #options: DialOptions;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  #state: LoginState = { kind: 'unasked' };

  constructor(options: DialOptions, transport: Transport, signal: AbortSignal) {
    this.#options = options;
    this.#transport = transport;
    this.#signal = signal;
  }

  /**
   * What to send, or undefined for nothing: then AuthenticationOk was true, or the server goes on.
   * @throws TargetFault `authentication-failed`, and what the password's source throws
   */
  async answer(message: Authentication): Promise<Buffer | undefined> {
    const state = this.#state;
    switch (message.kind) {
      case 'Ok':
        // A server that never proved itself is not let off the proof.
        if (state.kind === 'scram-first' || state.kind === 'scram-final')
          this.#fail('it broke off SCRAM and let us in');
        return undefined;
      case 'CleartextPassword':
        return await this.#cleartext();
      case 'MD5Password':
        return await this.#md5(message.salt);
      case 'SASL':
        return await this.#sasl(message.mechanisms);
      case 'SASLContinue': {
        if (state.kind !== 'scram-first') this.#fail('it sent a SCRAM message out of order');
        const { scram } = state;
        this.#state = { kind: 'scram-final', scram };
        return await this.#scram(async () =>
          encodeSASLResponse(await scram.final(message.data.toString('latin1'))),
        );
      }
      case 'SASLFinal': {
        if (state.kind !== 'scram-final') this.#fail('it sent a SCRAM message out of order');
        const { scram } = state;
        this.#state = { kind: 'scram-verified' };
        await this.#scram(async () => scram.verify(message.data.toString('latin1')));
        return undefined;
      }
      case 'other':
        return this.#unspoken(methodNames[message.code] ?? `method ${message.code}`);
    }
  }

  async #cleartext(): Promise<Buffer> {
    if (this.#transport.tls === undefined && !this.#transport.local) {
      this.#fail(
        'it asks for the password in clear text over a connection without TLS. Turn TLS on (tls: { mode: verify-full }), or let it use scram-sha-256',
      );
    }
    return encodePasswordMessage(await this.#password());
  }

  async #md5(salt: Buffer): Promise<Buffer> {
    const password = await this.#password();
    const md5 = (...parts: (string | Buffer)[]) => {
      const hash = createHash('md5');
      for (const part of parts) hash.update(part);
      return hash.digest('hex');
    };
    try {
      return encodePasswordMessage(`md5${md5(md5(password, this.#options.user), salt)}`);
    } catch (cause) {
      // OpenSSL in FIPS mode has no MD5.
      return this.#fail(
        'it asks for an MD5 hash, which cannot be made here. Let it use scram-sha-256',
        cause,
      );
    }
  }

  async #sasl(mechanisms: readonly string[]): Promise<Buffer> {
    const certificate = this.#transport.tls?.certificate;
    const hash = certificate === undefined ? undefined : serverEndPoint(certificate);
    let binding: ChannelBinding = { kind: 'impossible' };
    if (hash !== undefined) {
      const offered = mechanisms.includes('SCRAM-SHA-256-PLUS');
      binding = offered ? { kind: 'tls-server-end-point', hash } : { kind: 'not-offered' };
    }
    if (binding.kind !== 'tls-server-end-point' && !mechanisms.includes('SCRAM-SHA-256')) {
      return this.#unspoken(
        `SASL ${mechanisms
          .join(', ')
          .replaceAll(/[^\x20-\x7e]/g, '?')
          .slice(0, 100)}`,
      );
    }
    const scram = new ScramClient(await this.#password(), binding);
    this.#state = { kind: 'scram-first', scram };
    return encodeSASLInitialResponse({ mechanism: scram.mechanism, response: scram.first() });
  }

  async #scram<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await abortable(step(), this.#signal);
    } catch (error) {
      if (error instanceof ScramError) return this.#fail(error.message);
      throw error;
    }
  }

  /** Fetched once a login, when it is asked for. */
  async #password(): Promise<string> {
    if (this.#state.kind !== 'unasked') this.#fail('it asks for the password twice');
    this.#state = { kind: 'given' };
    const { password, user } = this.#options;
    const value = password === undefined ? undefined : await abortable(password(), this.#signal);
    if (value === undefined || value === '') {
      this.#fail(
        `it asks for the password of "${user}", and the resource has none. Say where it comes from (password: …)`,
      );
    }
    if (value.includes('\0'))
      this.#fail(`the password of "${user}" holds a NUL, which the protocol cannot carry`);
    return value;
  }

  #unspoken(method: string): never {
    return this.#fail(
      `it asks for ${method}, which Gatehouse does not speak. Let it use scram-sha-256 for this user (pg_hba.conf)`,
    );
  }

  #fail(how: string, cause?: unknown): never {
    const message = `The login at ${placeOf(this.#options)} failed: ${how}.`;
    throw new TargetFault('authentication-failed', message, { cause });
  }
}
