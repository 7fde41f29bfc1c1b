import {
  keyExchangeOf,
  runSync,
  type SignatureAlgorithm,
  type Steps,
  signerFor,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import { memoryPairs } from "../memory-pair.ts";
import { makeCertificates } from "../pki.ts";
import { preparedWith, providers } from "../providers.ts";
import { random } from "../random.ts";
import type { Comparison, Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";

const algorithm: SignatureAlgorithm = "ECDSA/P-256/SHA-256";

export const nobleHandshake: Row = {
  about: "A handshake in memory beside the sum of what it takes of key exchange and signatures, both ends together.",
  comparisons: providers
    .filter(({ name }) => name === "noble")
    .map(
      (provider): Comparison => ({
        what: `a full handshake in memory, ${provider.name}`,
        unit: "ms",
        warmUps: 8,
        processes: "one",
        contenders: [
          {
            name: "its primitives",
            prepare: preparedWith(provider, (made, { milliseconds }) => {
              const { key } = makeCertificates();
              const x25519 = keyExchangeOf(made, "X25519");
              const signer = signerFor(made, key, random);
              const message = random(130);
              const primitives = function* (): Steps<void> {
                const offer = yield* wait(x25519.offer(random));
                const { share } = yield* wait(x25519.respond(offer.share, random));
                yield* wait(offer.finish(share));
                const signature = yield* wait(signer.sign(algorithm, message));
                // The CertificateVerify, and the leaf's certificate.
                for (let i = 0; i < 2; i += 1) {
                  yield* wait(verifierFor(made, key.privateKey).verify(algorithm, message, signature));
                }
              };
              return async () => 1000 / (await perSecond(() => runSync(primitives()), milliseconds));
            }),
          },
          {
            name: "the handshake",
            goal: { atMost: 1.15 },
            prepare: preparedWith(provider, (made, { milliseconds }) => {
              const connect = memoryPairs(made, makeCertificates());
              return async () => 1000 / (await perSecond(connect, milliseconds));
            }),
          },
        ],
      }),
    ),
};
