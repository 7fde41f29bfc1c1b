/** Something isn't as the runner said that it would be. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
}
