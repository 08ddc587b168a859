/** A finding as `npm run doctor` prints it. */
export interface PrintedFinding {
  /** `service receiver: …` */
  text: string;
  /** The commands that mend it, as somebody would copy them. */
  mend: readonly string[];
}

/** Reads what a person reads on the screen: the findings, and the commands under each of them. */
export function readFindings(output: string): PrintedFinding[] {
  // Before each finding stand a mark and how bad it is; its commands are indented below, with a $.
  const [, ...findings] = output.split(/^[✗!i] (?:error|warning|info) +/m);
  return findings.map((finding) => {
    const [text = ''] = finding.split('\n');
    const commands = finding.matchAll(/^( +)\$ ((?:.*\\\n)*.*)$/gm);
    const mend = [...commands].map(([, indent, command = '']) =>
      command.replaceAll(`\n${indent}`, '\n'),
    );
    return { text, mend };
  });
}
