import { indented } from '../shell-quote.ts';
import type { Terminal } from '../terminal.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';

const marks = { error: ['red', '✗'], warning: ['yellow', '!'], info: ['dim', 'i'] } as const;

/** The findings for people, or that there are none and what was looked at. */
export function describeFindings(
  findings: readonly Finding[],
  topology: ResolvedTopology,
  paint: Terminal['paint'],
): string {
  const lines = findings.flatMap(({ severity, where, what, why, mend }) => {
    const [style, mark] = marks[severity];
    return [
      `${paint(style, `${mark} ${severity.padEnd(7)}`)} ${paint('bold', `${where}:`)} ${printable(what)}`,
      `            ${why}`,
      ...mend.map((command) => `            $ ${indented(command, '            ')}`),
      '',
    ];
  });
  return [...lines, ...summary(findings, topology, paint)].join('\n');
}

function summary(
  findings: readonly Finding[],
  topology: ResolvedTopology,
  paint: Terminal['paint'],
) {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  if (errors + warnings > 0) {
    return [`${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`];
  }
  return [
    paint('green', '✓ Nothing to report: what is deployed is what the topology says.'),
    ...checked(topology).map((line) => `  checked: ${line}`),
    '  not checked: what folders and the organization grant, VPC networks, what the images hold.',
  ];
}

/** What a comparison looks at. */
export function checked({ project, services, topics, subscriptions }: ResolvedTopology): string[] {
  const names = (list: readonly { name?: string; id?: string }[]) =>
    list.map(({ id, name }) => id ?? name).join(', ');
  return [
    `services ${names(services)}: account, environment, audiences, ingress, limits, revisions, who may call`,
    `their accounts: there, enabled, no key files, nobody who may act as them`,
    ...(topics.length > 0 ? [`topics ${names(topics)}: there, who may publish`] : []),
    ...(subscriptions.length > 0
      ? [`subscriptions ${names(subscriptions)}: there, on their topic, who may read`]
      : []),
    `project ${project}: no roles for these accounts, none that go around the policies`,
  ];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Others have written what is found: it must not take over the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
