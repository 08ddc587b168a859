import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentTag } from './image-tag.ts';

let folder: string;
const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-tag-'));
  mkdirSync(join(folder, 'services/api'), { recursive: true });
  write('.dockerignore', '# a comment\n*\n!package.json\n!services\n**/*.test.ts\n');
  write('Dockerfile.api', 'FROM scratch');
  write('package.json', '{}');
  write('services/api/main.ts', '1');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('contentTag', () => {
  it('is a tag of Docker', () => {
    expect(contentTag(folder)).toMatch(/^content-[0-9a-f]{12}$/);
  });

  it.each(['README.md', 'services/api/main.test.ts'])('does not depend on %s', (name) => {
    const before = contentTag(folder);
    write(name, 'new');
    expect(contentTag(folder)).toBe(before);
  });

  it.each(['Dockerfile.api', 'package.json', 'services/api/main.ts', 'services/api/more.ts'])(
    'depends on %s',
    (name) => {
      const before = contentTag(folder);
      write(name, 'new');
      expect(contentTag(folder)).not.toBe(before);
    },
  );

  it('sees a file that moves', () => {
    const before = contentTag(folder);
    rmSync(join(folder, 'services/api/main.ts'));
    write('services/main.ts', '1');
    expect(contentTag(folder)).not.toBe(before);
  });
});
