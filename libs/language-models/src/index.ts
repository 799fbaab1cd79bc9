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
