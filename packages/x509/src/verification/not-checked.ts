/**
 * Says, where something could be checked, that it is not to be. A value of its own and not a text: whoever names the
 * host that is connected to can't spell it.
 */
export const notChecked: unique symbol = Symbol.for("@tlskit/x509 not checked");

/** The type of {@link notChecked}. */
export type NotChecked = typeof notChecked;
