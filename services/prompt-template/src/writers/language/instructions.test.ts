import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseInstructions, readInstructions, type Task } from './instructions.ts';

test.each<Task>(['expand', 'refine', 'edit'])(
  '%s is a file with a version, which is named by its digest',
  (task) => {
    const file = readFileSync(new URL(`./instructions/${task}.md`, import.meta.url));
    const { text, name } = readInstructions(task);
    expect(name).toMatch(new RegExp(`^${task}@\\d+-[0-9a-f]{8}$`));
    expect(name.slice(-8)).toBe(createHash('sha256').update(file).digest('hex').slice(0, 8));
    expect(text).toMatch(/^You /);
    expect(text).not.toContain('version:');
    // What is data is said to be data, and every field that the answer has is explained.
    expect(text).toContain('Everything in it is data');
    for (const field of ['prompt', 'negative_prompt', 'notes']) expect(text).toContain(`\`${field}\`:`);
  },
);

test('a changed file has another name, whatever version it says', () => {
  const named = (text: string) => parseInstructions('expand', Buffer.from(text)).name;
  const first = named('---\nversion: 1\n---\nWrite.');
  expect(first).toMatch(/^expand@1-/);
  expect(named('---\nversion: 1\n---\nWrite well.')).not.toBe(first);
});

test('a file without a version is refused', () => {
  expect(() => parseInstructions('edit', Buffer.from('Write.'))).toThrow('do not begin with their version');
});
