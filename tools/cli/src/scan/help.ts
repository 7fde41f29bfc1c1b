import { checkNames, defaultTargetsAtOnce } from "@tlskit/scan";
import { protocols } from "@tlskit/starttls";
import { listedInLines, optionHelp } from "../option-help.ts";
import { scanOptions } from "./options.ts";

/** What stands behind the options that choose among what the code has. */
const choices: Readonly<Record<string, readonly string[]>> = {
  starttls: listedInLines(protocols.map(({ name }) => name)),
  only: listedInLines(checkNames),
  "at-once": [`${defaultTargetsAtOnce} unless told`],
};

/** What `tlskit scan --help` prints. */
export const scanHelp: string = `tlskit scan: what servers' TLS is, and what is wrong with it

tlskit scan HOST[:PORT]…     asks each, at port 443 unless told, and reports on stdout
${optionHelp(scanOptions, choices)}

--only, --skip, --file and --ca may be repeated.

Exit: 0 if each target was scanned and is as --require wants it; 1 if one isn't; 2 for wrong usage;
3 if one couldn't be reached; 130 if it was interrupted: of what was being scanned then there is no report.
`;
