/**
 * Asks at once and then again and again, for what may change while somebody looks. An answer that comes after
 * the end is passed over.
 * @returns ends it
 */
export function askAgain<T>(
  everyMs: number,
  ask: () => Promise<T>,
  onAnswer: (answer: T) => void,
): () => void {
  let open = true;
  const look = async (): Promise<void> => {
    const answer = await ask();
    if (open) onAnswer(answer);
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  return () => {
    open = false;
    clearInterval(timer);
  };
}
