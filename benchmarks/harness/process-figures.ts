import { readFileSync } from 'node:fs';

/** The kernel counts CPU time in hundredths of a second, on every Linux that Node runs on: man 5 proc_pid_stat. */
const ticksPerSecond = 100;

/** CPU time of a process so far, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  return parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** From the text of `/proc/PID/stat`, whose second field is a name in parentheses that may hold anything. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Fields 14 and 15; the first one after the name is number 3.
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process in MiB; shared pages count in full, or with their part (`proportional`). */
export function residentMiB(pid: number): { resident: number; proportional: number } {
  return parseResidentMiB(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
}

/** From the text of `/proc/PID/smaps_rollup`. */
export function parseResidentMiB(rollup: string): { resident: number; proportional: number } {
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 1_024;
  return { resident: field('Rss'), proportional: field('Pss') };
}
