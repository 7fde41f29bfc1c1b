import { Alert, type ClientContext, tls13 } from "@tlskit/tls";
import type { Evidence } from "../facts.ts";
import { getRequest, http11 } from "../http/request.ts";
import { ResponseReader } from "../http/response.ts";
import type { Scanning, Shared } from "../scanning.ts";
import { clientContext, type VersionRange } from "./client-context.ts";
import { type Conversation, type ConversationPlan, converse } from "./conversation.ts";
import { defaultConnectionTime, defaultSilence } from "./limits.ts";

/**
 * A whole connection that several checks learn from: what a server that speaks HTTP answers to a request, and what it gives to
 * resume by.
 */
export interface Visit {
  /** For other connections that resume its sessions. */
  readonly context: ClientContext;
  readonly conversation: Conversation;
  /** Whether it was asked for a page: not behind STARTTLS, nor where it doesn't want to hear of HTTP. */
  readonly asked: boolean;
}

/** To the newest version that the server has. */
export const newestVisit: Shared<Visit> = (scanning) => visit(scanning, "any", true);

/** To the newest before TLS 1.3: the same, if the server has no other. */
export const earlierVisit: Shared<Visit> = async (scanning) => {
  const newest = await scanning.shared(newestVisit);
  const { info } = newest.conversation;
  if (info !== undefined && info.version < tls13.code) return newest;
  // Nothing more to be asked, unless nothing has come of the other.
  return visit(scanning, "before TLS 1.3", info === undefined);
};

/** One more, for a check alone. */
export function converseAgain(
  scanning: Scanning,
  context: ClientContext,
  plan: Omit<ConversationPlan, "context" | "host">,
): Promise<Conversation> {
  const { target, silence = defaultSilence } = scanning;
  // Whoever waits longer for an octet does so for all of them.
  const time = Math.max(defaultConnectionTime, 3 * silence);
  const whole = { context, host: target.host, silence, time, ...plan };
  return scanning.withConnection((stream, signal) => converse(stream, signal, whole));
}

/** What was seen, as evidence of a check. */
export function evidenceOf(about: string, { seen }: Conversation): Evidence {
  return { about, messages: seen };
}

/** Tells of data, as it comes, whether it is no response of HTTP, or has the head of one whole. */
export function answeredWholly(): (data: Uint8Array) => boolean {
  const reader = new ResponseReader();
  return (data) => reader.read(data) !== "incomplete";
}

async function visit(scanning: Scanning, versions: VersionRange, asks: boolean): Promise<Visit> {
  const asked = asks && scanning.target.startTls === undefined;
  const context = clientContext(scanning, { versions, sessions: true, alpnProtocols: asked ? [http11] : [] });
  const plan = asked ? { request: getRequest(scanning.target), isEnough: answeredWholly() } : {};
  const conversation = await converseAgain(scanning, context, plan);
  // RFC 7301 §3.2
  if (asked && isRefusedWith(conversation, Alert.noApplicationProtocol)) return visit(scanning, versions, false);
  return { context, conversation, asked };
}

function isRefusedWith({ end }: Conversation, alert: number): boolean {
  return end.how === "failed" && end.error.kind === "alert" && end.error.alert === alert;
}
