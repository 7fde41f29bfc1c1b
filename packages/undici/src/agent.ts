import { Agent, fetch } from "undici";
import { type ConnectorOptions, connector } from "./connector.ts";

/** What an `Agent` of undici is told besides: limits, times, pipelining. What is about connections is the connector's. */
export interface AgentOptions
  extends Omit<Agent.Options, "connect" | "connectTimeout" | "maxCachedSessions" | "socketPath"> {}

/**
 * A dispatcher of undici whose connections are ours: for its `request`, `stream`, `fetch` and whoever takes a `dispatcher`, or
 * for all of them by its `setGlobalDispatcher`.
 * @param options of the connections.
 * @param agentOptions of the agent.
 * @throws {TlsError} as `connector` does
 */
export function createAgent(options: ConnectorOptions = {}, agentOptions: AgentOptions = {}): Agent {
  return new Agent({ ...agentOptions, connect: connector(options) });
}

/** A `fetch`, and what ends its connections. */
export interface Fetch {
  (...given: Parameters<typeof fetch>): ReturnType<typeof fetch>;
  /** What its requests go by. */
  readonly dispatcher: Agent;
  /** Ends its connections when all requests are answered. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * undici's `fetch` over connections of ours.
 * @param options of the connections.
 * @param agentOptions of the agent behind it.
 * @throws {TlsError} as `connector` does
 */
export function createFetch(options: ConnectorOptions = {}, agentOptions: AgentOptions = {}): Fetch {
  const dispatcher = createAgent(options, agentOptions);
  const fetchOver: Pick<Fetch, "dispatcher" | typeof Symbol.asyncDispose> = {
    dispatcher,
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
  return Object.assign(
    (...[input, init]: Parameters<typeof fetch>) =>
      fetch(input, { ...init, dispatcher: init?.dispatcher ?? dispatcher }),
    fetchOver,
  );
}
