/** What is shown of what a peer can make long. JSON has all of it: what a scan holds has limits of its own. */

/** Names of a certificate, cookies, authorities: what follows each other under one label. A certificate of a large host has a hundred. */
export const maxShownValues = 100;

/**
 * Parts of a field of a message, each with a line of its own: a server's list has room for 32,000. The longest that is sent here,
 * of cipher suites, has fewer.
 */
export const maxShownParts = 256;

/** Characters of one text. A name of DNS has 253 at most, a header that means something fewer. */
export const maxShownCharacters = 2000;
