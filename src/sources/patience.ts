/**
 * A time limit on part of a question, so that one silent peer does not cost a source its whole
 * deadline, and with it all that others have answered.
 */

/**
 * @param ms none left is as good as passed
 * @returns what the task comes to; null when it takes longer, and then its signal aborts
 * @throws the signal's reason, and what the task throws
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  signal.throwIfAborted();
  if (ms <= 0) return null;
  return new Promise((resolve, reject) => {
    const part = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
    const cancel = (): void => {
      end();
      part.abort(signal.reason);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve(null);
      part.abort(new DOMException('This part took too long.', 'TimeoutError'));
    }, ms);
    signal.addEventListener('abort', cancel, { once: true });
    task(part.signal).then(
      (value) => {
        end();
        resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
