// GET /commands/:id: what became of a cancel, a close, a stop.
import { commandAnswer } from "../answers/signal.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, requireId } from "./base.ts";
import { commandView } from "./command-reply.ts";
import { isVisible } from "./scope.ts";

export const getCommand = route({
  method: "GET",
  path: `${BASE}/commands/:id`,
  operation: "getCommand",
  tag: "commands",
  summary: "What became of a command",
  access: "viewer",
  params: idParams,
  answers: { 200: { description: "The command and its outcome.", schema: commandAnswer } },
  async handle({ api, sender, params }) {
    const id = requireId(params.id, "command");
    const row = await api.queries.command(id);
    if (row === null || !isVisible(api, sender, row.account)) throw notFound("command", id);
    return answer(200, commandView(row));
  },
});
