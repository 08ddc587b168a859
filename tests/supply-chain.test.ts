import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  lockedPackages,
  manifest,
  packageName,
  productionClosure,
} from './support/production-packages.ts';
import { projectFolder, runProgram } from './support/project-program.ts';

const read = (file: string) => readFileSync(join(projectFolder, file), 'utf8');
const packages = Object.entries(lockedPackages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('has the SHA-512 of every package', () => {
    expect(packages.length).toBeGreaterThan(100);
    const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
    expect(packages.filter(([, { integrity = '' }]) => !sha512.test(integrity))).toEqual([]);
  });

  it('takes nothing from anywhere but the registry', () => {
    const elsewhere = packages.filter(
      ([, { resolved = 'https://registry.npmjs.org/', link }]) =>
        link || !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere).toEqual([]);
  });

  it('lets the scripts run that package.json names, and knows of no others', () => {
    const withScripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(withScripts.map(([path]) => packageName(path)).sort()).toEqual(
      Object.keys(manifest.allowScripts).sort(),
    );
    expect(read('.npmrc').split('\n')).toContain('strict-allow-scripts=true');
  });
});

it('package.json names one version of each package', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const versions = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const exact = /^\d+\.\d+\.\d+$/;
  expect(Object.entries(versions).filter(([, version]) => !exact.test(String(version)))).toEqual(
    [],
  );
});

it('every dependency of production is justified', () => {
  const page = read('docs/decisions/012-production-dependencies.md');
  const rows = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  expect(page).toContain(`${productionClosure().size} packages`);
});

describe('the bill of materials', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'supply-chain-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  let listed: string[];
  beforeAll(async () => {
    const { code, output } = await runProgram('sbom.ts', [outdir]);
    expect(code, output).toBe(0);
    const { components } = JSON.parse(readFileSync(join(outdir, 'sbom.cdx.json'), 'utf8'));
    listed = components.map(
      ({ name, version }: { name: string; version: string }) => `${name}@${version}`,
    );
  });

  it('has everything that production needs, and nothing else', () => {
    expect([...listed].sort()).toEqual([...productionClosure()].sort());
  });

  it('has a hash and a licence for each of them', () => {
    const { components } = JSON.parse(readFileSync(join(outdir, 'sbom.cdx.json'), 'utf8'));
    for (const { name, hashes, licenses } of components) {
      expect(hashes, name).toEqual([
        { alg: 'SHA-512', content: expect.stringMatching(/^\w{128}$/) },
      ]);
      expect(licenses, name).toHaveLength(1);
    }
  });
});

describe('the audit', () => {
  /** A registry that knows these vulnerabilities, or answers with this status. */
  async function audit(answer: number | Record<string, string>) {
    const asked: string[] = [];
    const registry = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (typeof answer === 'number') return response.writeHead(answer).end();
      if (!request.url?.endsWith('/advisories/bulk')) return response.writeHead(404).end('{}');
      asked.push(...Object.keys(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString())));
      const advisories = Object.entries(answer).map(([name, severity], id) => {
        const advisory = { id, severity, title: 'a hole', url: 'https://example.com', cwe: [] };
        return [name, [{ ...advisory, vulnerable_versions: '*', cvss: { score: 9 } }]];
      });
      return response.end(JSON.stringify(Object.fromEntries(advisories)));
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    onTestFinished(() => {
      registry.closeAllConnections();
      registry.close();
    });
    // npm remembers what it has been told of a vulnerability.
    const cache = mkdtempSync(join(tmpdir(), 'audit-'));
    onTestFinished(() => rmSync(cache, { recursive: true }));
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
    const environment = { npm_config_registry: url, npm_config_cache: cache };
    return { ...(await runProgram('audit.ts', [], environment)), asked };
  }

  it('asks about all of production', async () => {
    const { code, output, asked } = await audit({});
    expect([code, output]).toEqual([0, 'npm audit of production: nothing known\n']);
    const names = [...productionClosure()].map((name) => name.slice(0, name.lastIndexOf('@')));
    expect(asked.sort()).toEqual([...new Set(names)].sort());
  });

  // The second is a development dependency as well.
  it.each(['express', '@grpc/grpc-js'])('fails for a hole in %s', async (name) => {
    const { code, output } = await audit({ [name]: 'high' });
    expect(code).toBe(1);
    expect(output).toContain(`${name} (high)`);
  });

  it('shows a smaller one and passes', async () => {
    const { code, output } = await audit({ express: 'moderate' });
    expect([code, output]).toEqual([0, 'npm audit of production: express (moderate)\n']);
  });

  it('is skipped, in one line, where the registry does not answer', async () => {
    const { code, output } = await audit(405);
    expect(code).toBe(0);
    expect(output).toMatch(/^npm audit was skipped, the registry does not answer it: 405 .*\n$/);
  });
});

it('CI audits, and keeps the bill of materials', () => {
  expect(read('.ci/run')).toMatch(/^npm run sbom\nnpm run audit$/m);
  const ci = read('.github/workflows/ci.yml');
  expect(ci).toMatch(/run: npm audit --omit=dev --omit=optional --audit-level=high$/m);
  expect(ci).toMatch(/run: npm run sbom$/m);
  expect(ci).toMatch(/uses: actions\/upload-artifact@[\s\S]*path: dist\/sbom\.cdx\.json$/m);
});
