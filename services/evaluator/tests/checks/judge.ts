import {
  type CheckResult,
  type CheckTools,
  checks,
  type DecodedImage,
  type Ocr,
} from '../../src/checks/index.ts';

/** For checks that read no text: asking for it is a fault of the test. */
const noOcr: Ocr = {
  read: () => Promise.reject(new Error('this check must not read text')),
  [Symbol.asyncDispose]: async () => {},
};

/** Runs one check as a rubric would: by kind, with parameters as data. */
export async function judge(
  kind: string,
  params: Record<string, unknown>,
  image: DecodedImage,
  references: DecodedImage[] = [],
  ocr: Ocr = noOcr,
  signal: AbortSignal = new AbortController().signal,
): Promise<CheckResult> {
  const check = checks.get(kind);
  if (check === undefined) throw new Error(`no check of kind ${kind}`);
  const tools: CheckTools = { ocr, signal };
  return check.run(check.parse(params), { image, references }, tools);
}
