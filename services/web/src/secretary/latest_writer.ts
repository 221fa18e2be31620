/** Changes that come faster than the service answers: one request at a time, the last one wins. */

/**
 * Writes values one after the other. A value that comes while another is on its way waits, and one
 * that comes after it takes its place, so that nothing old is ever written over something new.
 */
export class LatestWriter<Value> {
  private waiting: { value: Value } | null = null;
  private isSending = false;

  constructor(
    private readonly send: (value: Value) => Promise<unknown>,
    /** Called when nothing waits any more; `error` is of the last request, null if it went well. */
    private readonly onSettled: (error: unknown) => void,
  ) {}

  write(value: Value): void {
    this.waiting = { value };
    if (!this.isSending) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    let error: unknown = null;
    while (this.waiting !== null) {
      const { value } = this.waiting;
      this.waiting = null;
      error = await this.send(value).then(
        () => null,
        (failure: unknown) => failure,
      );
    }
    this.isSending = false;
    this.onSettled(error);
  }
}
