import { expect, it } from "vitest";
import type { Scanning } from "../src/scanning.ts";
import { Sharing } from "../src/sharing.ts";

// Nothing of it is asked.
const scanning = {} as Scanning;

it("makes once what checks share, for each that makes it", async () => {
  const sharing = new Sharing();
  const numbers = [1, 2, 3].values();
  const one = async () => `one ${numbers.next().value}`;
  const other = async () => `other ${numbers.next().value}`;
  expect(await sharing.get(one, scanning)).toBe("one 1");
  expect(await sharing.get(other, scanning)).toBe("other 2");
  expect(await sharing.get(one, scanning)).toBe("one 1");
  expect(await new Sharing().get(one, scanning)).toBe("one 3");
});

it("fails for all as it failed for the first", async () => {
  const sharing = new Sharing();
  let made = 0;
  const failing = async () => {
    made += 1;
    throw new TypeError("no connection");
  };
  await expect(sharing.get(failing, scanning)).rejects.toThrow("no connection");
  await expect(sharing.get(failing, scanning)).rejects.toThrow("no connection");
  expect(made).toBe(1);
});
