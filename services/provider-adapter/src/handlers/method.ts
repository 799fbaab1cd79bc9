import type { Handler } from '@atelier/rpc';
import type { DescMethod } from '@bufbuild/protobuf';
import type { ProviderAdapterContext } from '../context.ts';

/** A handler that still lacks the parts it works with. */
export type Method<M extends DescMethod> = (context: ProviderAdapterContext) => Handler<M>;
