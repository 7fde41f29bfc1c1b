import { connect, type Socket } from "node:net";
import {
  CloseCode,
  type CreditMessage,
  maxCredit,
  maxCreditedMessage,
  readCreditMessage,
} from "@tlskit/web/relay-protocol";
import { ByteQueue } from "@tlskit/wire";
import type { WebSocket } from "ws";
import { failAfterReading } from "./fail-after-reading.ts";
import { keepAliveDelay, lastWordsTime } from "./limits.ts";
import { PageCredit } from "./page-credit.ts";
import type { Target } from "./target.ts";

/** What a connection is held to; times in milliseconds. */
export interface ConnectionLimits {
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  /** Bytes from the page that wait for the target. */
  readonly maxWaiting: number;
}

/** How a connection ended. */
export interface Outcome {
  readonly code: number;
  readonly reason: string | undefined;
  readonly cause: string | undefined;
  readonly bytesToTarget: number;
  readonly bytesToPage: number;
}

/** Why the relay closes a WebSocket, in a word. */
type Reason = keyof typeof CloseCode;

/**
 * One page, one target, and what goes between them. In each direction one piece is on its way at a time: the next one goes
 * when the system has taken it, so what waits is bounded by what is read, and that by credit or by not reading.
 */
export class RelayedConnection {
  readonly #page: WebSocket;
  readonly #target: Socket;
  readonly #limits: ConnectionLimits;
  readonly #ended: (outcome: Outcome) => void;
  readonly #idle: NodeJS.Timeout;
  readonly #connecting: NodeJS.Timeout;

  /** What the page may send, if it has the protocol of credits. */
  readonly #pageCredit: PageCredit | undefined;
  /** Bytes that the page takes. */
  #targetCredit: number;
  readonly #forTarget = new ByteQueue();
  #isWriting = false;
  #isSending = false;
  #isConnected = false;
  #pageHasEnded = false;
  #targetHasEnded = false;
  /** Both directions are over, one way or another; the target may still be given the last bytes. */
  #isSettled = false;
  #reason: Reason | undefined;
  #cause: string | undefined;
  #bytesToTarget = 0;
  #bytesToPage = 0;

