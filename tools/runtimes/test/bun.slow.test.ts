import { bun } from "../src/runtimes/bun.ts";
import { describeRuntime } from "./helpers/describe-runtime.ts";

describeRuntime(bun);
