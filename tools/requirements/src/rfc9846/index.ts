import { demands, type Register } from "../register.ts";
import { compliance } from "./compliance.ts";
import { extensions } from "./extensions.ts";
import { messages } from "./messages.ts";
import { negotiation } from "./negotiation.ts";
import { records } from "./records.ts";

const contents: readonly string[] = [
  "1 1.1 1.2 1.3 1.4",
  "2 2.1 2.2 2.3",
  "3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8",
  "4 4.1 4.2 4.2.1 4.2.2 4.2.3 4.2.4 4.3 4.3.1 4.3.2 4.3.3 4.3.4 4.3.5 4.3.6 4.3.7 4.3.8 4.3.8.1 4.3.8.2 4.3.9 4.3.10 4.3.11 4.3.11.1 4.3.11.2 4.3.11.3 4.4 4.4.1 4.4.2 4.5 4.5.1 4.5.1.1 4.5.1.2 4.5.1.3 4.5.2 4.5.3 4.6 4.7 4.7.1 4.7.2 4.7.3",
  "5 5.1 5.2 5.3 5.4 5.5",
  "6 6.1 6.2",
  "7 7.1 7.2 7.3 7.4 7.4.1 7.4.2 7.5",
  "8 8.1 8.2 8.3",
  "9 9.1 9.2 9.3",
  "10",
  "11 11.1",
  "A A.1 A.2",
  "B B.1 B.2 B.3 B.3.1 B.3.1.1 B.3.1.2 B.3.1.3 B.3.1.4 B.3.2 B.3.3 B.3.4 B.3.5 B.4",
  "C C.1 C.2 C.3 C.4 C.5",
  "D",
  "E E.1 E.2 E.3 E.4 E.5",
  "F F.1 F.1.1 F.1.2 F.1.3 F.1.4 F.1.5 F.1.6 F.2 F.2.1 F.3 F.4 F.5 F.5.1 F.6 F.7 F.8 F.9 F.10",
].flatMap((chapter) => chapter.split(" "));

/** TLS 1.3. */
export const rfc9846: Register = {
  rfc: 9846,
  title: "TLS 1.3",
  extent: "sections 3 to 9",
  counted: demands,
  keyWords: 320,
  sections: [...negotiation, ...extensions, ...messages, ...records, ...compliance],
  contents,
};
