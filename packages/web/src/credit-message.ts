/** What goes between the ends beside data, which goes by itself, as bytes. */
export type CreditMessage =
  /** Whoever gets this may send so many bytes more. To begin with it may send none. */
  | { readonly grant: number }
  /** No more data comes from whoever sends this. */
  | { readonly end: true }
  /** Whoever sends this has given the stream up: nothing comes or goes any more. */
  | { readonly reset: true };
