import { Alert, notTls } from "@tlskit/wire";
import type { Answer } from "../probe/answer.ts";
import { codeText } from "../registry/code-text.ts";

/** What a server chose of what it was offered, and how it answered. */
export interface Choice {
  /** Nothing if it refused. */
  readonly code: number | undefined;
  readonly answer: Answer;
}

/** Offers some of them, in this order. */
export type Offering = (codes: readonly number[]) => Promise<Choice>;

/**
 * All that a server takes of what is offered, in the order in which it chose: what it has chosen is left out of the next
 * offer, until it refuses.
 * @param taken what it took before, if anything
 * @throws {TlsError} `stopped_answering`, `unoffered_choice`
 */
export async function eliminate(
  offered: readonly number[],
  offering: Offering,
  taken?: number,
): Promise<readonly number[]> {
  const chosen: number[] = [];
  let left = offered;
  while (left.length > 0) {
    const { code, answer } = await offering(left);
    if (code === undefined) {
      await checkStillAnswers(answer, chosen[0] ?? taken, offering);
      break;
    }
    // RFC 9846 §4.2.3, RFC 5246 §7.4.1.3: what isn't offered isn't to be chosen. Going on would have no end.
    if (!left.includes(code))
      throw notTls("unoffered_choice", `the server chose ${codeText(code)}, which wasn't offered`);
    chosen.push(code);
    left = left.filter((other) => other !== code);
  }
  return chosen;
}

/** Alerts that say that nothing of what was offered is taken. By others servers say what is wrong with themselves. */
const refusals: readonly number[] = [
  Alert.handshakeFailure,
  Alert.insufficientSecurity,
  Alert.illegalParameter,
  Alert.protocolVersion,
  Alert.missingExtension,
];

/**
 * Some refuse by hanging up, or by another alert, or say nothing at all. So does a server that has had enough of us: such a
 * refusal counts only if what was taken before is still taken.
 */
async function checkStillAnswers({ end }: Answer, taken: number | undefined, offering: Offering): Promise<void> {
  if ((end.how === "alert" && refusals.includes(end.description)) || taken === undefined) return;
  const { code } = await offering([taken]);
  if (code !== taken) throw notTls("stopped_answering", "the server no longer answers what it answered before");
}
