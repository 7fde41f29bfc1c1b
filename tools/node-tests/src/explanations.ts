/** Why a file that applies doesn't pass, in a sentence each. */
export const explanations: Readonly<Record<string, string>> = {};
