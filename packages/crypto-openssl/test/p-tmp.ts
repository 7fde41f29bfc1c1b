import { aeadOf } from "@tlskit/crypto";
import { opensslProvider } from "@tlskit/crypto-openssl";

const a = aeadOf(opensslProvider(), "AES-128-GCM").withKey(new Uint8Array(16));
const n = new Uint8Array(12),
  ad = new Uint8Array(5),
  src = new Uint8Array(63),
  ty = Uint8Array.of(23),
  into = new Uint8Array(128);
for (let i = 0; i < 3e6; i++) a.seal(n, ad, [src, ty], into, 5);
