/** A WebSocket in the test's hand; stub it as the global one. */
export class TestSocket {
  static last: TestSocket;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason?: string }) => void) | null = null;

  constructor(readonly address: string) {
    TestSocket.last = this;
  }

  receive(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  close() {}
}
