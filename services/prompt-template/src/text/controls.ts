/** Controls other than tab and line ends have no place in a prompt, and hide what a reader would see. */
const CONTROLS = /[\p{Cc}--[\t\n\r]]|\p{Bidi_Control}/v;

/** Whether a text holds control characters, marks that turn the direction of writing included. */
export function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

/** A text with a blank for each of them. */
export function withoutControls(text: string): string {
  return hasControls(text) ? text.replaceAll(EACH, ' ') : text;
}

const EACH = new RegExp(CONTROLS, 'gv');
