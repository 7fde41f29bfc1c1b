import { workerd } from "../src/runtimes/workerd.ts";
import { describeRuntime } from "./helpers/describe-runtime.ts";

describeRuntime(workerd);
