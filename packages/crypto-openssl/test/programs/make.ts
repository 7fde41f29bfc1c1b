/** Makes the provider, and prints what it has or why there is none. The argument names a library. */
import { opensslProvider } from "@tlskit/crypto-openssl";

const [library] = process.argv.slice(2);
try {
  console.log(opensslProvider({ library }).version);
} catch (error) {
  const { name, code, message } = error as Error & { readonly code: string };
  console.log(`${name} ${code}: ${message}`);
}
