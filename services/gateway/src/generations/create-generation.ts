import type { GenerationRequest } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { type CallContext, isRpcError, requirePrincipal, unavailable } from '@atelier/rpc';
import { generationId, reservationId } from '../cycle/plan.ts';
import type { CycleState } from '../cycle/state.ts';
import { replay } from '../events/replay.ts';
import type { AcceptedEntry } from '../journal/journal-entry.ts';
import { keepRecord } from './closing.ts';
import type { CallerIdentity, EngineDeps, EngineSettings } from './ports.ts';
import { type Resolved, requirePriced, resolve, translateFirst } from './resolve.ts';
import { RunningCycle } from './running-cycle.ts';

/**
 * Accepts a request: checks it whole, reserves the budget of its first round, journals it, and writes its open record to
 * storage. Where any of these fails, what was done before is undone and nothing is spent.
 */
export async function acceptGeneration(
  deps: EngineDeps,
  settings: EngineSettings,
  name: string,
  request: GenerationRequest,
  ctx: CallContext,
): Promise<RunningCycle> {
  const resolved = await resolve(request, ctx, { deps, settings, name });
  const { estimate, receipt } = await translateFirst(deps.clients, resolved, ctx);
  requirePriced(resolved.plan, estimate);
  const stepId = reservationId(name, 0, 0);
  await deps.budgets.reserve({
    stepId,
    team: resolved.facts.team,
    project: request.project,
    model: resolved.plan.models[0] ?? '',
    estimate,
    committed: false,
  });
  try {
    await requireRoom(deps, resolved);
    return await open(deps, settings, acceptedEntry(deps, resolved, receipt?.warnings ?? [], ctx));
  } catch (error) {
    await deps.budgets.release(stepId);
    throw error;
  }
}

/**
 * Throws where a budget has no room for a prompt and a look besides the first images, or cannot be kept since the writer or
 * a judge has no price: it is better told now than when the images are paid for. They are reserved when it is their turn.
 */
async function requireRoom({ budgets }: EngineDeps, { plan, facts }: Resolved): Promise<void> {
  const paid = [
    { model: 'the prompt writer', estimate: plan.promptEstimate },
    { model: 'judging', estimate: plan.judgeEstimate },
  ].filter(({ estimate }) => estimate !== undefined && estimate.microUsd !== 0n);
  const { team, request, name } = facts;
  const stepOf = (model: string) => `${generationId(name)}/room/${model}`;
  try {
    for (const { model, estimate } of paid) {
      const step = { stepId: stepOf(model), team, project: request.project, model, estimate };
      await budgets.reserve({ ...step, committed: false });
    }
  } finally {
    for (const { model } of paid) await budgets.release(stepOf(model));
  }
}

async function open(
  deps: EngineDeps,
  settings: EngineSettings,
  accepted: AcceptedEntry,
): Promise<RunningCycle> {
  const replayed = replay([accepted]);
  if (replayed === undefined) throw new Error('an acceptance replays to nothing');
  const id = generationId(accepted.facts.name);
  const epoch = await deps.journal.create(id, accepted);
  try {
    await keepOpenRecord(deps, replayed.state, accepted.identity);
  } catch (error) {
    await deps.journal.discard(id, epoch);
    throw error;
  }
  return new RunningCycle({ deps, settings, replayed, epoch, isResumed: false });
}

/** From here on a caller who leaves changes nothing: a record that was half asked for would be there without an owner. */
async function keepOpenRecord(deps: EngineDeps, state: CycleState, identity: CallerIdentity): Promise<void> {
  try {
    await keepRecord(deps.clients, state, { principal: deps.signPrincipal(identity) });
  } catch (error) {
    if (!isRpcError(error) || error.metadata.service !== undefined) throw error;
    throw unavailable('The generation could not be recorded, so it was not started.', {
      reason: error.reason === 'OVERLOADED' ? 'OVERLOADED' : 'SERVICE_UNREACHABLE',
      metadata: { service: 'storage' },
      cause: error,
    });
  }
}

function acceptedEntry(
  deps: EngineDeps,
  { plan, facts, work }: Resolved,
  warnings: readonly string[],
  ctx: CallContext,
): AcceptedEntry {
  return {
    kind: 'accepted',
    timeMs: deps.now(),
    plan,
    facts: { ...facts, warnings: [...new Set([...facts.warnings, ...warnings])] },
    work,
    identity: identityOf(ctx),
    origin: { requestId: ctx.requestId, trace: ctx.trace },
  };
}

/** Who calls, without the token: that is signed anew for every step. */
function identityOf(ctx: CallContext): CallerIdentity {
  const { team, project, keyId, subject, scopes } = requirePrincipal(ctx);
  return { team, keyId, subject, scopes, ...(project !== undefined && { project }) };
}
