import type { CheckName } from "@tlskit/scan";
import { nearNames } from "../near-names.ts";
import { UsageError } from "../usage.ts";

/**
 * The checks that are asked for, among those that there are.
 * @throws {UsageError}
 */
export function checksOf(
  known: readonly CheckName[],
  { only, skip }: { readonly only?: readonly string[] | undefined; readonly skip?: readonly string[] | undefined },
): readonly CheckName[] {
  const wanted = only === undefined ? known : named("--only", only, known);
  const unwanted = skip === undefined ? [] : named("--skip", skip, known);
  const left = known.filter((name) => wanted.includes(name) && !unwanted.includes(name));
  if (left.length === 0) throw new UsageError("--only and --skip leave no check");
  return left;
}

function named(option: string, lists: readonly string[], known: readonly CheckName[]): readonly CheckName[] {
  const names = lists.flatMap((list) => list.split(",")).filter((name) => name !== "");
  return names.map((name) => {
    const found = known.find((check) => check.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(
      `${option}: no check ${JSON.stringify(name)}; there are, among others, ${nearNames(known, name).join(", ")}`,
    );
  });
}
