import { CryptoError, Driver, isWaitable, run, runSync, type Steps, type Waitable, wait } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";

/** Something whose answer is given when the test says so. */
function later<T>() {
  let done: (value: T) => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const waitable: Waitable<T> = {
    then: (onDone, onFailed) => {
      done = onDone;
      failed = onFailed;
    },
  };
  return { waitable, answer: (value: T) => done(value), fail: (error: unknown) => failed(error) };
}

/** Answers in the very call. */
function atOnce<T>(value: T): Waitable<T> {
  return { then: (done) => done(value) };
}

/** What a driver told, in order. */
function observed<T>(steps: Steps<T>) {
  const told: string[] = [];
  const driver = new Driver(steps, {
    done: (value) => told.push(`done ${value}`),
    failed: (error) => told.push(`failed ${error instanceof Error ? error.message : error}`),
    resumed: () => told.push("resumed"),
    settled: () => told.push("settled"),
  });
  return { driver, told };
}

describe("what may be waited for", () => {
  test.each([
    ["a promise", Promise.resolve(1), true],
    ["an object with a then method", atOnce(1), true],
    ["a number", 1, false],
    ["null", null, false],
    ["nothing", undefined, false],
    ["a text", "then", false],
    ["bytes", new Uint8Array(1), false],
    ["an object whose then is no method", { then: 1 }, false],
  ])("%s", (_what, value, expected) => {
    expect(isWaitable<unknown>(value)).toBe(expected);
  });
});

describe("run", () => {
  test("answers at once when nothing has to wait", () => {
    function* sum(): Steps<number> {
      return (yield* wait(1)) + (yield* wait(2));
    }
    expect(run(sum())).toBe(3);
  });

  test("answers with a promise when something has to", async () => {
    function* sum(): Steps<number> {
      return (yield* wait(Promise.resolve(1))) + (yield* wait(2));
    }
    const answer = run(sum());
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(3);
  });

  test("throws what steps throw before they waited, and rejects with what they throw later", async () => {
    function* failing(first: number | Promise<number>): Steps<number> {
      const value = yield* wait(first);
      throw new RangeError(`no ${value}`);
    }
    expect(() => run(failing(1))).toThrow("no 1");
    await expect(run(failing(Promise.resolve(2)))).rejects.toThrow("no 2");
  });

  test("steps can catch what they waited for", async () => {
    function* tolerant(): Steps<string> {
      try {
        return yield* wait<string>(Promise.reject(new RangeError("remote")));
      } catch (error) {
        return error instanceof RangeError ? "caught" : "?";
      }
    }
    expect(await run(tolerant())).toBe("caught");
  });
});

describe("runSync", () => {
  test("refuses to wait", () => {
    function* slow(): Steps<number> {
      return yield* wait(Promise.resolve(1));
    }
    expect(() => runSync(slow())).toThrow(expect.objectContaining({ code: "would_wait" }));
    expect(() => runSync(slow())).toThrow(CryptoError);
  });

  test("whatever becomes of what it did not wait for, nothing is left unhandled", async () => {
    function* slow(): Steps<number> {
      return yield* wait<number>(Promise.reject(new RangeError("late")));
    }
    expect(() => runSync(slow())).toThrow(CryptoError);
    await new Promise((resolve) => setTimeout(resolve, 0)); // an unhandled rejection would fail the run
  });
});

describe("a driver", () => {
  test("tells when its steps run and when they don't", () => {
    const answer = later<number>();
    function* steps(): Steps<number> {
      return (yield* wait(answer.waitable)) * 2;
    }
    const { driver, told } = observed(steps());
    driver.start();
    expect(told).toEqual(["resumed", "settled"]);
    expect(driver.finished).toBe(false);
    answer.answer(21);
    expect(told).toEqual(["resumed", "settled", "resumed", "done 42", "settled"]);
    expect(driver.finished).toBe(true);
  });

  test("needs no stack for answers that are there at once", () => {
    function* many(): Steps<number> {
      let sum = 0;
      for (let i = 0; i < 100_000; i += 1) sum += yield* wait(atOnce(1));
      return sum;
    }
    expect(run(many())).toBe(100_000);
  });

  test("takes an answer that comes in while a step runs when the step has suspended", () => {
    const [first, second] = [later<number>(), later<number>()];
    const order: string[] = [];
    function* steps(): Steps<void> {
      order.push(`first ${yield* wait(first.waitable)}`);
      order.push(
        `second ${yield* wait({
          then: (done: (value: number) => void) => {
            done(2); // in the very call
            order.push("asked");
          },
        })}`,
      );
      order.push(`third ${yield* wait(second.waitable)}`);
    }
    const { driver, told } = observed(steps());
    driver.start();
    first.answer(1);
    second.answer(3);
    expect(order).toEqual(["first 1", "asked", "second 2", "third 3"]);
    expect(told.filter((word) => word.startsWith("done"))).toHaveLength(1);
  });

  test("takes only the first of several answers", () => {
    const answer = later<number>();
    const { driver, told } = observed(
      (function* (): Steps<number> {
        return yield* wait(answer.waitable);
      })(),
    );
    driver.start();
    answer.answer(1);
    answer.answer(2);
    answer.fail(new RangeError("too late"));
    expect(told).toEqual(["resumed", "settled", "resumed", "done 1", "settled"]);
  });

  test("that is stopped resumes nothing", () => {
    const answer = later<number>();
    const { driver, told } = observed(
      (function* (): Steps<number> {
        return yield* wait(answer.waitable);
      })(),
    );
    driver.start();
    driver.stop();
    answer.answer(1);
    expect(told).toEqual(["resumed", "settled"]);
    expect(driver.finished).toBe(true);
  });

  test("gives its steps the failure of something that can't even be asked", () => {
    const broken: Waitable<number> = {
      then: () => {
        throw new RangeError("no such thing");
      },
    };
    const { driver, told } = observed(
      (function* (): Steps<number> {
        return yield* wait(broken);
      })(),
    );
    driver.start();
    expect(told).toEqual(["resumed", "failed no such thing", "settled"]);
  });

  test("stopped by its own steps tells no outcome", () => {
    let stop = (): void => undefined;
    function* steps(): Steps<number> {
      stop();
      return yield* wait(atOnce(1));
    }
    const { driver, told } = observed(steps());
    stop = () => driver.stop();
    driver.start();
    expect(told).toEqual(["resumed", "settled"]);
  });
});
