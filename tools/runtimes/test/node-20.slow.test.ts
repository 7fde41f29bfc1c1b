import { node20 } from "../src/runtimes/node.ts";
import { describeRuntime } from "./helpers/describe-runtime.ts";

describeRuntime(node20);
