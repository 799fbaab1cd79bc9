export {
  type AnswerToken,
  type ImagePart,
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelFailureKind,
  type ModelRequest,
  type TextPart,
} from './language-model.ts';
export { type LanguageModelOptions, languageModelProblems, openLanguageModel } from './open.ts';
export { LANGUAGE_MODEL_TYPES } from './settings.ts';
