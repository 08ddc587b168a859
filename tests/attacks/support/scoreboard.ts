interface Score {
  requests: number;
  accepted: number;
  /** Answers of 500 and above. */
  failures: number;
  slowestMs: number;
}

/** Counts what was tried and what came of it, by group. */
export class Scoreboard {
  readonly #scores = new Map<string, Score>();

  /** One hostile request. */
  add(group: string, request: { accepted: boolean; status: number; ms: number }): void {
    const score = this.#scores.get(group) ?? {
      requests: 0,
      accepted: 0,
      failures: 0,
      slowestMs: 0,
    };
    this.#scores.set(group, {
      requests: score.requests + 1,
      accepted: score.accepted + Number(request.accepted),
      failures: score.failures + Number(request.status >= 500),
      slowestMs: Math.max(score.slowestMs, request.ms),
    });
  }

  get total(): Score {
    const scores = [...this.#scores.values()];
    const sum = (member: keyof Score) => scores.reduce((n, score) => n + score[member], 0);
    return {
      requests: sum('requests'),
      accepted: sum('accepted'),
      failures: sum('failures'),
      slowestMs: Math.max(0, ...scores.map(({ slowestMs }) => slowestMs)),
    };
  }

  /** A table for people, with a line for each group and one for all. */
  toString(): string {
    const rows = [...this.#scores, ['all', this.total] as const].map(([group, score]) => [
      group,
      ...[score.requests, score.accepted, score.failures, Math.ceil(score.slowestMs)].map(String),
    ]);
    const table = [['group', 'requests', 'accepted', '5xx', 'slowest ms'], ...rows];
    const widths = [0, 1, 2, 3, 4].map((column) =>
      Math.max(...table.map((row) => row[column]?.length ?? 0)),
    );
    return table
      .map(([group = '', ...figures]) =>
        [
          group.padEnd(widths[0] ?? 0),
          ...figures.map((figure, at) => figure.padStart(widths[at + 1] ?? 0)),
        ].join('  '),
      )
      .join('\n');
  }
}
