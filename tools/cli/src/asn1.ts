import { decodePem, nothingLeft, type PemBlock, readEach, X509Error } from "@tlskit/x509";
import { asn1Tree } from "@tlskit/x509/ber";
import { escapedText } from "@tlskit/x509/text";
import { asn1Lines } from "./asn1-text.ts";
import { command } from "./cert/command.ts";
import { inFile, tellPassedOver } from "./cert/read.ts";
import { readBytes } from "./files.ts";

/** `tlskit asn1 FILE`. Resolves with the exit code: 1 for what is malformed, of which is shown what can be read. */
export async function asn1Command(args: string[]): Promise<number> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    const { help } = await import("./help.ts");
    process.stdout.write(help);
    return 0;
  }
  try {
    return await show(args);
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    process.stderr.write(`tlskit: ${error.message}\n`);
    return 1;
  }
}

const show = command({ options: {}, positionals: ["FILE"] }, async (_, file = "") => {
  let isMalformed = false;
  for (const { label, bytes } of encodingsIn(file)) {
    const { nodes, fault } = asn1Tree(bytes);
    process.stdout.write(`${label === "" ? "" : `${escapedText(label)}\n`}${asn1Lines(nodes, "")}`);
    if (fault === undefined) continue;
    isMalformed = true;
    const where = `${file}: ${label === "" ? "" : `${escapedText(label)}, `}at offset ${fault.offset}`;
    process.stderr.write(`tlskit: ${where}: ${escapedText(fault.message)}\n`);
  }
  return isMalformed ? 1 : 0;
});

/** The blocks of PEM, or the whole file. */
function encodingsIn(file: string): readonly Pick<PemBlock, "label" | "bytes">[] {
  const bytes = readBytes(file);
  return inFile(file, () => {
    if (bytes.length === 0) throw new X509Error("invalid_ber", "it is empty");
    const blocks = Buffer.from(bytes).includes("-----BEGIN ") ? decodePem(bytes) : [];
    if (blocks.length === 0) return [{ label: "", bytes }];
    const found = readEach(
      blocks,
      ({ line }) => `line ${line}`,
      ({ label, bytes: contents }) => ({ label, bytes: contents }),
    );
    if (found.read.length === 0) throw nothingLeft(found);
    tellPassedOver(found.passedOver, file);
    return found.read;
  });
}
