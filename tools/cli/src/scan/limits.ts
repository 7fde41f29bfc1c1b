/** Targets at the same time that can be asked for: each may have a hundred files open before its connections are done. */
export const maxTargetsAtOnce = 64;

/** Connections to one target at the same time that can be asked for: a scan is no test of how much a server can bear. */
export const maxConnectionsAtOnce = 16;

/** Connections to one target in a second that can be asked for; without a number there are as many as come. */
export const maxRate = 1000;

/** How often a connection can be tried again: the pauses double, and the last of ten would be minutes. */
export const maxRetries = 10;

/** Seconds that a server can be waited for in silence. */
export const maxTimeout = 300;

/** Columns of a line of the report: with fewer its tables don't fit, and longer ones are hard to read. */
export const leastColumns = 60;
export const mostColumns = 100;
