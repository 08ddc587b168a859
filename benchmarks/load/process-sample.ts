import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process at one moment. */
export interface ProcessSample {
  /** Resident memory. */
  rssBytes: number;
  /** User and system time of all threads since the process began, in milliseconds. */
  cpuMs: number;
  /** Open file descriptors: connections among them. */
  handles: number;
}

/** USER_HZ, 100 on every architecture that Node is built for: https://man7.org/linux/man-pages/man7/time.7.html */
const ticksPerSecond = 100;

/** @throws the error of `readFileSync` if there is no such process, or no `/proc` */
export function sampleProcess(pid: number): ProcessSample {
  return {
    rssBytes: rssOf(readFileSync(`/proc/${pid}/status`, 'latin1')),
    cpuMs: cpuOf(readFileSync(`/proc/${pid}/stat`, 'latin1')),
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Resident bytes from `/proc/<pid>/status`. @throws {Error} if they are not there */
export function rssOf(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('the process has no resident memory');
  return Number(kibibytes) * 1_024;
}

/** CPU milliseconds from `/proc/<pid>/stat`, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function cpuOf(stat: string): number {
  // The second field is the program's name, and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime are fields 14 and 15; the first one here is field 3.
  const [utime, stime] = [Number(fields[11]), Number(fields[12])];
  return ((utime + stime) * 1_000) / ticksPerSecond;
}

/** How long all cores together have worked since the machine started, in milliseconds. */
export function sampleMachineCpu(): number {
  return busyOf(readFileSync('/proc/stat', 'latin1'));
}

/** The same from `/proc/stat`, https://man7.org/linux/man-pages/man5/proc_stat.5.html */
export function busyOf(stat: string): number {
  const [user, nice, system, , , irq, softirq, steal] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '')
    .split(' ')
    .map(Number);
  const ticks = [user, nice, system, irq, softirq, steal];
  return (ticks.reduce((total = 0, value = 0) => total + value, 0) ?? 0) * (1_000 / ticksPerSecond);
}
