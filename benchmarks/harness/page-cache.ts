import { execFileSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';

/** https://docs.kernel.org/admin-guide/sysctl/vm.html#drop-caches */
const file = '/proc/sys/vm/drop_caches';

/** Whether this process may empty the page cache, as root on a machine of its own may. */
export function canDropPageCache(): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Takes every file out of the page cache that no running process has mapped. */
export function dropPageCache(): void {
  execFileSync('sync');
  writeFileSync(file, '3');
}
