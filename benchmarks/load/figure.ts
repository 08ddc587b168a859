/** What a figure must not miss. */
export interface Target {
  is: 'at most' | 'at least' | 'below';
  value: number;
}

/** One measured number. */
export interface Figure {
  phase: string;
  name: string;
  value: number;
  unit: string;
  /** None where nothing is promised. */
  target?: Target;
  /** Means nothing before memory and compiled code have settled: not judged after seconds. */
  needsTime?: boolean;
}

/** Whether a figure keeps its promise; one without a target always does, and one that is no number never. */
export function holds({ value, target }: Pick<Figure, 'value' | 'target'>): boolean {
  switch (target?.is) {
    case 'at most':
      return value <= target.value;
    case 'at least':
      return value >= target.value;
    case 'below':
      return value < target.value;
    case undefined:
      return true;
  }
}

/** The figures of a run that took seconds: what needs more time has no target. */
export function judgedQuickly(figures: readonly Figure[]): Figure[] {
  return figures.map(({ target, ...figure }) =>
    target && !figure.needsTime ? { ...figure, target } : figure,
  );
}
