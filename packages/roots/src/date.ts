// Made by `pnpm roots`, not by hand.

/** As of when the roots are: the day on which the Node was published that they are taken from. */
export const mozillaRootsDate = "2026-09-23";
