/**
 * The web UI reads more in a prompt than words. Names between angle brackets load weights from its disk: a backslash before
 * the colon keeps such text from being one, and its parser drops the backslash again, so that the model sees what was written.
 * This holds for every prompt: weights are asked for as fine tunes, which are checked and recorded.
 */
export function withoutNetworks(prompt: string): string {
  return prompt.replace(/<([\p{L}\p{M}\p{N}\p{Pc}]+):/gu, '<$1\\:');
}

/**
 * A prompt that means what it says: brackets do not weigh or alternate words, `AND` and `BREAK` do not cut it in pieces, and a
 * number after a last colon (as in "a clock at 12:30") is not the weight of everything before it. The parser drops a backslash
 * and takes what follows as it is.
 */
export function literal(prompt: string): string {
  return prompt
    .replace(/[\\()[\]]/g, '\\$&')
    .replace(/\bAND\b/g, 'A\\ND')
    .replace(/\bBREAK\b/g, 'B\\REAK')
    .replace(/:\s*(?=[-+]?[\d.]+\s*$)/, '$&\\');
}

/** What the name of a weights file cannot hold, since it would end the name where it is used, or give it arguments. */
export const NOT_IN_A_NAME = /[<>:=,\n\r]/;

/** How weights are asked for: in the prompt, before the words, where no comment can hide them. */
export function networkText(name: string, weight: number): string {
  return `<lora:${name}:${weight}>`;
}
