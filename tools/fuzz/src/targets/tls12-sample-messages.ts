import { concat } from "@tlskit/wire";
import { pki } from "../world.ts";
import { framed } from "./sample-messages.ts";

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const share = "07".repeat(32);
const none = new Uint8Array(0);

/** Behind its length, in three bytes. */
function long(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length >> 16, (bytes.length >> 8) & 0xff, bytes.length & 0xff), bytes);
}

/** A message of each kind that TLS 1.2 has, as a key exchange by ECDHE has it, and then by DHE and RSA. */
export function tls12SampleMessages(): readonly Uint8Array[] {
  const signed = `08070020${share}`;
  return [
    framed(0, none),
    framed(1, hex(`0303${share}000004cca900ff01000018000a00040002001d000d00040002080700170000ff01000100`)),
    framed(2, hex(`0303${share}00cca900000900170000ff01000100`)),
    framed(11, long(concat(...pki().certificate.chain.map(({ der }) => long(der))))),
    framed(22, hex("010000023000")),
    framed(12, hex(`03001d20${share}${signed}`)),
    framed(13, hex("0240010004040308070004000230 00".replace(" ", ""))),
    framed(14, none),
    framed(16, hex(`20${share}`)),
    framed(15, hex(signed)),
    framed(4, hex(`000004b00020${share}`)),
    framed(20, hex("0102030405060708090a0b0c")),
    framed(12, hex(`0002001700010200020001${signed}`)),
    framed(16, hex(`0020${share}`)),
  ];
}
