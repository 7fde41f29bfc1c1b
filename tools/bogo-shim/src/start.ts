import { enableCompileCache } from "node:module";

// Started thousands of times, it is compiled once.
enableCompileCache();
await import("./main.ts");
