/** What a worker is given: one image, and the checks to run on it. */
export interface CheckTask {
  readonly image: TaskImage;
  readonly references: readonly TaskImage[];
  readonly checks: readonly {
    readonly kind: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
}

/** The digest lets a worker keep what it decoded for the next questions about the same image. */
export interface TaskImage {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** What one check gave; `failed` where the machine failed and not the image. */
export type CheckOutcome =
  | {
      readonly kind: 'result';
      readonly pYes: number;
      readonly canJudge: boolean;
      readonly critique: string;
      readonly finding: string;
      readonly measured: Readonly<Record<string, number | string | boolean>>;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** What a worker gives back. An image that is none is told as such; `reference` counts from 0. */
export type CheckTaskResult =
  | { readonly kind: 'done'; readonly outcomes: readonly CheckOutcome[] }
  | {
      readonly kind: 'bad-image';
      readonly code: string;
      readonly message: string;
      readonly reference: number | undefined;
    };
