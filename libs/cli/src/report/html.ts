/** What may stand in a template of HTML: text, which is escaped, HTML, which is not, lists of both, and nothing. */
export type Part = Html | string | number | bigint | false | null | undefined | readonly Part[];

/** A piece of HTML. Text from outside becomes one by `html` or `lazyText` alone, which escape it. */
export class Html {
  readonly #pieces: readonly (string | Html | (() => string))[];

  private constructor(pieces: readonly (string | Html | (() => string))[]) {
    this.#pieces = pieces;
  }

  /** From text that is HTML already: our own, never a record's. */
  static of(pieces: readonly (string | Html | (() => string))[]): Html {
    return new Html(pieces);
  }

  /** The text, piece by piece: a page with images is never one string in memory. */
  *chunks(): Generator<string, void, undefined> {
    for (const piece of this.#pieces) {
      if (piece instanceof Html) yield* piece.chunks();
      else yield typeof piece === 'string' ? piece : piece();
    }
  }

  toString(): string {
    return [...this.chunks()].join('');
  }
}

/**
 * HTML from a template. Whatever is put in is escaped for text and for attributes in quotes, unless it is HTML itself.
 * Throws where an attribute has no quotes, since there no escaping would help.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = texts.flatMap((text, index) => {
    if (index < parts.length && /=\s*$/.test(text)) throw new Error(`An attribute without quotes: ${text}`);
    return index < parts.length ? [text, toHtml(parts[index])] : [text];
  });
  return Html.of(pieces);
}

/**
 * Text that is made when it is written, for what is too large to be kept. It is escaped like any other.
 */
export function lazyText(make: () => string): Html {
  return Html.of([() => escapeHtml(make())]);
}

function toHtml(part: Part): Html {
  if (part instanceof Html) return part;
  if (part === undefined || part === null || part === false) return Html.of([]);
  if (typeof part === 'object') return Html.of(part.map(toHtml));
  return Html.of([escapeHtml(String(part))]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters but tab and line breaks, halves of characters, and code points that HTML does not allow. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/gu;

/** Text as it stands in HTML, between tags or in a quoted attribute. What HTML cannot carry becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A link where the address is one of the web; anything else, such as `javascript:`, is shown as text and leads nowhere. */
export function webLink(address: string, words: Part = address): Html {
  return isWebAddress(address)
    ? html`<a href="${address}" rel="noreferrer noopener">${words}</a>`
    : html`${words}`;
}

function isWebAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}
