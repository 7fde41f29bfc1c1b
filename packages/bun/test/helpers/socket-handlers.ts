interface Row {
  readonly is: "same" | "better";
  readonly note?: string;
}

/** What is the matter with each of Bun's handlers here: one that is forgotten doesn't compile. */
export const socketHandlers: Readonly<Record<keyof Bun.SocketHandler, Row>> = {
  open: { is: "same" },
  handshake: {
    is: "better",
    note: "`success` is whether the connection goes on, `authorizationError` why the peer isn't verified: at a server nothing of whom nobody asked, where Bun has an error",
  },
  data: { is: "same" },
  drain: { is: "better", note: "behind a `write` that took too little, and not otherwise" },
  end: { is: "better", note: "behind a `close_notify` alone" },
  error: { is: "better", note: "a `TlsError` with a stable `code`" },
  close: { is: "better", note: "with what ended it, unless both sides have ended in order" },
  connectError: {
    is: "better",
    note: "for a handshake that failed, too, unless the socket was opened before: the promise of `Bun.connect` is kept when TCP is connected, whoever is at the other end",
  },
  timeout: { is: "better", note: "see `timeout` below" },
  binaryType: { is: "better", note: "and the type of what `data` is given" },
};
