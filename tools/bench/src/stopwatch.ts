/** Milliseconds since some moment. */
export type Clock = () => number;

/**
 * Milliseconds that this thread has worked: where it does everything, they are what the clock would show on a machine
 * that has nothing else to do.
 */
export const ownTime: Clock = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds that all threads of this process have worked. */
export const processTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** For what waits for others. */
export const wallTime: Clock = () => performance.now();

/** Runs something for about so many milliseconds and gives how often a second. The first turn of a contender is its warm-up. */
export async function perSecond(run: () => unknown, milliseconds: number, now: Clock = ownTime): Promise<number> {
  const start = now();
  let times = 0;
  let elapsed = 0;
  // The clock is asked seldom: it would be a part of what takes microseconds.
  let batch = 1;
  while (elapsed < milliseconds) {
    for (let i = 0; i < batch; i += 1) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    times += batch;
    elapsed = now() - start;
    if (elapsed < milliseconds / 20) batch *= 2;
  }
  return (times * 1000) / elapsed;
}
