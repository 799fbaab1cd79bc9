import type { VersionedLibrary } from '@atelier/documents';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Answer, Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type {
  Question,
  Rubric,
  RubricContent,
  RubricVersion,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallContext, type Client, invalidArgument } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { ImageError } from '../checks/index.ts';
import type { Judge } from '../judges/judge.ts';
import { scoreOf } from '../scoring/score.ts';
import { askPanel } from './ask-panel.ts';
import { type FetchedImage, loadImage, requireImage } from './load-images.ts';
import { questionsToAsk } from './questions.ts';

/** The library of rubrics. */
export type RubricLibrary = VersionedLibrary<Rubric, RubricVersion, RubricContent>;

/** What an evaluator works with. */
export interface EvaluatorOptions {
  readonly rubrics: RubricLibrary;
  readonly images: Client<typeof ImageService>;
  readonly judges: readonly Judge[];
}

/** What is judged by what. */
export interface EvaluationInput {
  readonly image: string;
  /** Rubric or rubric version; empty for the call's own questions alone. */
  readonly rubric: string;
  readonly questions: readonly Question[];
  readonly variables: JsonObject;
  readonly referenceImages: readonly string[];
  readonly brief: string;
  readonly stopAtFirstFailure: boolean;
}

/** The answers, and what they come to. */
export interface Evaluation {
  readonly image: FetchedImage['ref'];
  readonly answers: Answer[];
  readonly score: Score;
  readonly rubricVersion: string;
  readonly usage: Usage[];
  readonly warnings: string[];
}

/** Judges images by rubrics. Keeps no state of its own, so that replicas are added without anybody's knowing. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** Throws NOT_FOUND where one of the images is not there for the caller. */
  async requireImages(names: readonly string[], call: CallContext): Promise<void> {
    await Promise.all(names.map((name) => requireImage(this.#options.images, name, call)));
  }

  async evaluate(input: EvaluationInput, call: CallContext): Promise<Evaluation> {
    const { version, questions } = await this.#questions(input, call);
    const [image, ...references] = await Promise.all(
      [input.image, ...input.referenceImages].map((name) => loadImage(this.#options.images, name, call)),
    );
    if (image === undefined) throw new Error('there is always an image');
    const ask = {
      image,
      references,
      brief: input.brief,
      questions,
      stopAtFirstFailure: input.stopAtFirstFailure,
    };
    try {
      const { answers, usage } = await askPanel(this.#panel(version), ask, call.signal, call.log);
      const warnings = questions.some(({ required }) => required) ? [] : ['No question was required.'];
      return {
        image: image.ref,
        answers,
        score: scoreOf(answers),
        rubricVersion: version?.name ?? '',
        usage,
        warnings,
      };
    } catch (error) {
      if (error instanceof ImageError) throw imageRefusal(error, input.image);
      throw error;
    }
  }

  async #questions(input: EvaluationInput, call: CallContext) {
    if (input.rubric === '' && input.questions.length === 0) {
      throw invalidArgument('rubric', 'a rubric or questions are required');
    }
    const found =
      input.rubric === '' ? undefined : await this.#options.rubrics.get(input.rubric, call, 'rubric');
    const ofRubric = found?.version.content?.questions ?? [];
    return { version: found?.version, questions: questionsToAsk(ofRubric, input.questions, input.variables) };
  }

  /** The judges that the rubric names, of those that are configured; all where it names none. */
  #panel(version: RubricVersion | undefined): readonly Judge[] {
    const wanted = version?.content?.judges ?? [];
    const named = this.#options.judges.filter(({ instance }) => wanted.includes(instance));
    return wanted.length === 0 ? this.#options.judges : named;
  }
}

function imageRefusal({ code, message, cause }: ImageError, image: string) {
  const isLarge = code === 'TOO_LARGE' || code === 'TOO_MANY_PIXELS';
  return invalidArgument('image', message, {
    reason: isLarge ? 'IMAGE_TOO_LARGE' : 'NOT_AN_IMAGE',
    metadata: { resource: image },
    cause,
  });
}
