// Answers requests under /control. JSON in, JSON out; a refusal is a sentence.
import type { IncomingMessage, ServerResponse } from "node:http";
import { PathTable } from "../path-table.ts";
import type { ControlAnswer, ControlContext, ControlHandler } from "./context.ts";
import { ControlRefusal } from "./context.ts";
import { CONTROL_ROUTES } from "./routes.ts";

export class ControlDoor {
  readonly #context: ControlContext;
  readonly #routes = new PathTable<ControlHandler>();

  constructor(context: ControlContext) {
    this.#context = context;
    for (const { method, path, handler } of CONTROL_ROUTES) {
      this.#routes.add(method, path, handler);
    }
    this.#routes.add("GET", "/control", () => ({
      status: 200,
      body: CONTROL_ROUTES.map(({ method, path, says }) => ({ method, path, says })),
    }));
  }

  receive(request: IncomingMessage, body: string, response: ServerResponse): void {
    const answer = this.#answer(request, body);
    this.#context.exchange.whenWritten(() => {
      const text = JSON.stringify(answer.body);
      response.writeHead(answer.status, { "content-type": "application/json; charset=UTF-8" });
      response.end(text);
    });
  }

  #answer(request: IncomingMessage, body: string): ControlAnswer {
    const [path = "", search = ""] = (request.url ?? "").split("?", 2);
    const found = this.#routes.find(request.method ?? "GET", path);
    if (found === null) return refusal(404, `There is no ${request.method} ${path}.`);
    try {
      return found.value(this.#context, {
        params: found.params,
        query: new URLSearchParams(search),
        body: body === "" ? null : parse(body),
        now: this.#context.exchange.clock.now(),
      });
    } catch (error: unknown) {
      if (error instanceof ControlRefusal) return refusal(error.status, error.message);
      this.#context.exchange.mishaps.note(`${request.method} ${path}`, error);
      return refusal(500, "The exchange failed at this request; its log says how.");
    }
  }
}

function refusal(status: number, message: string): ControlAnswer {
  return { status, body: { error: message } };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ControlRefusal(400, "The body is not JSON.");
  }
}
