import { Reader } from "@tlskit/wire";
import { clientLeft, type Dialogue, malformed, noTls, octets } from "../dialogue.ts";
import type { Protocol } from "../protocol.ts";

/** PostgreSQL. From version 17 on it also takes a ClientHello at once, with `postgresql` agreed upon by ALPN. */
export const postgres: Protocol = {
  name: "postgres",
  specification: "https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL",
  port: 5432,
  client,
  server,
};

/** A request's length, itself included. */
const requestLength = 8;
const sslRequest = 80877103;
const gssEncRequest = 80877104;
const cancelRequest = 80877102;

const [yes, no, error] = [0x53, 0x4e, 0x45]; // S, N, E

function* client(): Dialogue {
  yield Uint8Array.of(0, 0, 0, requestLength, ...uint32(sslRequest));
  const [answer] = yield* octets(1);
  if (answer === no) throw noTls("answered SSLRequest with N");
  // CVE-2024-10977: the message behind it is anybody's, and shown to nobody.
  if (answer === error) throw noTls("answered SSLRequest with an error");
  if (answer !== yes) throw malformed("something that is no answer to SSLRequest");
}

function* server(): Dialogue {
  for (let first = true; ; first = false) {
    const request = new Reader(yield* octets(requestLength));
    const length = request.u32();
    const code = request.u32();
    if (code === cancelRequest) throw clientLeft("asks to cancel something");
    if (code >>> 16 === 3) {
      yield fatal("28000", "TLS is required");
      throw clientLeft("goes on in the clear");
    }
    if (length !== requestLength) throw malformed("something that is no request");
    if (code === sslRequest) break;
    // A client may ask for encryption by GSSAPI first, once.
    if (code !== gssEncRequest || !first) throw malformed("something that is no request");
    yield Uint8Array.of(no);
  }
  yield Uint8Array.of(yes);
}

/** ErrorResponse: a field a letter, each with a zero behind it, and another at the end. */
function fatal(sqlState: string, message: string): Uint8Array {
  const fields = [..."SFATAL\0", ..."VFATAL\0", ..."C", ...sqlState, "\0", "M", ...message, "\0\0"].join("");
  return Uint8Array.of(error, ...uint32(4 + fields.length), ...[...fields].map((letter) => letter.charCodeAt(0)));
}

function uint32(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
