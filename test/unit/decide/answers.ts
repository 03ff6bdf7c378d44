// The answer to a command, and the two forms that it can have.
import type { CommandRequest } from "../../../src/domain/command.ts";
import { only } from "./scene.ts";
import type { Scene } from "./scene.ts";

export const answer = (scene: Scene, request: CommandRequest) =>
  only(scene.command(request), "CommandDecided").outcome;
export const done = (code: string, message: string, orderIds: readonly string[] = []) => ({
  result: "done",
  code,
  message,
  orderIds,
});
export const refused = (code: string, message: string, orderIds: readonly string[] = []) => ({
  ...done(code, message, orderIds),
  result: "refused",
});
