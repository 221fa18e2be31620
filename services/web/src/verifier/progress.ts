/**
 * How far a verification has come: `reading` the input, `ballots` judged of all, partial
 * decryptions (`opening`) judged of all, `checks` made of all.
 */
export type Phase = 'reading' | 'ballots' | 'opening' | 'checks';

/** Called with how much of a phase's work is done. */
export type OnProgress = (done: number, total: number, phase: Phase) => void;

/** The callback with its phase filled in. */
export function progressOf(
  onProgress: OnProgress,
  phase: Phase,
): (done: number, total: number) => void {
  return (done, total) => onProgress(done, total, phase);
}
