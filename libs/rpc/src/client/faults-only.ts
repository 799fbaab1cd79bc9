import { experimental, type Metadata } from '@grpc/grpc-js';
import { Code } from '../errors/code.ts';
import { HEADER } from '../wire/headers.ts';

/** Codes that say that a server is broken, whatever it was asked. */
const FAULTS: ReadonlySet<number> = new Set([
  Code.INTERNAL,
  Code.UNKNOWN,
  Code.DATA_LOSS,
  Code.UNAUTHENTICATED,
]);

/**
 * Whether the end of a call says something of its server's health. A refusal does not, nor does a caller that left or did
 * not wait; and a server that is full and says when to come again is well. To take such a one away would send its load to
 * the others, which are as full.
 */
function tellsOfHealth(code: number, metadata: Metadata): boolean {
  if (code === Code.OK) return true;
  if (code === Code.UNAVAILABLE) return metadata.get(HEADER.retryPushback).length === 0;
  return FAULTS.has(code);
}

type TypedConfig = experimental.TypedLoadBalancingConfig;

const NAME = 'atelier_faults_only';

class FaultsOnlyConfig implements TypedConfig {
  readonly child: TypedConfig;

  constructor(child: TypedConfig) {
    this.child = child;
  }

  getLoadBalancerName(): string {
    return NAME;
  }

  toJsonObject(): object {
    return { [NAME]: { child_policy: [this.child.toJsonObject()] } };
  }

  static createFromJson({ child_policy }: { readonly child_policy?: unknown }): FaultsOnlyConfig {
    const child = Array.isArray(child_policy) ? experimental.selectLbConfigFromList(child_policy) : null;
    if (child === null) throw new TypeError('child_policy names no policy that is known');
    return new FaultsOnlyConfig(child);
  }
}

class FaultsOnlyPicker implements experimental.Picker {
  readonly #child: experimental.Picker;

  constructor(child: experimental.Picker) {
    this.#child = child;
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    const picked = this.#child.pick(args);
    const { onCallEnded } = picked;
    if (onCallEnded === null) return picked;
    return {
      ...picked,
      onCallEnded: (code, details, metadata) => {
        if (tellsOfHealth(code, metadata)) onCallEnded(code, details, metadata);
      },
    };
  }
}

class FaultsOnlyBalancer implements experimental.LoadBalancer {
  readonly #child: experimental.ChildLoadBalancerHandler;

  constructor(helper: experimental.ChannelControlHelper) {
    this.#child = new experimental.ChildLoadBalancerHandler(
      experimental.createChildChannelControlHelper(helper, {
        updateState: (state, picker, message) =>
          helper.updateState(state, new FaultsOnlyPicker(picker), message),
      }),
    );
  }

  updateAddressList(
    ...[endpoints, config, options, note]: Parameters<experimental.LoadBalancer['updateAddressList']>
  ): boolean {
    if (!(config instanceof FaultsOnlyConfig)) return false;
    return this.#child.updateAddressList(endpoints, config.child, options, note);
  }

  exitIdle(): void {
    this.#child.exitIdle();
  }

  resetBackoff(): void {
    this.#child.resetBackoff();
  }

  destroy(): void {
    this.#child.destroy();
  }

  getTypeName(): string {
    return NAME;
  }
}

experimental.registerLoadBalancerType(NAME, FaultsOnlyBalancer, FaultsOnlyConfig);

/**
 * A load balancing config for grpc-js under which its child hears of calls that ended well and of faults, and of no others.
 * Outlier detection counts every status but OK, refusals and overload too.
 */
export function faultsOnly(child: Readonly<Record<string, object>>) {
  return { [NAME]: { child_policy: [child] } };
}
