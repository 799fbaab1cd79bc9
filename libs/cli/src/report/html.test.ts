import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { attribute, type Element, rawText } from '../../tests/report/dom.ts';
import { html, lazyText, webLink } from './html.ts';

/** Strings that try to get out, beside any others. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '</p><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!--',
    ']]>',
    '&lt;script&gt;',
    '&amp;&#x3c;',
    'javascript:alert(1)',
    '</title></style></textarea>',
    '\u0000<\u0000script>',
    '\ud800',
    '\u202eexe.gnp',
  ),
);

/** What the parser of the standard gives back of a text: line ends are one, and what HTML cannot carry is U+FFFD. */
function carried(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\t\n\u0020-\u007e\u00a0-\ufdcf\ufdf0-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function only(page: string): Element {
  const { childNodes } = parseFragment(page);
  expect(childNodes).toHaveLength(1);
  return childNodes[0] as Element;
}

describe('html', () => {
  test('whatever is put in stays text, between tags and in attributes', () => {
    fc.assert(
      fc.property(hostile, hostile, (inside, about) => {
        const element = only(String(html`<p title="${about}">${inside}</p>`));
        expect(element.attrs.map(({ name }) => name)).toEqual(['title']);
        expect(attribute(element, 'title')).toBe(carried(about));
        expect(element.childNodes.every(({ nodeName }) => nodeName === '#text')).toBe(true);
        expect(rawText(element)).toBe(carried(inside));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('the same holds for lists, nested templates and text that is made when it is written', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (items) => {
        const element = only(
          String(
            html`<ul>${items.map((item) => html`<li title="${lazyText(() => item)}">${[item]}</li>`)}</ul>`,
          ),
        );
        expect(element.childNodes.map(rawText)).toEqual(items.map(carried));
        expect(element.childNodes.map((child) => attribute(child as Element, 'title'))).toEqual(
          items.map(carried),
        );
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  test('nothing stands for what is not there, and numbers for themselves', () => {
    expect(String(html`<p>${undefined}${null}${false}${''}${0}${7n}</p>`)).toBe('<p>07</p>');
  });

  test('an attribute without quotes is refused, since nothing could be escaped there', () => {
    expect(() => html`<p title=${'x'}></p>`).toThrow('without quotes');
  });

  test.each([
    ['https://shop.example/a?b=1&c="2"', true],
    ['http://127.0.0.1:8080/images/1', true],
    ['javascript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['java\nscript:alert(1)', false],
    ['data:text/html,<script>alert(1)</script>', false],
    ['//shop.example', false],
    ['https://user:secret@shop.example', false],
    ['file:///etc/passwd', false],
  ])('the address %j leads somewhere: %s', (address, leads) => {
    const { childNodes } = parseFragment(String(webLink(address)));
    expect(childNodes.map(({ nodeName }) => nodeName)).toEqual([leads ? 'a' : '#text']);
    expect(childNodes.map(rawText).join('')).toBe(address);
  });
});
