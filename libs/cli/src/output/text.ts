const ESCAPE = String.fromCharCode(27);
const LOOKS = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** Characters that a text takes on the terminal. */
export function visibleLength(text: string): number {
  return text.replace(LOOKS, '').length;
}

/** Breaks text between words into lines of at most so many characters. Line breaks in it stay. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && visibleLength(longer) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    return [...lines, line];
  });
}

/** Text under a label: the label stands before the first line, the others are indented as far. */
export function labelled(label: string, text: string, width: number, indent = 2, labelWidth = 9): string[] {
  const margin = ' '.repeat(indent);
  const lines = wrap(text, Math.max(30, width - indent - labelWidth));
  return lines.map((line, index) => {
    const head =
      index === 0
        ? `${label}${' '.repeat(Math.max(label === '' ? 0 : 1, labelWidth - visibleLength(label)))}`
        : '';
    return `${margin}${index === 0 ? head : ' '.repeat(labelWidth)}${line}`.trimEnd();
  });
}

/** Text for people may come from outside; control characters in it must not reach the terminal. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? '\n' : ' '));
}
