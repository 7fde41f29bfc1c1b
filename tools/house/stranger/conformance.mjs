// Run in a stranger's project: what each provider says that it has is there, on this runtime.
import { conformanceCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { opensslProvider } from "@tlskit/crypto-openssl";

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const failures = [];
for (const provider of [nodeProvider, threadPoolProvider, nobleProvider, ...openssl()]) {
  for (const { name, run } of conformanceCases(provider, random)) {
    try {
      await run();
    } catch (error) {
      failures.push(`${provider.name}: ${name}: ${error.message}`);
    }
  }
}
if (failures.length > 0) throw new Error(failures.join("\n"));

/** None where there is no foreign function interface, or no OpenSSL 3: it says so, and in no other way. */
function openssl() {
  try {
    return [opensslProvider()];
  } catch (error) {
    if (error.code !== "unsupported") throw error;
    return [];
  }
}
