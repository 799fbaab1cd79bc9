import type { OnUnsupported, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type {
  PromptTarget,
  RenderPromptResponse,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { ParameterLayer } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';

/** What a model of the plan needs to be asked properly. */
export interface ModelTarget {
  /** For the prompt writer. */
  readonly target: PromptTarget;
  /** Largest seed that it takes; undefined where it takes none. */
  readonly maxSeed: number | undefined;
}

/**
 * What the steps of a cycle are made of: the request after everything that it names was looked up and pinned. It is
 * journaled with the acceptance, so that later changes to project, template or rubric do not reach a running cycle.
 */
export interface CycleWork {
  /** The brief in words, for the judge's eyes. */
  readonly briefText: string;
  readonly task: Task;
  /** `templates/{id}/versions/{n}`, or empty. */
  readonly template: string;
  /** `rubrics/{id}/versions/{n}`, or empty. */
  readonly rubric: string;
  /** The project's, the call's and the organisation's questions, asked after the rubric's. */
  readonly questions: readonly Question[];
  /** Of the call, the project and the template, in this order. */
  readonly layers: readonly ParameterLayer[];
  readonly onUnsupported: OnUnsupported;
  readonly allowExperimental: boolean;
  /** The template as it renders for the first model: its variables are those of the questions. */
  readonly rendered: RenderPromptResponse;
  /** Reference images that the judges are shown, `images/{id}`. */
  readonly references: readonly string[];
  /** Whether the first candidate's seed was asked for, rather than drawn. */
  readonly seedGiven: boolean;
  /** Terms that no prompt may contain, of organisation and project. Absent in journals of earlier versions. */
  readonly forbiddenTerms?: readonly string[] | undefined;
  /** By id of a question, who asks it, where that is not the rubric. Absent in journals of earlier versions. */
  readonly askedBy?: Readonly<Record<string, string>> | undefined;
  /** By model, for all models of the plan. */
  readonly targets: Readonly<Record<string, ModelTarget>>;
}
