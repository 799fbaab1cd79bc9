import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
/** An element as the parser of the HTML standard builds it. */
export type Element = DefaultTreeAdapterTypes.Element;

/** A page as a browser would read it. */
export class Dom {
  readonly elements: readonly Element[];
  /** Where the page does not follow the standard. */
  readonly errors: readonly string[];

  constructor(page: string) {
    const errors: string[] = [];
    const document = parse(page, { onParseError: ({ code }) => errors.push(code) });
    this.elements = [...descendants(document)];
    this.errors = errors;
  }

  /** Elements by tag, and by class where one is given. */
  all(tag: string, look?: string): Element[] {
    return this.elements.filter(
      (element) => element.tagName === tag && (look === undefined || classes(element).includes(look)),
    );
  }

  /** The only element of its kind. */
  one(tag: string, look?: string): Element {
    const found = this.all(tag, look);
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(`${found.length} of ${tag}.${look ?? ''}`);
    return found[0];
  }

  /** The table under a caption. */
  table(caption: string): Element {
    const found = this.all('table').find((table) =>
      within(table, 'caption').some((each) => text(each) === caption),
    );
    if (found === undefined) throw new Error(`no table "${caption}"`);
    return found;
  }
}

/** Elements of a tag inside another. */
export function within(element: Element, tag: string): Element[] {
  return [...descendants(element)].filter(({ tagName }) => tagName === tag);
}

/** Rows of a table as the texts of their cells. */
export function rows(table: Element): string[][] {
  return within(table, 'tr').map((row) =>
    [...descendants(row)].filter(({ tagName }) => tagName === 'td' || tagName === 'th').map(text),
  );
}

/** The text of an element, with single spaces. */
export function text(element: Element): string {
  return rawText(element).replaceAll(/\s+/g, ' ').trim();
}

/** The text as it is. */
export function rawText(node: Node): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value;
  return 'childNodes' in node ? node.childNodes.map(rawText).join('') : '';
}

/** An attribute; empty where there is none. */
export function attribute(element: Element, name: string): string {
  return element.attrs.find((each) => each.name === name)?.value ?? '';
}

function classes(element: Element): string[] {
  return attribute(element, 'class').split(' ');
}

function* descendants(node: Node): Generator<Element> {
  if (!('childNodes' in node)) return;
  for (const child of node.childNodes) {
    if ('tagName' in child) yield child;
    yield* descendants(child);
  }
}

/** What the page would have a browser fetch or run: anything here breaks the promise that it needs nothing. */
export function reachesOut(page: Dom): string[] {
  const loading = new Set(['src', 'srcset', 'data', 'poster', 'background', 'action', 'formaction', 'ping']);
  const found: string[] = [];
  for (const element of page.elements) {
    const { tagName, attrs } = element;
    if (!ALLOWED.has(tagName)) found.push(`<${tagName}>`);
    for (const { name, value } of attrs) {
      if (name.startsWith('on') || name === 'style') found.push(`${tagName} ${name}`);
      if (loading.has(name) && !/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(value))
        found.push(`${tagName} ${name}=${value}`);
      if (name.endsWith('href') && !/^(#[A-Za-z0-9-]+$|https?:\/\/)/.test(value))
        found.push(`${tagName} ${name}=${value}`);
    }
  }
  return found;
}

/** Everything that a report is made of. No script, link, frame, form or object is among it. */
const ALLOWED = new Set(
  'html head meta title style body main header footer section article div p span strong h1 h2 h3 h4 h5 h6 dl dt dd ul li blockquote table caption thead tbody tfoot tr th td figure figcaption img svg rect details summary a ins del code pre'.split(
    ' ',
  ),
);