  /**
   * @param credits whether the page has the protocol of credits.
   * @param ended told, once, when both the page and the target are gone.
   */
  constructor(
    page: WebSocket,
    { host, port }: Target,
    credits: boolean,
    limits: ConnectionLimits,
    ended: (outcome: Outcome) => void,
  ) {
    this.#page = page;
    this.#limits = limits;
    this.#ended = ended;
    this.#pageCredit = credits ? new PageCredit(limits.maxWaiting) : undefined;
    this.#targetCredit = credits ? 0 : Number.POSITIVE_INFINITY;
    this.#idle = setTimeout(() => this.close("idleTimeout"), limits.idleTimeout);
    this.#connecting = setTimeout(() => this.close("targetUnreachable", "ETIMEDOUT"), limits.connectTimeout);
    this.#target = connect({ host, port, allowHalfOpen: true, noDelay: true });
    failAfterReading(this.#target);
    this.#carryTarget();
    this.#carryPage();
    if (credits) this.#say({ grant: limits.maxWaiting });
  }

  /**
   * Ends both sides, and says why to the page. Unless that is `normal`, what is on its way is lost.
   * @param cause for the log alone.
   */
  close(reason: Reason, cause?: string): void {
    if (this.#isSettled) return;
    this.#reason = reason;
    this.#cause = cause;
    this.#settle(reason === "normal");
    // Nothing of the page is of interest any more but that it closes.
    this.#page.resume();
    this.#page.close(CloseCode[reason], reason);
    // A page that doesn't read never gets it, and one may never answer.
    const hangUp = setTimeout(() => this.#page.terminate(), lastWordsTime);
    this.#page.once("close", () => clearTimeout(hangUp));
  }

  /** Nothing more is taken from the page, or given to it. */
  #settle(orderly: boolean): void {
    this.#isSettled = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#connecting);
    if (orderly) this.#finish();
    else this.#cutOff();
  }

  /** Gives the target what the page has sent, and doesn't wait for an answer. */
  #finish(): void {
    const target = this.#target;
    this.#pageHasEnded = true;
    target.setTimeout(this.#limits.idleTimeout, () => target.destroy());
    if (target.writableFinished) target.destroy();
    else target.once("finish", () => target.destroy());
    this.#write();
  }

  /** For the target it is no orderly end, as it is none for the page. */
  #cutOff(): void {
    this.#forTarget.clear();
    // The system resets no connection that was ended already, and by itself Node resets it behind what waits to be written.
    if (this.#isConnected && !this.#target.writableEnded) this.#target.resetAndDestroy();
    this.#target.destroy();
  }

  #carryTarget(): void {
    const target = this.#target;
    target.once("connect", () => {
      this.#isConnected = true;
      clearTimeout(this.#connecting);
      target.setKeepAlive(true, keepAliveDelay);
    });
    target.on("readable", () => this.#send());
    target.once("end", () => this.#targetEnds());
    target.on("error", ({ code }: NodeJS.ErrnoException) => {
      this.close(this.#isConnected ? "targetFailed" : "targetUnreachable", code);
    });
  }

  #carryPage(): void {
    this.#page.on("message", (data: Buffer, isBinary: boolean) => {
      if (this.#isSettled) return;
      if (isBinary) this.#take(data);
      else this.#heed(data);
    });
    // The WebSocket is closed by itself, with the code that it deserves.
    this.#page.on("error", () => {});
    this.#page.once("close", (code) => this.#pageIsGone(code));
  }

  // From the page to the target.

  /** Data of the page's. */
  #take(data: Buffer): void {
    if (this.#pageHasEnded) {
      this.close("protocolError", "data_after_end");
    } else if (this.#pageCredit?.spend(data.length) === false) {
      this.close("protocolError", "credit_exceeded");
    } else {
      this.#forTarget.push(data);
      this.#write();
      if (this.#pageCredit === undefined && this.#forTarget.length >= this.#limits.maxWaiting) this.#page.pause();
    }
  }

  /** A text of the page's. */
  #heed(text: Buffer): void {
    if (this.#pageCredit === undefined) {
      this.close("unsupportedData");
      return;
    }
    const message = readCreditMessage(text.toString("latin1"));
    if (message === undefined) this.close("protocolError", "invalid_credit_message");
    else if ("grant" in message) this.#pageGrants(message.grant);
    else if ("end" in message) this.#pageEnds();
    else this.close("reset");
  }

  #pageEnds(): void {
    if (this.#pageHasEnded) {
      this.close("protocolError", "data_after_end");
      return;
    }
    this.#pageHasEnded = true;
    this.#write();
    this.#closeIfOver();
  }

  #write(): void {
    if (this.#isWriting) return;
    const { length } = this.#forTarget;
    if (length === 0) {
      if (this.#pageHasEnded) this.#target.end();
      return;
    }
    this.#isWriting = true;
    this.#target.write(this.#forTarget.take(length), (error) => {
      this.#isWriting = false;
      // Who listens to the target is told of it.
      if (error != null) return;
      this.#bytesToTarget += length;
      if (!this.#isSettled) this.#targetTook(length);
      this.#write();
    });
  }

  /** The page may send more. */
  #targetTook(bytes: number): void {
    this.#idle.refresh();
    const grant = this.#pageCredit?.taken(bytes) ?? 0;
    if (grant > 0 && !this.#pageHasEnded) this.#say({ grant });
    if (this.#page.isPaused && this.#forTarget.length < this.#limits.maxWaiting) this.#page.resume();
  }

  // From the target to the page.

  #pageGrants(bytes: number): void {
    this.#targetCredit += bytes;
    if (this.#targetCredit > maxCredit) this.close("protocolError", "credit_exceeded");
    else this.#send();
  }

  #send(): void {
    if (this.#isSending || this.#isSettled) return;
    const { readableLength } = this.#target;
    const length = Math.min(readableLength, this.#targetCredit, maxCreditedMessage);
    if (length === 0 && readableLength > 0) return;
    // Reading nothing is how the end of a stream is come by whose bytes have all been read.
    const chunk: Buffer | null = this.#target.read(length);
    if (chunk === null) return;
    this.#isSending = true;
    this.#targetCredit -= length;
    this.#page.send(chunk, { binary: true }, (error) => {
      this.#isSending = false;
      if (error != null || this.#isSettled) return;
      this.#bytesToPage += length;
      this.#idle.refresh();
      this.#send();
    });
  }

  #targetEnds(): void {
    this.#targetHasEnded = true;
    if (this.#isSettled) return;
    // A WebSocket alone knows no end of one direction.
    if (this.#pageCredit === undefined) {
      this.close("normal");
      return;
    }
    this.#say({ end: true });
    this.#closeIfOver();
  }

  // How it ends.

  #say(message: CreditMessage): void {
    this.#page.send(JSON.stringify(message));
  }

  #closeIfOver(): void {
    if (this.#pageHasEnded && this.#targetHasEnded) this.close("normal");
  }

  #pageIsGone(code: number): void {
    // With credits an end has been said before. Without, 1000, or no code at all (1005), is all that can be said.
    const orderly = this.#pageCredit === undefined ? code === 1000 || code === 1005 : this.#pageHasEnded;
    if (!this.#isSettled) this.#settle(orderly);
    const tell = (): void =>
      this.#ended({
        code,
        reason: this.#reason,
        cause: this.#cause,
        bytesToTarget: this.#bytesToTarget,
        bytesToPage: this.#bytesToPage,
      });
    if (this.#target.closed) tell();
    else this.#target.once("close", tell);
  }
}
