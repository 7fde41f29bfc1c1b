import { notTls, type TlsError } from "@tlskit/wire";
import type { Answer } from "../probe/answer.ts";
import { refusalOf } from "./versions.ts";

/**
 * That a server didn't answer a hello like those that it answered before. What nothing is known of isn't what there is
 * nothing of: a check fails by it.
 * @param what `the server showed no certificate`
 */
export function stoppedAnswering(what: string, answer: Answer): TlsError {
  const { end } = answer;
  return notTls("stopped_answering", `${what}: ${end.how === "unreadable" ? end.reason : refusalOf(answer)}`);
}
