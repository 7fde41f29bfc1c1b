import { type WycheproofFile, wycheproofVerdicts } from "@tlskit/crypto/conformance";
import { createWebProvider } from "@tlskit/crypto-web";
import type { Case, Cases } from "../../suite.ts";

/** A file, and how many of its cases come out how: valid, invalid, acceptable, not applicable. */
export interface GivenFile {
  readonly file: string;
  readonly expected: readonly number[];
  readonly vectors: WycheproofFile;
}

/** Every case has its verdict, and none is left out silently. */
export const cases: Cases<readonly GivenFile[]> = async (files) => {
  const provider = await createWebProvider(crypto.subtle);
  return files.map(
    ({ file, expected, vectors }): Case => ({
      name: file,
      run: async () => {
        const { failures, ...counts } = await wycheproofVerdicts(provider, file, vectors);
        const [got, wanted] = [Object.values(counts).join(), expected.join()];
        if (failures.length > 0) throw new Error(failures.join("; "));
        if (got !== wanted)
          throw new Error(`expected ${wanted} valid, invalid, acceptable, not applicable; got ${got}`);
      },
    }),
  );
};
