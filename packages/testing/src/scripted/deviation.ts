import type { NamedGroup } from "@tlskit/ciphersuites";
import type { Refusal } from "../refusal.ts";
import type { Edit } from "./script.ts";

/** What the other side has to make of it: take it, or end the connection. */
export type Expectation = Refusal | "accepted";

/** How an endpoint under test must be set up. */
export interface Needs {
  /** A client must send a key share for this group, and no other. */
  readonly keyShare?: NamedGroup;
  /** A client must offer no ALPN protocol. */
  readonly noAlpn?: true;
  /** A client must not ask for OCSP responses; otherwise it must, and for no certificate timestamps. */
  readonly noStatusRequest?: true;
}

/** What has to be negotiated where a session is offered. */
export interface Negotiates {
  readonly resumed: boolean;
  readonly earlyData?: "accepted" | "rejected";
}

/** One way of not doing what everybody does. */
export interface Deviation<P> {
  /** Unique in its list, in lower case. */
  readonly name: string;
  /**
   * The clauses that say what the other side has to do: sections of RFC 9846 unless another is named, with the name of
   * the requirement that it proves if it is one of the register's: `4.2.4#second-retry-checked`. With commas between, and of
   * another RFC's sections that behind the first with its sign: `RFC 5246 §7.1, §7.4.9#checked`.
   */
  readonly section: string;
  /** What the other side has to make of it. */
  readonly expected: Expectation;
  /**
   * When it happens: during the handshake, which then must not succeed, or once the other side has, rightly, taken it
   * for done. In both cases the other side must not deliver any of {@link scriptedData} unless it has to accept.
   */
  readonly phase: "handshake" | "established";
  /** What the other side must be set up for, if that is not what everybody does. */
  readonly needs?: Needs | undefined;
  /** If it is accepted: whether the session is resumed, and what becomes of early data. */
  readonly negotiated?: Negotiates | undefined;
  /** The two sides come to different keys, so that the other side's alert can't be read here. */
  readonly alertUnreadable?: true;
  readonly apply: Edit<P>;
}

/** A deviation during the handshake. */
export function inHandshake<P>(
  name: string,
  section: string,
  expected: Expectation,
  apply: Edit<NoInfer<P>>,
  needs?: Needs,
): Deviation<P> {
  return { name, section, expected, phase: "handshake", apply, needs };
}

/** A deviation after the handshake. */
export function afterHandshake<P>(
  name: string,
  section: string,
  expected: Expectation,
  apply: Edit<NoInfer<P>>,
): Deviation<P> {
  return { name, section, expected, phase: "established", apply };
}
