import { type Received, received } from "@tlskit/handshake";
import { Certificate, encodeMessage, Finished, MessageAssembler } from "@tlskit/messages";
import { expect, expectTypeOf, it } from "vitest";

const finished = encodeMessage(Finished, { verifyData: new Uint8Array(32).fill(7) });

it("a host makes what the handshake receives out of a message that was assembled, without a cast", () => {
  const assembler = new MessageAssembler();
  assembler.push(finished);
  const found = assembler.next([Certificate, Finished]);
  const made = found && received(found.type, found.bytes);
  expectTypeOf(made).toEqualTypeOf<Received<typeof Certificate> | Received<typeof Finished> | undefined>();
  expect(made).toEqual({ name: "Finished", message: { verifyData: new Uint8Array(32).fill(7) }, bytes: finished });
});

it("what can't be decoded is refused", () => {
  const cut = encodeMessage(Certificate, { certificateRequestContext: new Uint8Array(0), certificateList: [] });
  expect(() => received(Certificate, cut.subarray(0, -1))).toThrow(expect.objectContaining({ code: "decode_error" }));
});
