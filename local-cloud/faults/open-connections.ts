import type { Duplex } from 'node:stream';

/** Connections that a fault can cut. */
export class OpenConnections {
  readonly #open = new Set<Duplex>();

  /** Remembers a connection as long as it is open; safe to call again. */
  add(connection: Duplex): void {
    if (this.#open.has(connection)) return;
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
  }

  cut(): void {
    for (const connection of this.#open) connection.destroy();
  }
}
