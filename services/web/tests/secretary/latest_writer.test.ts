import { expect, it } from 'vitest';

import { LatestWriter } from '../../src/secretary/latest_writer.ts';

/** A service that answers when the test says so. */
function slowService() {
  const sent: string[] = [];
  const open: { done: () => void; fail: (error: Error) => void }[] = [];
  const send = (value: string) =>
    new Promise<void>((done, fail) => {
      sent.push(value);
      open.push({ done, fail });
    });
  const answer = async (error?: Error) => {
    const first = open.shift();
    if (error === undefined) first?.done();
    else first?.fail(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { sent, send, answer };
}

it('what comes while a request is open is written after it, the last one only', async () => {
  const service = slowService();
  const settled: unknown[] = [];
  const writer = new LatestWriter(service.send, (error) => settled.push(error));
  writer.write('consulted');
  writer.write('consulted, reason a');
  writer.write('consulted, reason ab');
  expect(service.sent).toEqual(['consulted']);
  await service.answer();
  expect(service.sent).toEqual(['consulted', 'consulted, reason ab']);
  expect(settled).toEqual([]);
  await service.answer();
  expect(settled).toEqual([null]);
});

it('a refusal is told, and the next value is sent all the same', async () => {
  const service = slowService();
  const settled: unknown[] = [];
  const writer = new LatestWriter(service.send, (error) => settled.push(error));
  const refusal = new Error('holds a ballot');
  writer.write('absent');
  await service.answer(refusal);
  writer.write('present');
  await service.answer();
  expect(service.sent).toEqual(['absent', 'present']);
  expect(settled).toEqual([refusal, null]);
});
