/** Whether the service should get traffic: not while it starts, and never again once it stops. */
export class Readiness {
  #state: 'starting' | 'ready' | 'stopping' = 'starting';

  get ready(): boolean {
    return this.#state === 'ready';
  }

  get stopping(): boolean {
    return this.#state === 'stopping';
  }

  /** Has no effect once the service stops: a slow start must not undo that. */
  started(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  stop(): void {
    this.#state = 'stopping';
  }
}
