import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Moves a time along a film while it is played. Time goes by the browser's frames, so that a hidden page rests. */
export class Player implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #moved: () => void;
  #handle: number | undefined;
  #last = 0;
  /** On the film's clock, in milliseconds. */
  at = 0;
  speed = 1;
  lengthMs = 0;

  /** @param moved called after each step of time */
  constructor(host: ReactiveControllerHost, moved: () => void) {
    this.#host = host;
    this.#moved = moved;
    host.addController(this);
  }

  get playing(): boolean {
    return this.#handle !== undefined;
  }

  /** From the beginning again where the end was reached. */
  play(): void {
    if (this.playing) return;
    if (this.at >= this.lengthMs) this.at = 0;
    this.#last = performance.now();
    this.#handle = requestAnimationFrame(this.#tick);
    this.#host.requestUpdate();
  }

  pause(): void {
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
    this.#handle = undefined;
    this.#host.requestUpdate();
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.pause();
  }

  #tick = (now: number): void => {
    // What a sleeping page missed is not played at once.
    this.at += Math.min(200, Math.max(0, now - this.#last)) * this.speed;
    this.#last = now;
    if (this.at < this.lengthMs) this.#handle = requestAnimationFrame(this.#tick);
    else {
      this.at = this.lengthMs;
      this.#handle = undefined;
    }
    this.#moved();
    this.#host.requestUpdate();
  };
}
