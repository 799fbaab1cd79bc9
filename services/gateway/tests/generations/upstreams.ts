import {
  CostBasis,
  type UsageEvent,
  UsageKind,
  UsageReportSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { JudgeAnswerSchema, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type EvaluateImageRequest,
  EvaluationService,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import {
  RubricService,
  type ValidateRubricRequest,
} from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { type Generation, GenerationState } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type ExpandPromptRequest,
  PromptService,
  type RefinePromptRequest,
  type RenderPromptRequest,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  type CandidateResult,
  CandidateResultSchema,
  CandidateState,
  type GenerateImagesRequest,
  ImageGenerationService,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { failedPrecondition, invalidArgument, type MeshKeys, notFound, packDetail } from '@atelier/rpc';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { v5 as uuidv5 } from 'uuid';
import { answersOf, scoreOf, type Verdicts } from '../cycle/world.ts';
import { ScriptedServers, scripted } from './scripted-servers.ts';

const IMAGES = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

/** A submission to the provider: what is paid for. */
export interface Submission {
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
  readonly seed: bigint | undefined;
  readonly round: number;
  readonly index: number;
}

type Result = Omit<MessageInitShape<typeof CandidateResultSchema>, 'key' | '$typeName'>;

/** What a test decides. Everything has a plain default: images are made at once, and pass. */
export interface Script {
  image: (submission: Submission) => Promise<Result | undefined> | Result | undefined;
  /** Called before a call for images is taken; what it throws is the call's error. */
  accept: () => void;
  judge: (submission: Submission, request: EvaluateImageRequest) => Promise<Verdicts> | Verdicts;
  refine: (request: RefinePromptRequest) => Promise<string> | string;
  /** What the prompt service warns of, whatever it writes. */
  promptWarnings: readonly string[];
  /** Price of an image; undefined for a model without one. */
  microUsd: bigint | undefined;
  /** Upper bound of a look of the judges and what it costs; undefined for judges that cost nothing. */
  look: { readonly bound: bigint; readonly cost: bigint } | undefined;
  /** The same of a prompt that is written. */
  write: { readonly bound: bigint; readonly cost: bigint } | undefined;
  /** Whether a model takes an image to edit. */
  edits: boolean;
}

function plainScript(): Script {
  return {
    image: () => undefined,
    accept: () => {},
    judge: () => ({ subject: Verdict.PASS }),
    refine: ({ history }) => `refined ${history.length}`,
    promptWarnings: [],
    microUsd: 40n,
    look: undefined,
    write: undefined,
    edits: false,
  };
}

/** The four inner services, played over real sockets: what they were asked, and what they keep. */
export class Upstreams implements AsyncDisposable {
  readonly script: Script = plainScript();
  readonly submissions: Submission[] = [];
  readonly requests: GenerateImagesRequest[] = [];
  readonly judged: EvaluateImageRequest[] = [];
  readonly rendered: RenderPromptRequest[] = [];
  readonly refinements: RefinePromptRequest[] = [];
  readonly expansions: ExpandPromptRequest[] = [];
  readonly validated: ValidateRubricRequest[] = [];
  readonly cancelledKeys: string[] = [];
  readonly generations = new Map<string, Generation>();
  readonly revisions: bigint[] = [];
  readonly usage = new Map<string, UsageEvent>();
  readonly servers: ScriptedServers;
  readonly #journal = new Map<string, { result: Promise<CandidateResult>; cancel: () => void }>();
  readonly #bySubmission = new Map<string, Submission>();
  #arrived = Promise.withResolvers<void>();

  private constructor(keys: MeshKeys) {
    this.servers = new ScriptedServers(keys, {
      storage: [this.#images(), this.#records()],
      'prompt-template': [this.#prompts(), this.#templates()],
      'provider-adapter': [this.#catalog(), this.#adapter()],
      evaluator: [this.#rubrics(), this.#evaluator()],
    });
  }

  static async start(keys: MeshKeys): Promise<Upstreams> {
    const upstreams = new Upstreams(keys);
    await upstreams.servers.startAll();
    return upstreams;
  }

  /** Forgets everything, plays by the plain script again, and starts what was stopped. */
  async reset(): Promise<void> {
    Object.assign(this.script, plainScript());
    const lists = [
      this.submissions,
      this.requests,
      this.judged,
      this.rendered,
      this.refinements,
      this.expansions,
      this.validated,
      this.cancelledKeys,
      this.revisions,
    ];
    for (const list of lists) list.length = 0;
    for (const map of [this.generations, this.usage, this.#journal, this.#bySubmission]) map.clear();
    await this.servers.startAll();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.servers[Symbol.asyncDispose]();
  }

  /** Resolves once so many submissions have arrived in all. */
  async submitted(count: number): Promise<void> {
    while (this.submissions.length < count) {
      await this.#arrived.promise;
    }
  }

  /** Resolves once the generation is recorded as ended. */
  async ended(name: string): Promise<Generation> {
    for (;;) {
      const generation = this.generations.get(name);
      if (generation?.state === GenerationState.ENDED) return generation;
      await this.#arrived.promise;
    }
  }

  #submit(request: GenerateImagesRequest, key: string, seed: bigint | undefined): Promise<CandidateResult> {
    const known = this.#journal.get(key);
    if (known !== undefined) return known.result;
    const [, round, index] = key.split('/');
    const submission: Submission = {
      key,
      seed,
      model: request.request?.model ?? '',
      prompt: request.request?.prompt ?? '',
      round: Number(round),
      index: Number(index),
    };
    const { promise: cancelled, resolve } = Promise.withResolvers<Result>();
    const cancel = () => resolve({ state: CandidateState.CANCELLED });
    const made = Promise.resolve().then(() => this.script.image(submission));
    const result = Promise.race([made, cancelled]).then((scriptedResult) =>
      create(CandidateResultSchema, { ...(scriptedResult ?? this.#success(submission)), key }),
    );
    this.#journal.set(key, { result, cancel });
    this.submissions.push(submission);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
    return result;
  }

  #success(submission: Submission): Result {
    const name = `images/${uuidv5(submission.key, IMAGES)}`;
    this.#bySubmission.set(name, submission);
    const cost =
      this.script.microUsd === undefined
        ? { basis: CostBasis.UNKNOWN }
        : { microUsd: this.script.microUsd, basis: CostBasis.ACTUAL };
    return {
      state: CandidateState.SUCCEEDED,
      image: { name, uri: `file:///${name}.png`, mediaType: 'image/png', width: 64, height: 64 },
      ...(submission.seed !== undefined && { seed: submission.seed }),
      usage: [
        { kind: UsageKind.IMAGE, model: submission.model, units: 1, unit: 'image', priceVersion: '1', cost },
      ],
    };
  }

  #adapter() {
    const { script, requests, cancelledKeys } = this;
    return scripted(ImageGenerationService, {
      translateRequest: async ({ request, candidates }) => {
        if (request?.model === 'models/strict') {
          throw invalidArgument('parameters.guidance', 'is not supported', {
            reason: 'UNSUPPORTED_PARAMETER',
          });
        }
        const bound = script.microUsd;
        return {
          receipt: { model: request?.model ?? '', modelRevision: 3n },
          nativeRequests: [{ method: 'LOCAL', url: 'scripted:///', images: candidates }],
          estimate:
            bound === undefined
              ? { basis: CostBasis.UNKNOWN }
              : { microUsd: bound * BigInt(candidates), basis: CostBasis.ESTIMATED },
        };
      },
      generateImages: (request) => {
        script.accept();
        requests.push(request);
        return this.#stream(request);
      },
      cancelGenerateImages: async ({ keys }) => {
        cancelledKeys.push(...keys);
        for (const key of keys) this.#journal.get(key)?.cancel();
        return { cancelledKeys: keys };
      },
    });
  }

  async *#stream(request: GenerateImagesRequest) {
    const receipt = { model: request.request?.model ?? '', modelRevision: 3n };
    yield { event: { case: 'started' as const, value: { receipt } } };
    const open = new Map(
      request.candidates.map(({ key, seed }) => [
        key,
        this.#submit(request, key, seed).then((value) => ({ event: { case: 'result' as const, value } })),
      ]),
    );
    while (open.size > 0) {
      const response = await Promise.race(open.values());
      open.delete(response.event.value.key);
      yield response;
    }
  }

  #catalog() {
    return scripted(CatalogService, {
      getModel: async ({ name }) => {
        if (name === 'models/unknown') throw notFound(`${name} does not exist.`);
        const { edits } = this.script;
        const roles = [ReferenceRole.INIT];
        const capabilities = [
          { field: 'seed', support: Support.NATIVE, max: 4_294_967_295 },
          ...(edits ? [{ field: 'reference_images', support: Support.NATIVE, roles }] : []),
        ];
        const tasks = edits ? [Task.GENERATE, Task.EDIT] : [Task.GENERATE];
        const target = name === 'models/alias' ? 'models/c' : name;
        const rest = { promptDialect: 'natural', maxPromptChars: 2000, revision: 3n };
        return { model: { name: target, tasks, capabilities, ...rest } };
      },
    });
  }

  #prompts() {
    const { script, refinements, expansions, rendered } = this;
    const costOf = () => ({ microUsd: script.write?.cost ?? 0n, basis: CostBasis.ACTUAL });
    const written = (kind: UsageKind) => [{ kind, model: 'llms/rules@1', cost: costOf() }];
    return scripted(PromptService, {
      renderPrompt: async (request) => {
        const { brief, template, forbiddenTerms } = request;
        rendered.push(request);
        const variables = brief?.input.case === 'variables' ? brief.input.value : {};
        if (template !== '' && variables.item === undefined) {
          throw invalidArgument('brief.variables["item"]', 'is required', { reason: 'VARIABLE_INVALID' });
        }
        const text = brief?.input.case === 'prompt' ? brief.input.value : `a picture of ${variables.item}`;
        if (forbiddenTerms.some((term) => text.includes(term))) {
          throw invalidArgument('brief.prompt', 'brings in a forbidden term', { reason: 'VARIABLE_INVALID' });
        }
        const warnings = [...script.promptWarnings];
        const writerEstimate = script.write && { microUsd: script.write.bound };
        return {
          prompt: { text, writer: 'template', templateVersion: template },
          variables,
          warnings,
          ...(writerEstimate !== undefined && { writerEstimate }),
        };
      },
      expandPrompt: async (request) => {
        expansions.push(request);
        const { brief, template, target } = request;
        const words = brief?.input.case === 'prompt' ? brief.input.value : 'variables';
        const usage = written(UsageKind.EXPAND);
        const text = `expanded ${words} for ${target?.model}`;
        const warnings = [...script.promptWarnings];
        return { prompt: { text, writer: 'rules@1', templateVersion: template }, usage, warnings };
      },
      refinePrompt: async (request) => {
        refinements.push(request);
        const text = await script.refine(request);
        const usage = written(UsageKind.REFINE);
        if (text === '') {
          const details = script.write === undefined ? [] : [packDetail(UsageReportSchema, { usage })];
          throw failedPrecondition('nothing is left to try', { reason: 'CANNOT_REFINE', details });
        }
        const warnings = [...script.promptWarnings];
        const prompt = { text, writer: 'rules@1' };
        const paid = script.write === undefined ? [] : usage;
        return { prompt, rationale: 'because it failed', warnings, usage: paid };
      },
    });
  }

  #templates() {
    return scripted(TemplateService, {
      getTemplate: async ({ name }) => ({ version: { name: `${name}/versions/2`, version: 2 } }),
    });
  }

  #rubrics() {
    const { script, validated } = this;
    const question = { id: 'subject', text: 'Is it {{ item }}?', required: true };
    const reserved = [
      question,
      { ...question, id: 'org-logo' },
      { ...question, id: 'b', dependsOn: ['org-logo'] },
    ];
    return scripted(RubricService, {
      getRubric: async ({ name }) => {
        if (name === 'rubrics/unknown') throw notFound(`${name} does not exist.`);
        const long = Array.from({ length: 67 }, (_, index) => ({ ...question, id: `long${index}` }));
        const questions = { 'rubrics/reserved': reserved, 'rubrics/long': long }[name] ?? [question];
        return { version: { name: `${name}/versions/1`, version: 1, content: { questions } } };
      },
      validateRubric: async (request) => {
        const { content } = request;
        validated.push(request);
        const broken = content?.questions.findIndex(({ text }) => text.includes('{{ nothing }}')) ?? -1;
        if (broken >= 0) {
          throw invalidArgument(`content.questions[${broken}].text`, 'uses a variable that is not there', {
            reason: 'VARIABLE_INVALID',
          });
        }
        const estimate = script.look && { microUsd: script.look.bound };
        return {
          rendered: (content?.questions ?? []) as Question[],
          ...(estimate !== undefined && { estimate }),
        };
      },
    });
  }

  #evaluator() {
    const { script, judged } = this;
    return scripted(EvaluationService, {
      evaluateImage: async (request) => {
        judged.push(request);
        const submission = this.#bySubmission.get(request.image);
        if (submission === undefined) throw notFound(`${request.image} does not exist.`);
        const answers = answersOf(await script.judge(submission, request));
        for (const answer of answers) {
          answer.judgeAnswers.push(
            create(JudgeAnswerSchema, { judge: 'builtin@1', verdict: answer.verdict }),
          );
        }
        const cost = { microUsd: script.look?.cost ?? 0n, basis: CostBasis.ACTUAL };
        const usage = [{ kind: UsageKind.JUDGE, model: 'judges/builtin@1', unit: 'question', cost }];
        return { answers, score: scoreOf(answers), usage };
      },
      listJudges: async () => ({
        judges: ['builtin', 'eye', 'other'].map((instance) => ({
          instance,
          version: `${instance}@1`,
          vision: instance !== 'builtin',
        })),
      }),
    });
  }

  #images() {
    return scripted(ImageService, {
      getImage: async ({ name }) => {
        if (!this.#bySubmission.has(name)) throw notFound(`${name} does not exist.`);
        return { image: { ref: { name } } };
      },
      getImageUrl: async ({ name }) => ({ image: { name, url: `http://storage/${name}?signed` } }),
    });
  }

  #records() {
    const { generations, usage, revisions } = this;
    return scripted(RecordService, {
      appendRecords: async ({ records }) => {
        for (const { record } of records) {
          if (record.case === 'usage') usage.set(record.value.id, record.value);
          if (record.case !== 'generation') continue;
          const known = generations.get(record.value.name);
          if ((known?.revision ?? 0n) > record.value.revision) continue;
          generations.set(record.value.name, record.value);
          revisions.push(record.value.revision);
          this.#arrived.resolve();
          this.#arrived = Promise.withResolvers();
        }
        return {};
      },
      getGenerationRecord: async ({ name }) => {
        const generation = generations.get(name);
        if (generation === undefined) throw notFound(`${name} does not exist.`);
        return { generation };
      },
      listGenerationRecords: async ({ state }) => ({
        generations: [...generations.values()].filter((each) => state === 0 || each.state === state),
      }),
      queryUsageRecords: async () => ({ rows: [] }),
    });
  }
}
