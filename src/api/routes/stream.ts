// GET /stream and GET /events: the log as it grows, and the same as pages.
import { z } from "zod";
import { cursorText, isAhead, parseCursor } from "../../app/feed-cursor.ts";
import { invalid } from "../../app/problem.ts";
import { publicLoggedEvent } from "../../app/public-event.ts";
import type { Sender } from "../../app/sender.ts";
import type { FeedCursor } from "../../ports/store.ts";
import type { Api } from "../context.ts";
import { eventAnswer } from "../answers/order.ts";
import { listAnswer } from "../http/answer.ts";
import { route } from "../route.ts";
import { TOPIC_OF, TOPICS, type Topic } from "../stream/topics.ts";
import { accountQuery, BASE, pageQuery } from "./base.ts";
import { accountOf, isVisible } from "./scope.ts";

const topicsQuery = z
  .string()
  .optional()
  .describe(`Some of ${TOPICS.join(", ")}, with commas; all when left out.`);
const afterQuery = z
  .string()
  .optional()
  .describe("The id of the last event seen; without it from now on (stream) or from the start.");

export const getStream = route({
  method: "GET",
  path: `${BASE}/stream`,
  operation: "stream",
  tag: "stream",
  summary: "Server-sent events",
  description:
    "Each event of the log has an id; a reader that comes back with it as `Last-Event-ID` misses nothing. `position` and `portfolio` values without an id are of the moment.",
  access: "viewer",
  query: z.strictObject({ ...accountQuery, topics: topicsQuery, after: afterQuery }),
  answers: {
    200: { description: "A stream.", schema: null, contentType: "text/event-stream" },
  },
  async handle({ api, sender, query, request, hangUp }) {
    const sees = sightOf(api, sender, query.account ?? null);
    const last = request.headers.get("last-event-id") ?? query.after ?? null;
    const after = last === null ? null : cursorOf(last);
    const wishes = {
      sees,
      topics: topicsOf(query.topics),
      isAllowedAt: (now: number) => api.authenticator.stillHolds(request, now),
    };
    const reader = await api.hub.subscribe(wishes, after, hangUp);
    // Its body is never read, and nobody would ever let go of it.
    if (request.method === "HEAD") reader.end();
    request.signal.addEventListener("abort", () => reader.end(), { once: true });
    return new Response(reader.body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-content-type-options": "nosniff",
        // Otherwise a proxy would collect events before it passes them on.
        "x-accel-buffering": "no",
      },
    });
  },
});

const eventList = z.strictObject({
  data: z.array(z.strictObject({ ...eventAnswer.shape, topic: z.enum(TOPICS) })),
  next_cursor: z.string().describe("Give it as `after`: also when there was nothing new."),
});

export const listEvents = route({
  method: "GET",
  path: `${BASE}/events`,
  operation: "listEvents",
  tag: "stream",
  summary: "The same events as pages, the oldest first",
  access: "viewer",
  query: z.strictObject({
    limit: pageQuery.limit,
    ...accountQuery,
    topics: topicsQuery,
    after: afterQuery,
  }),
  answers: { 200: { description: "A page.", schema: eventList } },
  async handle({ api, sender, query }) {
    const sees = sightOf(api, sender, query.account ?? null);
    const topics = topicsOf(query.topics);
    const after = query.after === undefined ? new Map<number, number>() : cursorOf(query.after);
    if (isAhead(after, await api.feed.head())) {
      throw invalid("after", "names events that are not there");
    }
    const events = await api.feed.read(after, query.limit);
    const place = new Map(after);
    for (const { partition, seq } of events) place.set(partition, seq);
    const shown = events.filter(
      (event) =>
        sees(event.accountId) && (topics === null || topics.has(TOPIC_OF[event.event.type])),
    );
    const data = shown.map((event) => ({
      ...publicLoggedEvent(event),
      topic: TOPIC_OF[event.event.type],
    }));
    return listAnswer(data, cursorText(place));
  },
});

/** What a reader may see, asked again for every event: an account may be made meanwhile. */
function sightOf(api: Api, sender: Sender, asked: string | null): (account: string) => boolean {
  if (asked === null) return (account) => isVisible(api, sender, account);
  const only = accountOf(api, sender, asked);
  return (account) => account === only;
}

function cursorOf(text: string): FeedCursor {
  const cursor = parseCursor(text);
  if (cursor === null) throw invalid("after", "is no id of an event of this stream");
  return cursor;
}

function topicsOf(text: string | undefined): ReadonlySet<Topic> | null {
  if (text === undefined) return null;
  const topics = text.split(",").map((word) => TOPICS.find((topic) => topic === word.trim()));
  if (topics.includes(undefined)) throw invalid("topics", `must be some of ${TOPICS.join(", ")}`);
  return new Set(topics.filter((topic) => topic !== undefined));
}
