import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { LadderStep, Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { refinement } from '../../src/cycle/refinement.ts';
import { toGeneration } from '../../src/cycle/view.ts';
import { type Fate, Play, plan, type World } from './world.ts';

const { PASS, FAIL } = Verdict;
const { UNSPECIFIED, REWRITE, RESAMPLE, EDIT, NEXT_MODEL } = LadderStep;

const editable = { maxRounds: 10, plateauRounds: 10, editModels: ['models/a'] };

/** What becomes of the images of each kind of round. */
function byStep(fates: Partial<Record<LadderStep, Fate>>, otherwise: Fate): World {
  const steps: LadderStep[] = [];
  return {
    fate: ({ round, editedImage }) => {
      const step = editedImage === undefined ? steps[round] : EDIT;
      return fates[step ?? UNSPECIFIED] ?? otherwise;
    },
  };
}

const steps = (play: Play) => play.state.rounds.map(({ step }) => step);

test('a local fault that rewriting and other seeds do not mend is edited, and the edit mends it', () => {
  const play = new Play(plan(editable), {
    fate: ({ prompt }) => ({ whole: PASS, part: prompt.text.startsWith('edited') ? PASS : FAIL }),
  });
  const state = play.run();
  expect(steps(play)).toEqual([UNSPECIFIED, REWRITE, RESAMPLE, EDIT]);
  expect(state.ending).toMatchObject({ outcome: Outcome.APPROVED, reason: StopReason.ENOUGH_PASS });
  const { rounds } = toGeneration(state);
  expect(rounds[3]?.editedImage).toBe(rounds[0]?.candidates[0]?.image?.name);
});

test('a global fault is never edited', () => {
  const play = new Play(plan(editable), byStep({}, { whole: FAIL, part: FAIL }));
  play.run();
  expect(steps(play)).toEqual([UNSPECIFIED, REWRITE, RESAMPLE]);
  expect(play.state.ending?.reason).toBe(StopReason.LADDER_TOP);
});

test('what is left of a fault after an edit that helped is edited again; the edited image is the one that helped', () => {
  const play = new Play(plan({ ...editable, maxRounds: 5 }), {
    fate: ({ prompt, round }) => {
      if (!prompt.text.startsWith('edited')) return { 'part-a': FAIL, 'part-b': FAIL };
      return { 'part-a': PASS, 'part-b': round > 3 ? PASS : FAIL };
    },
  });
  const state = play.run();
  expect(steps(play)).toEqual([UNSPECIFIED, REWRITE, RESAMPLE, EDIT, EDIT]);
  expect(state.rounds[4]?.edits).toEqual({ round: 3, index: 0 });
  expect(state.ending?.outcome).toBe(Outcome.APPROVED);
});

test('an edit in vain is not tried again on the same image: the next model is', () => {
  const models = ['models/a', 'models/b'];
  const play = new Play(plan({ ...editable, models, maxRounds: 6 }), {
    fate: ({ model }) => ({ part: model === 'models/b' ? PASS : FAIL }),
  });
  play.run();
  expect(steps(play)).toEqual([UNSPECIFIED, REWRITE, RESAMPLE, EDIT, NEXT_MODEL]);
});

test('a plateau is edited before the next model is paid', () => {
  const play = new Play(
    plan({ maxRounds: 6, editModels: ['models/a'] }),
    byStep({ [EDIT]: { part: PASS } }, { part: FAIL }),
  );
  play.run();
  expect(steps(play)).toEqual([UNSPECIFIED, REWRITE, RESAMPLE, EDIT]);
});

test('a rewrite after an edit goes back to the words of the picture, and not to those of the edit', () => {
  const play = new Play(plan({ ...editable, maxRounds: 6 }), {
    fate: ({ prompt }) => (prompt.text.startsWith('edited') ? { part: PASS, whole: FAIL } : { part: FAIL }),
  });
  while (play.state.rounds.length < 4 || play.state.prompting === undefined) {
    if (!play.step()) break;
  }
  const told = refinement(play.state, play.state.prompting ?? {});
  expect(play.state.prompting?.step).toBe(REWRITE);
  expect(told).toMatchObject({ edit: false, prompt: { text: 'written for models/a' } });
  expect(told?.failed.map(({ questionId }) => questionId)).toEqual(['whole']);
  expect(told?.history.map(({ prompt }) => prompt?.text)).not.toContain('edited 3 for models/a');
});

test('an instruction is asked for with the earlier instructions, and the picture it is for', () => {
  const play = new Play(plan(editable), byStep({}, { part: FAIL, 'part-b': PASS }));
  while (play.state.prompting?.step !== EDIT) play.step();
  const told = refinement(play.state, play.state.prompting);
  expect(told).toMatchObject({ edit: true, prompt: { text: 'written for models/a' }, history: [] });
  expect(told?.mustKeep).toEqual(['Is part-b right?']);
});

test('a model that will not take the edit, or cannot make it, is passed over with a warning', () => {
  const refusing = new Play(plan(editable), {
    ...byStep({}, { part: FAIL }),
    refusesPrompt: ({ wanted }) => (wanted.step === EDIT ? 'no style in an edit' : undefined),
  });
  expect(refusing.run().warnings).toContain('The best image could not be edited: no style in an edit');
  expect(refusing.state.ending?.reason).toBe(StopReason.LADDER_TOP);

  const broken = new Play(
    plan({ ...editable, maxRounds: 5 }),
    byStep({ [EDIT]: { failure: FailureClass.UNAVAILABLE } }, { part: FAIL }),
  );
  broken.run();
  expect(broken.state.rounds[3]?.candidates[0]?.result?.image).toBeUndefined();
  expect(steps(broken).filter((step) => step === EDIT)).toHaveLength(1);
  expect(broken.state.ending?.outcome).toBe(Outcome.EXHAUSTED);
});
