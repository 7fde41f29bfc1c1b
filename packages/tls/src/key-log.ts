type KeyLog = ((line: string) => void) | undefined;

/** A context's key log and a connection's own, where there are any. */
export function bothKeyLogs(ofContext: KeyLog, ofConnection: KeyLog): KeyLog {
  if (ofContext === undefined || ofConnection === undefined) return ofContext ?? ofConnection;
  return (line) => {
    ofContext(line);
    ofConnection(line);
  };
}
