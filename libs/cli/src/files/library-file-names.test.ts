import { expect, test } from '@jest/globals';
import { isFileName, libraryFileName, pinnedFileName } from './library-file-names.ts';

test.each([
  ['template.yaml', { stem: 'template', alias: undefined }],
  ['lib/x/template.json', { stem: 'template', alias: undefined }],
  ['template-recipe.yml', { stem: 'template-recipe', alias: undefined }],
  ['template@production.yaml', { stem: 'template', alias: 'production' }],
  ['template-recipe@canary-2.yaml', { stem: 'template-recipe', alias: 'canary-2' }],
  ['template@latest.yaml', undefined],
  ['template@Production.yaml', undefined],
  ['template@a@b.yaml', undefined],
  ['templates.yaml', undefined],
  ['rubric.yaml', undefined],
  ['template.yaml.bak', undefined],
])('%s', (name, parts) => {
  expect(libraryFileName('templates', name)).toEqual(parts);
});

test('the file of what an alias keeps is named after that of the resource', () => {
  expect(pinnedFileName('lib/x/template-recipe.yml', 'production')).toBe('template-recipe@production.yaml');
});

test('names of resources are no names of files', () => {
  expect(['a.yaml', 'b/c.json', 'recipe', 'templates/recipe/versions/2', 'recipe@2'].map(isFileName)).toEqual(
    [true, true, false, false, false],
  );
});
