import type { VersionedLibrary } from '@atelier/documents';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Answer, Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { SecondLook } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type {
  Question,
  Rubric,
  RubricContent,
  RubricVersion,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallContext, type Client, invalidArgument } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Judge, Spend } from '../judges/judge.ts';
import { scopeOf } from '../rubric/scope.ts';
import { scoreOf } from '../scoring/score.ts';
import { askPanel } from './ask-panel.ts';
import { estimateLook } from './estimate.ts';
import { refusingImage } from './image-refusal.ts';
import { type FetchedImage, loadImage } from './load-images.ts';
import { type PanelChoice, panelOf } from './panel-of.ts';
import { patienceOf } from './patience.ts';
import { questionsToAsk } from './questions.ts';
import { afterSecondLook, askedAgain } from './second-look.ts';

/** The library of rubrics. */
export type RubricLibrary = VersionedLibrary<Rubric, RubricVersion, RubricContent>;

/** What an evaluator works with. */
export interface EvaluatorOptions {
  readonly rubrics: RubricLibrary;
  readonly images: Client<typeof ImageService>;
  readonly judges: readonly Judge[];
}

/** What is judged by what. */
export interface EvaluationInput extends PanelChoice {
  readonly image: string;
  /** Rubric or rubric version; empty for the call's own questions alone. */
  readonly rubric: string;
  readonly questions: readonly Question[];
  readonly variables: JsonObject;
  readonly referenceImages: readonly string[];
  /** What was asked for. A question may quote it; no judge is shown it beside. */
  readonly brief: string;
  readonly stopAtFirstFailure: boolean;
  readonly secondLook: SecondLook | undefined;
}

/** The answers, and what they come to. */
export interface Evaluation {
  readonly image: FetchedImage['ref'];
  readonly answers: Answer[];
  readonly score: Score;
  readonly rubricVersion: string;
  readonly warnings: string[];
  readonly estimate: Cost;
}

/** Judges images by rubrics. Keeps no state of its own, so that replicas are added without anybody's knowing. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  async evaluate(input: EvaluationInput, call: CallContext, spend: Spend): Promise<Evaluation> {
    const { secondLook, stopAtFirstFailure } = input;
    const { version, questions } = await this.#questions(input, call);
    const panel = panelOf(this.#options.judges, version?.content?.judges ?? [], input);
    const asked = secondLook === undefined ? questions : askedAgain(secondLook, questions);
    const [image, ...references] = await Promise.all(
      [input.image, ...input.referenceImages].map((name) => loadImage(this.#options.images, name, call)),
    );
    if (image === undefined) throw new Error('there is always an image');
    const ask = {
      image,
      references,
      questions: asked,
      team: call.principal?.team ?? '',
      isSecondLook: secondLook !== undefined,
      spend,
      stopAtFirstFailure,
    };
    const waiting = { signal: call.signal, patience: patienceOf(call) };
    const given = await refusingImage(input.image, () => askPanel(panel, ask, waiting, call.log));
    const answers = secondLook === undefined ? given : afterSecondLook(secondLook.answers, given);
    const sizes = { image: image.ref, references: references.map(({ ref }) => ref) };
    return {
      image: image.ref,
      answers,
      score: scoreOf(answers),
      rubricVersion: version?.name ?? '',
      warnings: questions.some(({ required }) => required) ? [] : ['No question was required.'],
      estimate: estimateLook(panel.judges, { ...sizes, questions: asked }),
    };
  }

  async #questions(input: EvaluationInput, call: CallContext) {
    if (input.rubric === '' && input.questions.length === 0) {
      throw invalidArgument('rubric', 'a rubric or questions are required');
    }
    const found =
      input.rubric === '' ? undefined : await this.#options.rubrics.get(input.rubric, call, 'rubric');
    const ofRubric = found?.version.content?.questions ?? [];
    const scope = scopeOf(input.variables, input.brief);
    return { version: found?.version, questions: questionsToAsk(ofRubric, input.questions, scope) };
  }
}
