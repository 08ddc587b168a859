import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A software bill of materials of the images: every package that the lock holds for production, with
// version, licence and hash, as CycloneDX 1.5 from npm. The same lock gives the same file, byte by byte.

const root = import.meta.dirname;
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/**
 * `npm sbom --omit dev` leaves out what a development dependency needs as well (measured with npm
 * 11.19: it lists 98 of 160 packages). So npm is shown a project with the dependencies of production
 * alone, and passes over the rest of the lock. Node.js, the one optional one, is in the base image.
 */
function writeProductionProject(folder: string): void {
  const { devDependencies, optionalDependencies, scripts, ...production } = read('package.json');
  const lock = read('package-lock.json');
  const locked = { ...lock, packages: { ...lock.packages, '': production } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(production));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(locked));
}

function productionSbom() {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    // npm calls the product by its folder.
    const project = join(folder, read('package.json').name);
    mkdirSync(project);
    writeProductionProject(project);
    const options = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
    const output = execFileSync('npm', ['sbom', ...options], { cwd: project, encoding: 'utf8' });
    return JSON.parse(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { serialNumber, ...sbom } = productionSbom();
// Both are optional, and the only parts that differ from run to run.
delete sbom.metadata.timestamp;
const [outdir = join(root, 'dist')] = process.argv.slice(2);
mkdirSync(outdir, { recursive: true });
writeFileSync(join(outdir, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
process.stdout.write(`${join(outdir, 'sbom.cdx.json')}: ${sbom.components.length} packages\n`);
