import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ProblemError, UnreachableError } from '../../src/api/client.ts';
import { HallFeed, PAUSE_MS } from '../../src/hall/hall_feed.ts';
import type { HallView } from '../../src/hall/hall_view.ts';
import { hallView } from './hall_views.ts';

type Answer = HallView | Error | Promise<HallView>;

function feedOf(answers: Answer[]) {
  const asked = { times: 0 };
  const ask = async () => {
    const answer = answers[Math.min(asked.times, answers.length - 1)];
    asked.times += 1;
    if (answer === undefined) throw new Error('no answer prepared');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const feed = new HallFeed({ ask, now: () => new Date(Date.now()) });
  return { feed, asked };
}

const after = (pauses: number) => vi.advanceTimersByTimeAsync(pauses * PAUSE_MS);
const ended = new ProblemError(404, 'hall-link-ended', { vi: '', en: '' }, {});
const broken = new ProblemError(500, 'internal', { vi: '', en: '' }, {});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the hall feed', () => {
  it('asks again after each answer and shows the newest', async () => {
    const { feed, asked } = feedOf([hallView({ returned: 1 }), hallView({ returned: 2 })]);
    feed.start();
    await after(0);
    expect(feed.picture.value?.returned).toBe(1);
    expect(feed.contact.value).toBe('reached');
    await after(1);
    expect(feed.picture.value?.returned).toBe(2);
    expect(asked.times).toBe(2);
  });

  it('keeps the very same picture while nothing changes: nothing is drawn anew', async () => {
    const { feed } = feedOf([hallView(), hallView()]);
    feed.start();
    await after(0);
    const first = feed.picture.value;
    await after(1);
    expect(feed.picture.value).toBe(first);
  });

  it('keeps the last picture and its time when the network is lost, and recovers', async () => {
    const lost = new UnreachableError();
    const { feed } = feedOf([hallView({ returned: 7 }), lost, broken, hallView({ returned: 8 })]);
    feed.start();
    await after(0);
    const seenAt = feed.seenAt.value;
    await after(1);
    expect(feed.contact.value).toBe('reached'); // one lost question is no news
    await after(1);
    expect(feed.contact.value).toBe('lost');
    expect(feed.picture.value?.returned).toBe(7);
    expect(feed.seenAt.value).toEqual(seenAt);
    await after(1);
    expect(feed.contact.value).toBe('reached');
    expect(feed.picture.value?.returned).toBe(8);
  });

  it('says so at once when the first question has no answer', async () => {
    const { feed } = feedOf([new UnreachableError(), hallView()]);
    feed.start();
    await after(0);
    expect([feed.contact.value, feed.seenAt.value]).toEqual(['lost', null]);
    await after(1);
    expect(feed.contact.value).toBe('reached');
  });

  it('shows nothing and asks no more once the link is dead', async () => {
    const { feed, asked } = feedOf([hallView(), ended]);
    feed.start();
    await after(1);
    expect(feed.contact.value).toBe('ended');
    expect(feed.picture.value).toBeNull();
    feed.start();
    await after(5);
    expect(asked.times).toBe(2);
  });

  it('puts one question at a time, however often it is started', async () => {
    const waiting = new Promise<HallView>((resolve) => {
      setTimeout(() => resolve(hallView()), 10 * PAUSE_MS);
    });
    const { feed, asked } = feedOf([waiting, hallView()]);
    feed.start();
    feed.start();
    feed.start();
    await after(9);
    expect(asked.times).toBe(1);
    await after(2);
    expect(asked.times).toBe(2);
  });

  it('does nothing with an answer that comes after its end', async () => {
    const { feed, asked } = feedOf([hallView()]);
    feed.start();
    feed.stop();
    await after(3);
    expect(feed.picture.value).toBeNull();
    expect(asked.times).toBe(1);
  });
});
