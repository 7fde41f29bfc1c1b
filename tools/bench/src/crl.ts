/**
 * Reads CRLs with many entries and looks certificates up in them: `node tools/bench/src/crl.ts [entries]`.
 */
import { randomFillSync } from "node:crypto";
import { type Random, signatureKeysOf } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { CertificateRevocationList, createCertificateSync, createCrlSync } from "@tlskit/x509";
import { perSecond } from "./stopwatch.ts";

const random: Random = (length) => randomFillSync(new Uint8Array(length));
const count = Number(process.argv[2] ?? 100_000);
const reasons = ["keyCompromise", "superseded", "cessationOfOperation", undefined] as const;

const key = await signatureKeysOf(provider, "P-256").generate(random);
const now = new Date();
const common = { provider, random, signer: key };
const issuer = createCertificateSync({
  ...common,
  publicKey: key,
  subject: { commonName: "Bench CA" },
  ca: {},
  validity: { from: now, days: 1 },
});
const serialNumbers = Array.from({ length: count }, () => {
  const serialNumber = random(16);
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x3f) | 0x40;
  return serialNumber;
});
const { der } = createCrlSync({
  ...common,
  issuer,
  thisUpdate: now,
  nextUpdate: new Date(now.getTime() + 86_400_000),
  cRLNumber: 1,
  revoked: serialNumbers.map((serialNumber, index) => ({
    serialNumber,
    revocationDate: now,
    reason: reasons[index % reasons.length],
  })),
});

const milliseconds = (rate: number): string => `${(1000 / rate).toFixed(3)} ms`;
const crl = CertificateRevocationList.fromDer(der);
let turn = 0;
const lookUp = (): unknown => {
  turn = (turn + 7919) % count;
  return crl.find({ serialNumber: serialNumbers[turn] ?? new Uint8Array(1), issuer: issuer.subject });
};
const miss = random(16);
console.log(`${count} entries, ${der.length} bytes`);
console.log(
  `read, every entry checked  ${milliseconds(await perSecond(() => CertificateRevocationList.fromDer(der), 2000))}`,
);
console.log(`look up one that is listed ${milliseconds(await perSecond(lookUp, 1000))}`);
console.log(
  `look up one that isn't     ${milliseconds(
    await perSecond(() => crl.find({ serialNumber: miss, issuer: issuer.subject }), 1000),
  )}`,
);
