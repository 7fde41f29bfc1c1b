/** Runs the conformance suite with the provider, on any runtime; the arguments name a library. Prints what fails. */
import { randomFillSync } from "node:crypto";
import { conformanceCases } from "@tlskit/crypto/conformance";
import { opensslProvider } from "@tlskit/crypto-openssl";

const [library] = process.argv.slice(2);
const provider = opensslProvider({ library });
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
let passed = 0;
for (const { run } of conformanceCases(provider, random)) {
  await run();
  passed += 1;
}
console.log(provider.version, provider.keyExchanges.map(({ name }) => name).join(), `${passed} passed`);
