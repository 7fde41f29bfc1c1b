import { type Register, withAdvice } from "../register.ts";
import { appendices } from "./appendices.ts";
import { handshake } from "./handshake.ts";
import { records } from "./records.ts";

const contents: readonly string[] = [
  "1 1.1 1.2",
  "2",
  "3",
  "4 4.1 4.2 4.3 4.4 4.5 4.6 4.6.1 4.7 4.8",
  "5",
  "6 6.1 6.2 6.2.1 6.2.2 6.2.3 6.2.3.1 6.2.3.2 6.2.3.3 6.3",
  "7 7.1 7.2 7.2.1 7.2.2 7.3 7.4 7.4.1 7.4.1.1 7.4.1.2 7.4.1.3 7.4.1.4 7.4.1.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.4.6 7.4.7 7.4.7.1 7.4.7.2 7.4.8 7.4.9",
  "8 8.1 8.1.1 8.1.2",
  "9",
  "10",
  "11",
  "12",
  "A A.1 A.2 A.3 A.4 A.4.1 A.4.2 A.4.3 A.4.4 A.5 A.6 A.7",
  "B",
  "C",
  "D D.1 D.2 D.3 D.4",
  "E E.1 E.2 E.3",
  "F F.1 F.1.1 F.1.1.1 F.1.1.2 F.1.1.3 F.1.2 F.1.3 F.1.4 F.2 F.3 F.4 F.5 F.6",
].flatMap((chapter) => chapter.split(" "));

/** TLS 1.2. */
export const rfc5246: Register = {
  rfc: 5246,
  title: "TLS 1.2",
  extent: "sections 2 to 9 and the appendices",
  counted: withAdvice,
  keyWords: 157,
  sections: [...records, ...handshake, ...appendices],
  contents,
};
