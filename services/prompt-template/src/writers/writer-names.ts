/** Whether a prompt, by the writer that its record names, is an instruction to edit a picture. */
export function isEdit(writer: string): boolean {
  return /\/edit(?:@|$)/.test(writer);
}
