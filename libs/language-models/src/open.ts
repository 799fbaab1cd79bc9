import { ConfigError, type ConfigProblem, type Instance } from '@atelier/config';
import type { CallLimits } from '@atelier/coordination';
import type { Logger } from '@atelier/observability';
import { BoundedModel } from './bounded-model.ts';
import { anthropicDriver } from './drivers/anthropic.ts';
import type { Driver } from './drivers/driver.ts';
import type { DriverOptions } from './drivers/driver-options.ts';
import { geminiDriver } from './drivers/gemini.ts';
import { openaiDriver } from './drivers/openai.ts';
import { openaiCompatibleDriver } from './drivers/openai-compatible.ts';
import { replicateDriver } from './drivers/replicate.ts';
import type { LanguageModel } from './language-model.ts';
import { type LanguageModelType, readSettings } from './settings.ts';

/** What a language model shares with others of its process. */
export interface LanguageModelOptions {
  /** Keeps requests within the instance's bounds; shared by all replicas where Redis is. */
  readonly limits: CallLimits;
  readonly log: Logger;
  /** What the instance's variables begin with, for messages: `JUDGE_QWEN`, `PROMPT_LLM`. */
  readonly variable: string;
  /** From 0 up to 1, for the length of pauses. The default is chance. */
  readonly random?: () => number;
  /** What time it is, since prices change on announced days. */
  readonly now?: () => Date;
}

const DRIVERS: Readonly<Record<LanguageModelType, (options: DriverOptions) => Driver>> = {
  openai: openaiDriver,
  anthropic: anthropicDriver,
  gemini: geminiDriver,
  replicate: replicateDriver,
  'openai-compatible': openaiCompatibleDriver,
};

/** What is wrong with an instance's variables, all at once, for a `ConfigError`. Opens nothing, and shows no value. */
export function languageModelProblems(instance: Instance, variable: string): ConfigProblem[] {
  try {
    readSettings(instance, variable);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}

/**
 * Opens the language model of an instance. Throws a `ConfigError` for variables that will not do. Nothing is sent before it is
 * asked.
 */
export function openLanguageModel(instance: Instance, options: LanguageModelOptions): LanguageModel {
  const { limits, log, variable, random = Math.random, now = () => new Date() } = options;
  const settings = readSettings(instance, variable);
  const driver = DRIVERS[settings.type]({ settings, key: settings.apiKey?.reveal() ?? '', log });
  return new BoundedModel({ settings, variable, driver, limits, log, random, now });
}
